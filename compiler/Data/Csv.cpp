// Reads CSV by libcsv, which knows about quotes; numbers and the shape of the table are ours.
// Lines are handed over one by one, so that an error can name its line.
#include "Csv.h"

#include <charconv>
#include <csv.h>
#include <fmt/format.h>

namespace deq {

namespace {

class CsvReader {
public:
  explicit CsvReader(std::string &error) : error(error) {}
  ~CsvReader() {
    if (ready)
      csv_free(&parser);
  }

  std::optional<CsvTable> read(std::string_view bytes) {
    if (bytes.substr(0, 3) == "\xef\xbb\xbf") // byte order mark
      bytes.remove_prefix(3);
    ready = csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0;
    if (!ready)
      return std::nullopt;
    csv_set_delim(&parser, separator(bytes));
    while (!bytes.empty() && error.empty()) {
      std::size_t end = bytes.find('\n');
      end = end == std::string_view::npos ? bytes.size() : end + 1;
      feed(bytes.substr(0, end));
      bytes.remove_prefix(end);
    }
    if (error.empty() && csv_fini(&parser, onCell, onRow, this) != 0)
      fail("a quote is not closed");
    if (error.empty() && (table.columns.empty() || table.columns[0].empty()))
      error = "expected rows of numbers, got none";
    if (!error.empty())
      return std::nullopt;
    return std::move(table);
  }

private:
  /// Of the first line that is no comment.
  static unsigned char separator(std::string_view bytes) {
    while (!bytes.empty()) {
      std::string_view first = bytes.substr(0, bytes.find('\n'));
      bool content = first.find_first_not_of(" \t\r") != std::string_view::npos;
      if (content && first[0] != '#') {
        for (char c : {',', ';', '\t'})
          if (first.find(c) != std::string_view::npos)
            return static_cast<unsigned char>(c);
        break;
      }
      bytes.remove_prefix(std::min(first.size() + 1, bytes.size()));
    }
    return CSV_COMMA;
  }

  void feed(std::string_view text) {
    ++line;
    bool between = cells.empty() && !parser.pstate;
    if (between && text[0] == '#')
      return;
    if (csv_parse(&parser, text.data(), text.size(), onCell, onRow, this) != text.size())
      fail("a quote is out of place");
  }

  static void onCell(void *cell, std::size_t size, void *self) {
    static_cast<CsvReader *>(self)->cells.emplace_back(static_cast<const char *>(cell), size);
  }
  static void onRow(int, void *self) { static_cast<CsvReader *>(self)->endRow(); }

  void endRow() {
    std::vector<std::string> row = std::move(cells);
    cells.clear();
    if (!error.empty())
      return;
    if (table.columns.empty() && begin(row))
      return;
    if (row.size() != table.columns.size())
      return fail(fmt::format("expected {} cells, got {}", table.columns.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      auto value = number(row[i]);
      if (!value)
        return fail(fmt::format("expected a number in column '{}', got '{}'", table.names[i],
                                row[i].substr(0, 40)));
      table.columns[i].push_back(*value);
    }
  }

  /// The first row; true if it is a header.
  bool begin(const std::vector<std::string> &row) {
    table.columns.resize(row.size());
    bool header = false;
    for (const std::string &cell : row)
      header |= !number(cell);
    for (std::size_t i = 0; i < row.size(); ++i)
      table.names.push_back(header ? row[i] : fmt::format("{}", i));
    return header;
  }

  static std::optional<double> number(std::string_view cell) {
    while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t'))
      cell.remove_prefix(1);
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t'))
      cell.remove_suffix(1);
    if (cell.size() > 1 && cell.front() == '+' && cell[1] != '-')
      cell.remove_prefix(1);
    double value = 0;
    auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (code != std::errc() || end != cell.data() + cell.size())
      return std::nullopt;
    return value;
  }

  void fail(const std::string &why) {
    if (error.empty())
      error = fmt::format("line {}: {}", line, why);
  }

  std::string &error;
  csv_parser parser;
  bool ready = false;
  int line = 0;
  std::vector<std::string> cells;
  CsvTable table;
};

} // namespace

std::optional<CsvTable> readCsv(std::string_view bytes, std::string &error) {
  error.clear();
  return CsvReader(error).read(bytes);
}

} // namespace deq
