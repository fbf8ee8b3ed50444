// Columns and options of a table.
// All that can be wrong with the data is found here, before a kernel divides by a difference of
// times.
#include "LoadTable.h"
#include "Names.h"

#include <cmath>
#include <fmt/format.h>

namespace deq {

bool isTable(const Expr &expression) {
  return expression.form == Form::call && expression.name == "table";
}

namespace {

class TableLoader {
public:
  TableLoader(const Expr &call, const std::string &prefix, DataFiles &files,
              Diagnostics &diagnostics)
      : call(call), prefix(prefix), files(files), diagnostics(diagnostics) {}

  std::optional<TableValue> run() {
    if (call.parts.empty() || call.parts[0]->form != Form::string || !call.labels[0].text.empty())
      return fail(Id::misplaced_file, call.at,
                  "expected the name of a file in quotes, as in table(\"wind.csv\", ..)");
    readOptions();
    path = call.parts[0]->name;
    at = call.parts[0]->at;
    table = good ? files.columns(path, at, prefix) : nullptr;
    if (!table)
      return std::nullopt;
    int time = timeColumn(), value = time < 0 ? -1 : valueColumn(time);
    if (value < 0)
      return std::nullopt;
    result.times = table->columns[time];
    result.values = table->columns[value];
    return checkRows(table->names[value]);
  }

private:
  std::nullopt_t fail(Id id, Position place, const std::string &text) {
    diagnostics.report(id, place, prefix + text);
    good = false;
    return std::nullopt;
  }

  void readOptions() {
    for (std::size_t i = 1; i < call.parts.size(); ++i) {
      const Link &label = call.labels[i];
      const Expr &value = *call.parts[i];
      if (label.text.empty())
        fail(Id::argument_count, value.at, "expected 1 argument of 'table', got more");
      else if (options.count(label.text))
        fail(Id::given_twice, label.at, fmt::format("'{}' is given twice", label.text));
      else
        readOption(label, value);
      options[label.text] = &value;
    }
  }

  void readOption(const Link &label, const Expr &value) {
    const std::string &name = label.text;
    auto choose = [&](const char *first, const char *second) {
      if (value.form != Form::name || (value.name != first && value.name != second))
        fail(Id::expected_word, value.at, fmt::format("expected '{}' or '{}'", first, second));
      return value.name == first;
    };
    if (name == "interpolation")
      result.degree = choose("linear", "cubic") ? 1 : 3;
    else if (name == "jumps")
      result.jumps = choose("true", "false");
    else if (name != "column" && name != "time")
      fail(Id::unknown_option, label.at,
           fmt::format("'table' has no option '{}'{}", name,
                       suggestion(name, {"column", "time", "interpolation", "jumps"})));
    else if (value.form != Form::string)
      fail(Id::expected_word, value.at, "expected the name of a column in quotes");
  }

  int find(const std::string &name) const {
    for (std::size_t i = 0; i < table->names.size(); ++i)
      if (table->names[i] == name)
        return static_cast<int>(i);
    return -1;
  }

  /// The column that an option names; -1 after an error.
  int named(const char *option) {
    const Expr &word = *options[option];
    int column = find(word.name);
    if (column < 0)
      fail(Id::unknown_column, word.at,
           fmt::format("'{}' has no column '{}'{}", path, word.name, suggestions(word.name)));
    return column;
  }

  std::string suggestions(const std::string &word) const {
    std::string near = suggestion(word, table->names);
    if (!near.empty() || table->names.size() > 10)
      return near;
    std::string list;
    for (const std::string &name : table->names)
      list += fmt::format("{}'{}'", list.empty() ? "; it has " : ", ", name);
    return list;
  }

  int timeColumn() {
    if (options.count("time"))
      return named("time");
    for (const char *usual : {"t", "time"})
      if (int column = find(usual); column >= 0)
        return column;
    return 0;
  }

  int valueColumn(int time) {
    if (options.count("column"))
      return named("column");
    if (table->names.size() == 2)
      return 1 - time;
    fail(Id::unknown_column, call.at,
         fmt::format("expected 'column = ..', since '{}' has {} columns{}", path,
                     table->names.size(), suggestions("")));
    return -1;
  }

  std::optional<TableValue> checkRows(const std::string &name) {
    const std::vector<double> &times = result.times;
    if (times.size() < 2)
      return fail(Id::table_times, at,
                  fmt::format("expected at least 2 rows in '{}', got {}", path, times.size()));
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (!std::isfinite(times[i]) || !std::isfinite(result.values[i]))
        return fail(Id::not_finite, at,
                    fmt::format("expected finite numbers in '{}', got {} and {} in row {}", path,
                                times[i], result.values[i], i + 1));
      if (i > 0 && !(times[i] > times[i - 1]))
        return fail(Id::table_times, at,
                    fmt::format("expected increasing times in '{}', got {} after {} in row {}",
                                path, times[i], times[i - 1], i + 1));
    }
    constexpr std::size_t maxRows = 200000; // a row of a cubic is five scalars
    if (times.size() > maxRows)
      return fail(
          Id::array_too_large, at,
          fmt::format("expected at most {} rows for '{}', got {}", maxRows, name, times.size()));
    return std::move(result);
  }

  const Expr &call;
  const std::string &prefix;
  DataFiles &files;
  Diagnostics &diagnostics;
  std::map<std::string, const Expr *> options;
  std::string path;
  Position at;
  const CsvTable *table = nullptr;
  TableValue result;
  bool good = true;
};

} // namespace

std::optional<TableValue> loadTable(const Expr &call, const std::string &prefix, DataFiles &files,
                                    Diagnostics &diagnostics) {
  return TableLoader(call, prefix, files, diagnostics).run();
}

} // namespace deq
