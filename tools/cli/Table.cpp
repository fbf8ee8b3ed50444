// Writes the ends of a solution as a short table.
// What a person at a terminal wants to see of a thousand rows fits eight lines; all of them are in
// the other formats.
#include "Formats.h"

#include <fmt/format.h>

#include <algorithm>

namespace deq::cli {

static constexpr std::size_t maxRows = 8;
static constexpr std::size_t maxColumns = 6; ///< besides t: 80 characters
static constexpr std::size_t cellWidth = 11;

namespace {

class ShortTable {
public:
  ShortTable(const Rows &rows, Output &output)
      : rows(rows), output(output), names(columns(rows.leaves)),
        shown(std::min(names.size(), maxColumns)) {}
  void write();

private:
  void header();
  void row(std::size_t index);

  const Rows &rows;
  Output &output;
  std::vector<std::string> names;
  std::size_t shown; ///< columns besides t
};

} // namespace

void ShortTable::header() {
  std::string line = fmt::format("{:>{}}", "t", cellWidth);
  for (std::size_t i = 0; i < shown; ++i)
    line += fmt::format(" {:>{}}", names[i], cellWidth);
  if (shown < names.size())
    line += fmt::format("  and {} more", names.size() - shown);
  output.write(line + "\n");
}

void ShortTable::row(std::size_t index) {
  std::string line = fmt::format("{:>{}.5g}", rows.t[index], cellWidth);
  for (std::size_t i = 0; i < shown; ++i)
    line += fmt::format(" {:>{}.5g}", rows.y[index * names.size() + i], cellWidth);
  output.write(line + "\n");
}

void ShortTable::write() {
  std::size_t count = rows.t.size();
  std::size_t skipFrom = count, skipTo = count;
  if (count > maxRows) {
    skipFrom = maxRows / 2;
    skipTo = count - (maxRows - 1 - skipFrom);
  }
  header();
  for (std::size_t i = 0; i < skipFrom; ++i)
    row(i);
  if (skipFrom < skipTo)
    output.write(fmt::format("{:>{}}  {} rows more\n", "...", cellWidth, skipTo - skipFrom));
  for (std::size_t i = skipTo; i < count; ++i)
    row(i);
}

void writeTable(const Result &result, Output &output) { ShortTable(result.rows(), output).write(); }

} // namespace deq::cli
