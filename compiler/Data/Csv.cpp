// Feeds libcsv line by line.
// libcsv counts no lines and knows no comments; a line is a comment only where no quoted cell is
// open, which its callback for the end of a row tells.
#include "Csv.h"
#include "Text.h"

#include <algorithm>
#include <csv.h>
#include <fmt/format.h>
#include <map>

namespace deq {

namespace {

class CsvReader {
public:
  explicit CsvReader(std::string &error) : error(error) { error.clear(); }
  ~CsvReader() { csv_free(&parser); }
  CsvReader(const CsvReader &) = delete;
  CsvReader &operator=(const CsvReader &) = delete;
  std::optional<CsvTable> read(std::string_view bytes);

private:
  void feed(std::string_view text);
  void finish();
  void endRow();
  void takeHeader();
  void takeRow();
  bool fail(std::string text);
  bool failAt(std::size_t column, const std::string &text);

  csv_parser parser{};
  std::string &error; ///< the first one; reading stops at it
  CsvTable table;
  std::vector<std::string> cells; ///< of the row that is open
  std::size_t line = 0;           ///< 1-based, of the text fed last
  std::size_t rowLine = 0;        ///< where the open row began
  bool rowOpen = false;           ///< a quoted cell goes on in the next line
  bool started = false;           ///< the separator is known
};

/// The separator that the first row uses outside of quotes.
unsigned char separatorOf(std::string_view row) {
  bool quoted = false, semicolon = false, tab = false;
  for (char c : row) {
    quoted ^= c == '"';
    if (c == ',' && !quoted)
      return ',';
    semicolon |= c == ';' && !quoted;
    tab |= c == '\t' && !quoted;
  }
  return semicolon ? ';' : tab ? '\t' : ',';
}

/// Takes the first line of `rest`, with its end.
std::string_view nextLine(std::string_view &rest) {
  std::size_t end = rest.find_first_of("\r\n");
  std::size_t length = end == std::string_view::npos          ? rest.size()
                       : rest.substr(end).starts_with("\r\n") ? end + 2
                                                              : end + 1;
  std::string_view result = rest.substr(0, length);
  rest.remove_prefix(length);
  return result;
}

} // namespace

bool CsvReader::fail(std::string text) {
  if (error.empty())
    error = std::move(text);
  return false;
}

/// `column` counts from 0, messages count from 1 and add the name.
bool CsvReader::failAt(std::size_t column, const std::string &text) {
  std::string name =
      column < table.names.size() ? fmt::format(" ({})", excerpt(table.names[column])) : "";
  return fail(fmt::format("line {}, column {}{}: {}", rowLine, column + 1, name, text));
}

void CsvReader::takeHeader() {
  std::map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = trimmed(cells[i]);
    if (cells[i].empty())
      failAt(i, "expected a name, got an empty cell");
    auto [first, fresh] = seen.try_emplace(cells[i], i);
    if (!fresh)
      failAt(i, fmt::format("{} is the name of column {} already", excerpt(cells[i]),
                            first->second + 1));
  }
  table.columns.resize(cells.size());
  table.names = std::move(cells);
}

void CsvReader::takeRow() {
  if (cells.size() != table.columns.size()) {
    fail(fmt::format("line {}, column {}: expected {} cells in the row, got {}", rowLine,
                     std::min(cells.size(), table.columns.size()) + 1, table.columns.size(),
                     cells.size()));
    return;
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string problem;
    if (std::optional<double> value = parseNumber(cells[i], problem))
      table.columns[i].push_back(*value);
    else
      failAt(i, problem);
  }
}

void CsvReader::endRow() {
  rowOpen = false;
  if (cells.empty() || !error.empty())
    return; // a blank line
  if (table.columns.empty()) {
    bool numbers = true;
    std::string ignored;
    for (const std::string &cell : cells)
      numbers &= parseNumber(cell, ignored).has_value();
    if (!numbers) {
      takeHeader();
      cells.clear();
      return;
    }
    for (std::size_t i = 0; i < cells.size(); ++i)
      table.names.push_back(std::to_string(i));
    table.columns.resize(cells.size());
  }
  takeRow();
  cells.clear();
}

void CsvReader::feed(std::string_view text) {
  rowOpen = true;
  std::size_t taken = csv_parse(
      &parser, text.data(), text.size(),
      [](void *cell, std::size_t size, void *self) {
        static_cast<CsvReader *>(self)->cells.emplace_back(static_cast<char *>(cell), size);
      },
      [](int, void *self) { static_cast<CsvReader *>(self)->endRow(); }, this);
  if (taken == text.size())
    return;
  rowLine = line;
  if (csv_error(&parser) == CSV_EPARSE)
    failAt(cells.size(), "expected quotes around the whole cell, and doubled within it");
  else
    failAt(cells.size(), "out of memory");
}

/// Ends a last row without a line end.
void CsvReader::finish() {
  int status = csv_fini(
      &parser,
      [](void *cell, std::size_t size, void *self) {
        static_cast<CsvReader *>(self)->cells.emplace_back(static_cast<char *>(cell), size);
      },
      [](int, void *self) { static_cast<CsvReader *>(self)->endRow(); }, this);
  if (status != 0)
    failAt(cells.size(), "expected a closing quote before the end of the file");
}

std::optional<CsvTable> CsvReader::read(std::string_view bytes) {
  constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";
  if (bytes.starts_with(byteOrderMark))
    bytes.remove_prefix(byteOrderMark.size());
  // Every unquoted line end is reported, so that a blank line closes what it opened.
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) {
    fail("out of memory");
    return std::nullopt;
  }
  while (!bytes.empty() && error.empty()) {
    std::string_view text = nextLine(bytes);
    ++line;
    if (!rowOpen) {
      if (text[0] == '#')
        continue;
      rowLine = line;
      if (!started && text.find_first_not_of(" \t\r\n") != std::string_view::npos) {
        csv_set_delim(&parser, separatorOf(text));
        started = true;
      }
    }
    feed(text);
  }
  if (error.empty())
    finish();
  if (error.empty() && (table.columns.empty() || table.columns[0].empty()))
    fail("expected at least one row of numbers, got none");
  if (!error.empty())
    return std::nullopt;
  return std::move(table);
}

std::optional<CsvTable> readCsv(std::string_view bytes, std::string &error) {
  return CsvReader(error).read(bytes);
}

} // namespace deq
