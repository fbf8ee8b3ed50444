// Tables of numbers as comma-separated values.
// libcsv reads the rows (RFC 4180: quotes, line ends); what a header is and which cells are numbers
// is decided here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deq {

struct CsvTable {
  std::vector<std::string> names;           ///< of the columns, no two equal
  std::vector<std::vector<double>> columns; ///< all of the same length, at least 1
};

/// The first row is a header unless all of its cells are numbers; then the names are "0", "1", ...
/// Cells are separated by commas, or by semicolons or tabs if the first row has no comma. Blank
/// lines, and lines that begin with #, are skipped. Errors name line and column: rows of unequal
/// length, cells that are empty or no numbers, names given twice.
std::optional<CsvTable> readCsv(std::string_view bytes, std::string &error);

} // namespace deq
