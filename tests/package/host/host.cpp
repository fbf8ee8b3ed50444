// A host program of an installed deq: what it links, what it catches, when LLVM is loaded.
// Prints one line per thing that holds, and ends with status 1 at the first one that does not.
#include <deq/deq.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

// Objects of the library that outlive main, and with it everything that the compiler registered.
deq::Engine engine;
std::vector<deq::Prepared> kept;

void require(bool holds, const char *what) {
  std::printf("%s: %s\n", holds ? "holds" : "FAILS", what);
  if (!holds)
    std::exit(1);
}

bool has_loaded(const std::string &library) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.find(library) != std::string::npos)
      return true;
  return false;
}

deq::Field power_of_decay(int n) {
  return deq::trace("decay", {.state = {"y"}, .args = {"k"}},
                    [n](deq::Scalar, const deq::Vars &y, const deq::Vars &args) {
                      return -args[0] * deq::pow(y[0], n);
                    });
}

std::string first_error(const deq::Field &field) {
  try {
    engine.prepare(field);
  } catch (const deq::Error &error) {
    return error.diagnostics().front().id;
  }
  return "";
}

bool decays(const deq::Prepared &solve) {
  const deq::Solution s = solve({.t0 = 0, .t1 = 1, .y0 = {1}, .args = {2}});
  return s.ok() && std::abs(s.y.back() - std::exp(-2)) < 1e-6;
}

void compile_on_many_threads() {
  std::vector<std::thread> threads;
  std::vector<double> ends(4);
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&ends, i] {
      const deq::Prepared solve = engine.prepare(power_of_decay(i + 2));
      ends[i] = solve({.t0 = 0, .t1 = 1, .y0 = {1}, .args = {1}}).y.back();
    });
  for (std::thread &thread : threads)
    thread.join();
  for (int i = 0; i < 4; ++i) // y' = -y^n
    require(std::abs(ends[i] - std::pow(1 + (i + 1.0), -1.0 / (i + 1))) < 1e-5,
            "threads that compile at once solve what they asked for");
}

} // namespace

int main() {
  // What is found relative to where the process began is found from elsewhere too.
  require(chdir("/") == 0, "the process can go elsewhere");
  require(!has_loaded("libdeq-compiler"), "linking deq loads no compiler");
  require(first_error(deq::load_string("field f(t; x) { x' = -y }")) == "unknown-name",
          "an error in a text is a deq::Error");
  require(!has_loaded("libdeq-compiler"), "and loads no compiler");
  setenv("DEQ_COMPILER_LIBRARY", "/nowhere/libdeq-compiler.so", 1);
  require(first_error(power_of_decay(1)) == "compiler-library",
          "a missing compiler is a deq::Error");
  unsetenv("DEQ_COMPILER_LIBRARY");
  compile_on_many_threads();
  require(has_loaded("libdeq-compiler"), "a compile loads it");
  kept.push_back(engine.prepare(power_of_decay(1)));
  require(decays(kept.back()), "a traced field is solved");
  deq::Engine interpreter({.interpret = true});
  kept.push_back(interpreter.prepare(power_of_decay(1)));
  require(decays(kept.back()), "and interpreted");
}
