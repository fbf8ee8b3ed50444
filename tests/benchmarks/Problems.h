// The problems that solve times are measured on, and fields of any size that compile times are
// measured on. All as texts of the language: a benchmark starts where a user starts.
#pragma once

#include "compiler/Compile.h"

#include <functional>
#include <string>
#include <vector>

namespace deq::bench {

/// A source with one solve; the names of solves are also those of the hand-written solvers.
struct BenchmarkProblem {
  std::string name, title, text;
};

/// The five problems of the hand-written solvers, adaptive tsit5 with rtol = atol = 1e-6.
const std::vector<BenchmarkProblem> &solveProblems();

/// A field of about that many arithmetic operations.
struct Shape {
  std::string name, summary;
  std::function<std::string(int operations)> text;
};
const std::vector<Shape> &shapes();

/// Ends the program with the messages if `text` does not compile.
Artifact compileOrExit(const std::string &text, const Overrides &overrides);

} // namespace deq::bench
