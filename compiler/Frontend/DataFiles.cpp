// Reads data files on behalf of a source.
// A file that failed once is reported at every place that names it, but read again only there.
#include "DataFiles.h"
#include "../Data/Json.h"
#include "../Data/ReadData.h"

#include <fmt/format.h>

namespace deq {

std::string DataFiles::resolve(const std::string &path, Position at) const {
  return at.line > 0 ? besides(diagnostics.file(at.file), path) : path;
}

std::optional<std::string> DataFiles::read(const std::string &path, Position at,
                                           const std::string &prefix) {
  std::string error = fmt::format("cannot read '{}': files cannot be read here", path);
  auto bytes = files ? files->read(resolve(path, at), error) : std::nullopt;
  if (!bytes)
    diagnostics.report(Id::unreadable_file, at, prefix + error);
  return bytes;
}

void DataFiles::failDamaged(const std::string &path, Position at, const std::string &prefix,
                            const std::string &error) {
  diagnostics.report(Id::damaged_file, at, fmt::format("{}in '{}': {}", prefix, path, error));
}

const NumberArray *DataFiles::array(const std::string &path, Position at,
                                    const std::string &prefix) {
  std::unique_ptr<NumberArray> &slot = arrays[resolve(path, at)];
  if (slot)
    return slot.get();
  auto bytes = read(path, at, prefix);
  if (!bytes)
    return nullptr;
  std::string error;
  if (auto result = readArray(path, *bytes, error))
    slot = std::make_unique<NumberArray>(std::move(*result));
  else
    failDamaged(path, at, prefix, error);
  return slot.get();
}

const CsvTable *DataFiles::columns(const std::string &path, Position at,
                                   const std::string &prefix) {
  std::unique_ptr<CsvTable> &slot = tables[resolve(path, at)];
  if (slot)
    return slot.get();
  auto bytes = read(path, at, prefix);
  if (!bytes)
    return nullptr;
  std::string error;
  if (auto result = readColumns(path, *bytes, error))
    slot = std::make_unique<CsvTable>(std::move(*result));
  else
    failDamaged(path, at, prefix, error);
  return slot.get();
}

std::optional<DataFiles::NamedValues> DataFiles::values(const std::string &path,
                                                        const std::string &prefix) {
  auto bytes = read(path, {}, prefix);
  if (!bytes)
    return std::nullopt;
  std::string error;
  bool json = path.size() >= 5 && path.compare(path.size() - 5, 5, ".json") == 0;
  if (json) {
    auto result = readJsonValues(*bytes, error);
    if (!result)
      failDamaged(path, {}, prefix, error);
    return result;
  }
  auto table = readColumns(path, *bytes, error);
  if (!table) {
    failDamaged(path, {}, prefix, error);
    return std::nullopt;
  }
  NamedValues result;
  for (std::size_t i = 0; i < table->names.size(); ++i) {
    std::vector<double> &column = table->columns[i];
    std::vector<std::int64_t> shape;
    if (column.size() > 1)
      shape.push_back(static_cast<std::int64_t>(column.size()));
    result.emplace_back(table->names[i], NumberArray{std::move(shape), std::move(column)});
  }
  return result;
}

} // namespace deq
