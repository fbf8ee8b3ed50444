// One row per extension; the message about an unknown one is made from the rows.
// Tables and arrays are converted into each other here, so that the readers need not know both.
#include "ReadData.h"
#include "Json.h"
#include "Npy.h"
#include "Text.h"

#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

namespace deq {

namespace {

std::optional<NumberArray> arrayFromCsv(std::string_view bytes, std::string &error) {
  std::optional<CsvTable> table = readCsv(bytes, error);
  if (!table)
    return std::nullopt;
  std::size_t rows = table->columns[0].size(), width = table->columns.size();
  NumberArray result{{static_cast<std::int64_t>(rows)}, {}};
  if (width > 1)
    result.shape.push_back(static_cast<std::int64_t>(width));
  result.data.reserve(rows * width);
  for (std::size_t row = 0; row < rows; ++row)
    for (const std::vector<double> &column : table->columns)
      result.data.push_back(column[row]);
  return result;
}

std::optional<CsvTable> columnsFromNpy(std::string_view bytes, std::string &error) {
  std::optional<NumberArray> array = readNpy(bytes, error);
  if (!array)
    return std::nullopt;
  std::size_t rank = array->shape.size();
  if (rank != 1 && rank != 2) {
    error = fmt::format("expected an array of rank 1 or 2 for columns, got shape [{}]",
                        fmt::join(array->shape, ", "));
    return std::nullopt;
  }
  std::size_t width = rank == 2 ? static_cast<std::size_t>(array->shape[1]) : 1;
  CsvTable table;
  table.columns.resize(width);
  for (std::size_t i = 0; i < width; ++i)
    table.names.push_back(std::to_string(i));
  for (std::size_t i = 0; i < array->data.size(); ++i)
    table.columns[i % width].push_back(array->data[i]);
  return table;
}

template <typename Result> struct Format {
  std::string_view extension;
  std::optional<Result> (*read)(std::string_view bytes, std::string &error);
};

constexpr Format<NumberArray> arrayFormats[] = {
    {".npy", readNpy}, {".csv", arrayFromCsv}, {".json", readJsonArray}};
constexpr Format<CsvTable> columnFormats[] = {{".csv", readCsv}, {".npy", columnsFromNpy}};

template <typename Result, std::size_t N>
std::optional<Result> dispatch(const Format<Result> (&formats)[N], std::string_view path,
                               std::string_view bytes, std::string &error) {
  std::string extension = std::filesystem::path(path).extension().string();
  for (char &c : extension)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::vector<std::string_view> known;
  for (const Format<Result> &format : formats) {
    if (format.extension == extension)
      return format.read(bytes, error);
    known.push_back(format.extension);
  }
  error = fmt::format("expected a file that ends in {}, got {}", fmt::join(known, ", "),
                      excerpt(path, maxPathExcerpt));
  return std::nullopt;
}

} // namespace

std::optional<NumberArray> readArray(std::string_view path, std::string_view bytes,
                                     std::string &error) {
  return dispatch(arrayFormats, path, bytes, error);
}

std::optional<CsvTable> readColumns(std::string_view path, std::string_view bytes,
                                    std::string &error) {
  return dispatch(columnFormats, path, bytes, error);
}

} // namespace deq
