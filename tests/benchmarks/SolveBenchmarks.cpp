// Solve times of everything that solves the five problems, in interleaved rounds: one JSON object a
// line per contestant. A ratio is taken within a round, seconds apart, so that a machine that
// changes its pace or has guests changes it little.
//   deq_solve_benchmarks [--problem NAME]... [--rounds N] [--sample MS]
#include "Contestants.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <iostream>

namespace deq::bench {

namespace {

struct Settings {
  std::vector<std::string> problems;
  int rounds = 15;
  double sampleSeconds = 3e-3;
};

struct Entrant {
  Contestant contestant;
  Finish finish;
  long repeats = 1;
  std::vector<double> microseconds; ///< of one solve, by round
};

double secondsOf(Entrant &entrant) {
  const double start = threadSeconds();
  for (long i = 0; i < entrant.repeats; ++i)
    entrant.contestant.solve(entrant.finish);
  return threadSeconds() - start;
}

/// Warms up, and finds how many solves fill a sample.
void calibrate(Entrant &entrant, double sampleSeconds) {
  while (secondsOf(entrant) < sampleSeconds)
    entrant.repeats *= 2;
}

/// Whether all who promise deq's bits keep the promise. A baseline that computes something else
/// would make every ratio worthless.
bool agree(const BenchmarkProblem &problem, const std::vector<Entrant> &entrants) {
  bool good = true;
  const std::vector<double> &expected = entrants.front().finish.y;
  auto complain = [&](const Entrant &entrant, const char *what) {
    std::cerr << fmt::format("{}: {} {}: {}\n", problem.name, entrant.contestant.name,
                             entrant.contestant.compiler, what);
    good = false;
  };
  for (const Entrant &entrant : entrants) {
    const std::vector<double> &y = entrant.finish.y;
    if (!entrant.finish.steps.success)
      complain(entrant, "did not reach the end");
    else if (entrant.contestant.sameBits &&
             (y.size() != expected.size() ||
              std::memcmp(y.data(), expected.data(), y.size() * sizeof(double)) != 0))
      complain(entrant, "expected the bits of the first contestant");
  }
  return good;
}

bool measure(const BenchmarkProblem &problem, const Settings &settings) {
  std::vector<Entrant> entrants;
  for (Contestant &contestant : contestants(problem))
    entrants.push_back({std::move(contestant), {}, 1, {}});
  for (Entrant &entrant : entrants)
    calibrate(entrant, settings.sampleSeconds);
  for (int round = 0; round < settings.rounds; ++round)
    for (Entrant &entrant : entrants)
      entrant.microseconds.push_back(1e6 * secondsOf(entrant) / double(entrant.repeats));
  const std::vector<double> exact = reference(problem);
  for (const Entrant &entrant : entrants) {
    const Steps &steps = entrant.finish.steps;
    fmt::print(
        "{{\"problem\": \"{}\", \"title\": \"{}\", \"contestant\": \"{}\", \"compiler\": "
        "\"{}\", \"accepted\": {}, \"rejected\": {}, \"error\": {:.3g}, \"us\": [{:.6g}]}}\n",
        problem.name, problem.title, entrant.contestant.name, entrant.contestant.compiler,
        steps.accepted, steps.rejected, relativeError(entrant.finish.y, exact),
        fmt::join(entrant.microseconds, ", "));
  }
  return agree(problem, entrants);
}

/// False for a command line that is not understood.
bool parse(int argc, char **argv, Settings &settings) {
  for (int i = 1; i < argc; i += 2) {
    const std::string option = argv[i];
    if (i + 1 == argc)
      return false;
    if (option == "--problem")
      settings.problems.push_back(argv[i + 1]);
    else if (option == "--rounds")
      settings.rounds = std::atoi(argv[i + 1]);
    else if (option == "--sample")
      settings.sampleSeconds = 1e-3 * std::atof(argv[i + 1]);
    else
      return false;
  }
  return settings.rounds > 0;
}

int run(int argc, char **argv) {
  Settings settings;
  if (!parse(argc, argv, settings)) {
    std::cerr << "usage: deq_solve_benchmarks [--problem NAME]... [--rounds N] [--sample MS]\n";
    return 2;
  }
  const auto &wanted = settings.problems;
  bool good = true;
  for (const BenchmarkProblem &problem : solveProblems())
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), problem.name) != wanted.end())
      good = measure(problem, settings) && good;
  return good ? 0 : 1;
}

} // namespace

} // namespace deq::bench

int main(int argc, char **argv) { return deq::bench::run(argc, argv); }
