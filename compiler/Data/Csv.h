// Tables of numbers in comma-separated values (RFC 4180).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deq {

/// Columns of equal length; at least one row and one column.
struct CsvTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;
};

/// The first row names the columns, unless all of it are numbers: then their names are "0", "1",
/// and so on. The separator is a comma, or else a semicolon or a tab that the first row has. Blank
/// lines and lines that begin with # are skipped. nullopt with `error` set: text where a number
/// belongs, ragged rows.
std::optional<CsvTable> readCsv(std::string_view bytes, std::string &error);

} // namespace deq
