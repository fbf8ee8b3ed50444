// The data files that the values of a solve name, each read once.
// Apart from the readers in Data/, because here files have places in a source and errors a caret.
#pragma once

#include "../Data/Csv.h"
#include "../Data/Files.h"
#include "../Data/NumberArray.h"
#include "../Diagnostics.h"

#include <map>
#include <memory>
#include <optional>

namespace deq {

class DataFiles {
public:
  /// `files` null: nothing can be read.
  DataFiles(Files *files, Diagnostics &diagnostics) : files(files), diagnostics(diagnostics) {}

  /// The numbers of a file named at `at`; a path is relative to the source that names it, or to the
  /// working folder for the command line. Null after an error, which begins with `prefix`.
  const NumberArray *array(const std::string &path, Position at, const std::string &prefix);
  /// Its columns by name.
  const CsvTable *columns(const std::string &path, Position at, const std::string &prefix);
  /// Values by name: a JSON object, or a CSV file with a header, whose columns of one row are
  /// scalars.
  using NamedValues = std::vector<std::pair<std::string, NumberArray>>;
  std::optional<NamedValues> values(const std::string &path, const std::string &prefix);

private:
  std::optional<std::string> read(const std::string &path, Position at, const std::string &prefix);
  void failDamaged(const std::string &path, Position at, const std::string &prefix,
                   const std::string &error);
  std::string resolve(const std::string &path, Position at) const;

  Files *files;
  Diagnostics &diagnostics;
  std::map<std::string, std::unique_ptr<NumberArray>> arrays;
  std::map<std::string, std::unique_ptr<CsvTable>> tables;
};

} // namespace deq
