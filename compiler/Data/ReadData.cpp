// Chooses the reader of a data file.
// By its name, since none of the formats but .npy can be told by its content.
#include "ReadData.h"
#include "Json.h"
#include "Npy.h"

#include <filesystem>
#include <fmt/format.h>

namespace deq {

namespace {
NumberArray joined(const CsvTable &table) {
  std::size_t rows = table.columns[0].size(), columns = table.columns.size();
  NumberArray array;
  array.shape.push_back(static_cast<std::int64_t>(rows));
  if (columns > 1)
    array.shape.push_back(static_cast<std::int64_t>(columns));
  for (std::size_t row = 0; row < rows; ++row)
    for (const std::vector<double> &column : table.columns)
      array.data.push_back(column[row]);
  return array;
}

CsvTable split(const NumberArray &array) {
  auto columns = static_cast<std::size_t>(array.shape[1]);
  CsvTable table;
  table.columns.resize(columns);
  for (std::size_t i = 0; i < columns; ++i)
    table.names.push_back(fmt::format("{}", i));
  for (std::size_t i = 0; i < array.data.size(); ++i)
    table.columns[i % columns].push_back(array.data[i]);
  return table;
}
} // namespace

std::optional<NumberArray> readArray(const std::string &path, std::string_view bytes,
                                     std::string &error) {
  std::string extension = std::filesystem::path(path).extension().string();
  if (extension == ".npy")
    return readNpy(bytes, error);
  if (extension == ".json")
    return readJsonArray(bytes, error);
  if (extension == ".csv") {
    auto table = readCsv(bytes, error);
    return table ? std::optional(joined(*table)) : std::nullopt;
  }
  error = "expected a name that ends in .npy, .csv or .json";
  return std::nullopt;
}

std::optional<CsvTable> readColumns(const std::string &path, std::string_view bytes,
                                    std::string &error) {
  std::string extension = std::filesystem::path(path).extension().string();
  if (extension == ".csv")
    return readCsv(bytes, error);
  if (extension != ".npy") {
    error = "expected a name that ends in .csv or .npy";
    return std::nullopt;
  }
  auto array = readNpy(bytes, error);
  if (!array)
    return std::nullopt;
  if (array->shape.size() == 2)
    return split(*array);
  error = fmt::format("expected an array of two axes, got {}", array->shape.size());
  return std::nullopt;
}

} // namespace deq
