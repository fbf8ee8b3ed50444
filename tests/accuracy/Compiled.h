// A .deq text compiled by each engine and run with values of the test's choice. What the accuracy
// tests have in common: they ask the compiler as a user would, and differ only in the questions.
#pragma once

#include "compiler/Compile.h"
#include "compiler/Methods/Method.h"
#include "runtime/Solve.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace deq::test {

/// A way from text to numbers. All of them promise the same bits.
struct Engine {
  const char *name;
  Backend backend;
  const char *stages;
};
inline void PrintTo(const Engine &engine, std::ostream *out) { *out << engine.name; }
inline constexpr Engine unroll{"unroll", Backend::native, "unroll"};
inline constexpr Engine scan{"scan", Backend::native, "scan"};
inline constexpr Engine interpreter{"interpreter", Backend::interp, "unroll"};
inline constexpr Engine outline{"outline", Backend::native, "outline"};
/// What most tests run on. Outlined stages are the operations of unrolled ones, in a function.
inline constexpr Engine engines[] = {unroll, scan, interpreter};
inline constexpr Engine everyEngine[] = {unroll, scan, interpreter, outline};
/// Every precision, as the language spells it.
inline constexpr const char *wideTime = "f32(time = f64)";
inline const std::vector<std::string> dtypes{"f64", "f32", wideTime};

/// A compiled solve. `values` start as the text's and may be changed between runs.
struct Compiled {
  Signature signature;
  Values values;
  std::shared_ptr<const Program> program;

  /// Solves with `values`; reports a test failure if they do not fit.
  Solution run(const SolveHooks &hooks = {}) const;
  /// The rows of one column.
  static std::vector<double> column(const Solution &solution, std::int64_t index);
};

/// Compiles, verifying every stage. Throws with the diagnostics if that fails, which ends the test.
Compiled compileText(const std::string &text, const Overrides &overrides = {},
                     const Engine &engine = unroll);

/// A problem out of a text, for tests that change what a text cannot say. Throws like compileText.
Problem loadText(const std::string &text, const Overrides &overrides = {});
Compiled compileProblem(const Problem &problem, Backend backend = Backend::native);
/// Every stage of a problem prints, reads back to the same text, and runs, natively and interpreted
/// where that is possible, to the bits of the problem itself.
void expectEveryStageRuns(const Problem &problem);

/// The name of a method or precision as a part of a test's name.
std::string identifier(std::string name);
/// The text of examples/NAME.deq.
std::string example(const std::string &name);
/// All names that `example` takes.
const std::vector<std::string> &examples();
/// The methods that solve any field, some doubled ones among them; splitting methods need a field
/// of two halves.
const std::vector<Method> &generalMethods();
/// `text` with its `pid(..)` replaced by this controller.
std::string withControl(std::string text, const std::string &controller);

/// Equal to the bit in times, values, status, failure and statistics; all NaNs count as equal.
testing::AssertionResult same(const Solution &a, const Solution &b);
bool sameBits(double a, double b);

/// The last row.
std::vector<double> endOf(const Solution &solution);

} // namespace deq::test
