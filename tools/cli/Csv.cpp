// Writes a solution as comma-separated values.
// Lines end in a newline alone, and no cell ever needs quotes: column names hold letters, digits
// and brackets.
#include "Formats.h"
#include "Number.h"

namespace deq::cli {

void writeCsv(const Result &result, Output &output) {
  const Rows &rows = result.rows();
  output.put('t');
  for (const std::string &column : columns(rows.leaves)) {
    output.put(',');
    output.write(column);
  }
  output.put('\n');

  NumberText number(result.signature().dtype);
  NumberText time = NumberText::ofTimes(result.signature().dtype);
  const double *value = rows.y.data();
  std::int64_t width = rows.width();
  for (double t : rows.t) {
    output.write(time(t));
    for (std::int64_t i = 0; i < width; ++i) {
      output.put(',');
      output.write(number(*value++));
    }
    output.put('\n');
  }
}

} // namespace deq::cli
