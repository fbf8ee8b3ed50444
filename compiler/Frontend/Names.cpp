// The tables of builtin functions, and edit distance.
// Suggestions are for slips of a key or two; a far-fetched one is worse than none.
#include "Names.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace deq {

const std::vector<Builtin> &builtins() {
  static const std::vector<Builtin> table = {
#define BUILTIN(name, arity, form, symbol) {#name, arity, BuiltinForm::form, #symbol},
#include "deq/builtins.def"
  };
  return table;
}

int findBuiltin(std::string_view name) {
  const auto &table = builtins();
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].name == name)
      return static_cast<int>(i);
  return -1;
}

const std::vector<ArrayFunction> &arrayFunctions() {
  static const std::vector<ArrayFunction> table = {
      {"sum", 1, 1, {}},
      {"dot", 2, 2, {}},
      {"norm", 1, 1, {}},
      {"shift", 3, 4, {"axis"}},
      {"roll", 2, 3, {"axis"}},
      {"concat", 2, -1, {"axis"}},
      {"div", 2, 2, {}},
      {"mod", 2, 2, {}},
      {"fold", 2, 2, {}},
      {"file", 1, 1, {}, true},
      {"table", 1, 1, {"column", "time", "interpolation", "jumps"}, true},
  };
  return table;
}

const ArrayFunction *findArrayFunction(std::string_view name) {
  for (const ArrayFunction &row : arrayFunctions())
    if (row.name == name)
      return &row;
  return nullptr;
}

bool isBuiltinName(std::string_view name) {
  return name == "pi" || findBuiltin(name) >= 0 || findArrayFunction(name);
}

const std::vector<Controller> &controllers() {
  static const std::vector<Controller> table = {
      {"pid", "adapts the step to the error: pid(rtol = 1e-6, atol = 1e-9, ..)"},
      {"constant", "equal steps: constant(dt = h)"},
      {"step_to", "steps that end at listed times: step_to([t0, .., t1])"},
  };
  return table;
}

namespace {

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      std::size_t replaced = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

struct Alias {
  std::string_view elsewhere, here;
};
/// What other languages call functions and methods of this one.
constexpr Alias aliases[] = {
    {"ln", "log"},        {"arcsin", "asin"},        {"arccos", "acos"}, {"arctan", "atan"},
    {"arctan2", "atan2"}, {"fabs", "abs"},           {"power", "pow"},   {"maximum", "max"},
    {"minimum", "min"},   {"sgn", "sign"},           {"RK45", "dopri5"}, {"ode45", "dopri5"},
    {"DP5", "dopri5"},    {"RK23", "bosh3"},         {"ode23", "bosh3"}, {"BS3", "bosh3"},
    {"RK4", "rk4"},       {"concatenate", "concat"}, {"vcat", "concat"},
};

bool equalButForCase(std::string_view a, std::string_view b) {
  auto same = [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same);
}

} // namespace

std::string suggestion(std::string_view name, const std::vector<std::string> &known) {
  constexpr std::size_t longestName = 64; // keeps a hostile name from costing quadratic time
  if (name.size() > longestName)
    return "";
  for (std::size_t i = 0; i < std::min(known.size(), maxSuggestions); ++i) {
    bool meant = equalButForCase(name, known[i]);
    for (const Alias &alias : aliases)
      meant |= alias.elsewhere == name && alias.here == known[i];
    if (meant && name != known[i])
      return fmt::format("; did you mean '{}'?", known[i]);
  }
  std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
  const std::string *nearest = nullptr;
  for (std::size_t i = 0; i < std::min(known.size(), maxSuggestions); ++i) {
    const std::string &candidate = known[i];
    // A name of one letter is one edit from every other: no guess.
    if (candidate.size() > longestName || (name.size() == 1 && candidate.size() == 1))
      continue;
    std::size_t d = distance(name, candidate);
    if (d < best && d < std::max(name.size(), candidate.size())) {
      best = d;
      nearest = &candidate;
    }
  }
  return nearest ? fmt::format("; did you mean '{}'?", *nearest) : "";
}

} // namespace deq
