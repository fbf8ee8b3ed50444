// Compile times by phase: fields of growing size in several shapes, and the models of examples/, in
// every emission. One JSON object a line per cell. A cell whose time can be foretold to exceed a
// limit is not run, and says so.
//   deq_compile_benchmarks [--case NAME]... [--limit SECONDS] [--most OPERATIONS] [--repeats N]
#include "Problems.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

namespace deq::bench {

namespace {

struct Settings {
  std::vector<std::string> cases; ///< shapes and models by name; empty: all
  double limit = 60;              ///< seconds that one compile may be predicted to take
  int most = 10000;               ///< operations
  int repeats = 15;               ///< at most; long compiles are repeated less
};

/// One place in the tables.
struct Cell {
  std::string name, method, stages;
  int operations = 0; ///< asked for; 0 for a model
};

std::string prefix(const Cell &cell) {
  return fmt::format(
      "{{\"case\": \"{}\", \"method\": \"{}\", \"stages\": \"{}\", \"operations\": {}", cell.name,
      cell.method, cell.stages, cell.operations);
}

void skip(const Cell &cell, const std::string &reason) {
  fmt::print("{}, \"skipped\": \"{}\"}}\n", prefix(cell), reason);
}

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Compiles for about two seconds, or once if that takes longer.
std::vector<CompileReport> repeated(const Cell &cell, const std::string &text, int repeats,
                                    std::string &chosen, std::string &error) {
  Overrides overrides;
  overrides.method = cell.method;
  overrides.stages = cell.stages;
  if (cell.name == "brusselator")
    overrides.set = {{"n", "32"}};
  std::vector<CompileReport> reports;
  const auto start = Clock::now();
  constexpr double enough = 2;
  while (int(reports.size()) < repeats && (reports.empty() || secondsSince(start) < enough)) {
    Diagnostics diagnostics;
    auto artifact = compile({cell.name + ".deq", text}, overrides, {}, diagnostics);
    if (!artifact) {
      error = diagnostics.all().front().text;
      return {};
    }
    chosen = artifact->signature.stages;
    reports.push_back(artifact->report);
  }
  return reports;
}

/// Least and median of a number in all reports.
template <class Get> std::string spread(const std::vector<CompileReport> &reports, Get get) {
  std::vector<double> values;
  for (const CompileReport &report : reports)
    values.push_back(get(report));
  std::sort(values.begin(), values.end());
  return fmt::format("[{:.4g}, {:.4g}]", values.front(), values[values.size() / 2]);
}

/// What the compile was predicted to take, and the counts that this was told from.
std::string prediction(const EmissionChoice &choice) {
  for (const Prediction &one : choice.predictions)
    if (one.stages == choice.stages) {
      std::vector<std::string> counts;
      for (const auto &[name, count] : one.counts)
        counts.push_back(fmt::format("\"{}\": {}", name, count));
      return fmt::format("\"predicted\": {:.4g}, \"counts\": {{{}}}", one.ms,
                         fmt::join(counts, ", "));
    }
  return "\"predicted\": null";
}

/// Returns the least time in seconds, 0 if nothing was measured.
double measure(const Cell &cell, const std::string &text, int repeats) {
  std::string chosen, error;
  const auto reports = repeated(cell, text, repeats, chosen, error);
  if (reports.empty()) {
    skip(cell, "refused: " + error);
    return 0;
  }
  std::vector<std::string> phases;
  const auto &first = reports.front().phases;
  for (std::size_t i = 0; i < first.size(); ++i)
    phases.push_back(
        fmt::format("\"{}\": {}", first[i].name,
                    spread(reports, [&](const CompileReport &r) { return r.phases[i].ms; })));
  auto whole = [](const CompileReport &r) { return r.ms; };
  fmt::print(
      "{}, \"chosen\": \"{}\", \"repeats\": {}, \"first\": {:.4g}, \"ms\": {}, \"bytes\": {}, {}, "
      "\"phases\": {{{}}}}}\n",
      prefix(cell), chosen, reports.size(), reports.front().ms, spread(reports, whole),
      reports.front().codeBytes, prediction(reports.front().emission), fmt::join(phases, ", "));
  std::fflush(stdout);
  return whole(*std::min_element(reports.begin(), reports.end(),
                                 [&](const auto &x, const auto &y) { return x.ms < y.ms; })) /
         1000;
}

/// Foretells the next of a series of sizes, by the growth between the last two, at least linear.
/// Until there are two, growth is taken to be cubic from the first that is no trifle.
class Growth {
public:
  double predict(double size) const {
    if (sizes.empty())
      return 0;
    double exponent = seconds.back() > 0.5 ? 3 : 1;
    if (sizes.size() > 1)
      exponent = std::max(1.0, std::log(seconds.back() / seconds[seconds.size() - 2]) /
                                   std::log(sizes.back() / sizes[sizes.size() - 2]));
    return seconds.back() * std::pow(size / sizes.back(), exponent);
  }
  void add(double size, double time) {
    sizes.push_back(size);
    seconds.push_back(time);
  }

private:
  std::vector<double> sizes, seconds;
};

std::vector<std::string> allStages() {
  std::vector<std::string> all(std::begin(emissions), std::end(emissions));
  all.push_back("auto");
  return all;
}

constexpr const char *methods[] = {"tsit5", "dopri8"};

bool wanted(const Settings &settings, const std::string &name) {
  const auto &cases = settings.cases;
  return cases.empty() || std::find(cases.begin(), cases.end(), name) != cases.end();
}

void measureShape(const Shape &shape, const Settings &settings) {
  for (const char *method : methods)
    for (const std::string &stages : allStages()) {
      Growth growth;
      for (int operations = 10; operations <= settings.most; operations *= 10) {
        const Cell cell{shape.name, method, stages, operations};
        const double predicted = growth.predict(operations);
        if (predicted > settings.limit) {
          skip(cell, fmt::format("predicted {:.0f} s", predicted));
          break;
        }
        const double time = measure(cell, shape.text(operations), settings.repeats);
        if (time == 0)
          break;
        growth.add(operations, time);
      }
    }
}

bool measureModel(const std::string &name, const Settings &settings) {
  std::ifstream file(std::string(DEQ_EXAMPLES) + "/" + name + ".deq");
  if (!file) {
    std::cerr << "cannot read the example " << name << "\n";
    return false;
  }
  std::stringstream text;
  text << file.rdbuf();
  for (const char *method : methods)
    for (const std::string &stages : allStages())
      measure({name, method, stages, 0}, text.str(), settings.repeats);
  return true;
}

bool parse(int argc, char **argv, Settings &settings) {
  for (int i = 1; i < argc; i += 2) {
    const std::string option = argv[i];
    if (i + 1 == argc)
      return false;
    if (option == "--case")
      settings.cases.push_back(argv[i + 1]);
    else if (option == "--limit")
      settings.limit = std::atof(argv[i + 1]);
    else if (option == "--most")
      settings.most = std::atoi(argv[i + 1]);
    else if (option == "--repeats")
      settings.repeats = std::atoi(argv[i + 1]);
    else
      return false;
  }
  return settings.repeats > 0;
}

int run(int argc, char **argv) {
  Settings settings;
  if (!parse(argc, argv, settings)) {
    std::cerr << "usage: deq_compile_benchmarks [--case NAME]... [--limit SECONDS] [--most "
                 "OPERATIONS] [--repeats N]\n";
    return 2;
  }
  for (const char *model : {"lorenz", "pleiades", "hodgkin_huxley", "brusselator"})
    if (wanted(settings, model) && !measureModel(model, settings))
      return 1;
  for (const Shape &shape : shapes())
    if (wanted(settings, shape.name))
      measureShape(shape, settings);
  return 0;
}

} // namespace

} // namespace deq::bench

int main(int argc, char **argv) { return deq::bench::run(argc, argv); }
