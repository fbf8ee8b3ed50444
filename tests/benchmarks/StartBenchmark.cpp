// What the first solve of a process costs, from the text of a field to its end, and the next one.
// A program of its own, because the first of anything in a process can be measured only once. One
// JSON object a run.
//
//   deq_start_benchmark FILE
#include "deq/deq.h"

#include <chrono>
#include <cstdio>
#include <iostream>

namespace {

using Clock = std::chrono::steady_clock;

double microseconds(Clock::time_point from) {
  return std::chrono::duration<double, std::micro>(Clock::now() - from).count();
}

const char *source(const deq::EngineStats &stats) { return stats.loaded > 0 ? "disk" : "compiler"; }

int run(const std::string &file) {
  const Clock::time_point start = Clock::now();
  deq::Engine engine;
  const deq::Prepared solve = engine.prepare(deq::load_file(file));
  const double prepared = microseconds(start);
  const deq::Solution first = solve();
  const double solved = microseconds(start);
  const char *from = source(engine.stats());
  // As someone who does not keep what was prepared.
  const Clock::time_point again = Clock::now();
  const deq::Prepared same = engine.prepare(deq::load_file(file));
  const double found = microseconds(again);
  std::printf("{\"from\": \"%s\", \"prepared_us\": %.1f, \"solved_us\": %.1f, \"again_us\": %.1f, "
              "\"ok\": %s}\n",
              from, prepared, solved, found, first.ok() && same().ok() ? "true" : "false");
  return first.ok() ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::cerr << "usage: deq_start_benchmark FILE\n";
    return 2;
  }
  try {
    return run(argv[1]);
  } catch (const deq::Error &error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
