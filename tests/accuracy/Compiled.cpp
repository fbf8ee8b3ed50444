// Compiling for tests, and comparison of solutions to the bit. Kept out of the header because every
// file of these tests includes it.
#include "Compiled.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace deq::test {

Solution Compiled::run(const SolveHooks &hooks) const {
  const std::string problem = mismatch(signature, values);
  if (!problem.empty())
    throw std::runtime_error("values do not fit: " + problem);
  return solve(*program, signature, values, hooks);
}

std::vector<double> Compiled::column(const Solution &solution, std::int64_t index) {
  std::vector<double> rows;
  for (std::size_t i = index; i < solution.y.size(); i += solution.width())
    rows.push_back(solution.y[i]);
  return rows;
}

[[noreturn]] static void refuse(std::string message, const Diagnostics &diagnostics,
                                const std::string &text) {
  message += ":\n";
  for (const Diagnostic &diagnostic : diagnostics.all())
    message += to_string(diagnostic);
  throw std::runtime_error(message + text);
}

Compiled compileText(const std::string &text, const Overrides &overrides, const Engine &engine) {
  Overrides chosen = overrides;
  chosen.stages = engine.stages;
  CompileOptions options;
  options.backend = engine.backend;
  options.verify = true;
  Diagnostics diagnostics;
  auto artifact = compile({"test.deq", text}, chosen, options, diagnostics);
  if (!artifact || diagnostics.failed())
    refuse(std::string("does not compile with ") + engine.name, diagnostics, text);
  return {artifact->signature, artifact->values, artifact->program};
}

Problem loadText(const std::string &text, const Overrides &overrides) {
  Diagnostics diagnostics;
  auto problem = loadProblem("test.deq", text, overrides, diagnostics);
  if (!problem)
    refuse("does not load", diagnostics, text);
  return *problem;
}

Compiled compileProblem(const Problem &problem, Backend backend) {
  CompileOptions options;
  options.backend = backend;
  options.verify = true;
  Diagnostics diagnostics;
  auto artifact = compile(problem, options, diagnostics);
  if (!artifact || diagnostics.failed())
    refuse("does not compile", diagnostics, problem.field.name);
  return {artifact->signature, artifact->values, artifact->program};
}

void expectEveryStageRuns(const Problem &problem) {
  const Solution expected = compileProblem(problem).run();
  CompileOptions options;
  options.verify = true;
  Diagnostics diagnostics;
  for (const StageInfo &stage : stages()) {
    SCOPED_TRACE(stage.name);
    const auto dump = emit(problem, stage.name, options, diagnostics);
    ASSERT_TRUE(dump);
    const Source source{"dump" + stage.extension, dump->bytes};
    auto run = [&](Backend backend) {
      options.backend = backend;
      const auto again = compile(source, {}, options, diagnostics);
      if (!again)
        refuse("does not run", diagnostics, stage.extension == ".o" ? "" : source.text);
      return Compiled{again->signature, again->values, again->program}.run();
    };
    EXPECT_TRUE(same(expected, run(Backend::native)));
    if (stage.extension != ".mlir" || stage.name == "llvm-dialect")
      continue;
    EXPECT_TRUE(same(expected, run(Backend::interp))) << "interpreted";
    const auto printed = emit(source, {}, stage.name, options, diagnostics);
    ASSERT_TRUE(printed);
    EXPECT_EQ(printed->bytes, dump->bytes);
  }
}

std::string identifier(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
  return name;
}

const std::vector<Method> &generalMethods() {
  static const std::vector<Method> list = [] {
    std::vector<Method> general;
    for (const Method &method : methods())
      if (!method.splitting())
        general.push_back(method);
    for (const char *name : {"half(heun)", "half(rk4)", "half(tsit5)"})
      general.push_back(*findMethod(name));
    return general;
  }();
  return list;
}

std::string example(const std::string &name) {
  std::ifstream file(std::string(DEQ_EXAMPLES) + "/" + name + ".deq");
  if (!file)
    throw std::runtime_error("no example " + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const std::vector<std::string> &examples() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto &entry : std::filesystem::directory_iterator(DEQ_EXAMPLES))
      if (entry.path().extension() == ".deq")
        list.push_back(entry.path().stem().string());
    std::sort(list.begin(), list.end());
    return list;
  }();
  return names;
}

std::string withControl(std::string text, const std::string &controller) {
  const std::size_t begin = text.find("control pid("), end = text.find(')', begin);
  if (begin == std::string::npos || end == std::string::npos)
    throw std::runtime_error("no control clause in:\n" + text);
  return text.replace(begin, end + 1 - begin, "control " + controller);
}

bool sameBits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

namespace {

testing::AssertionResult sameLists(const char *what, const std::vector<double> &a,
                                   const std::vector<double> &b) {
  if (a.size() != b.size())
    return testing::AssertionFailure() << a.size() << " and " << b.size() << " numbers in " << what;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!sameBits(a[i], b[i]))
      return testing::AssertionFailure() << std::hexfloat << what << "[" << i << "] is " << a[i]
                                         << " and " << b[i] << " (of " << a.size() << ")";
  return testing::AssertionSuccess();
}

} // namespace

testing::AssertionResult same(const Solution &a, const Solution &b) {
  if (a.status != b.status)
    return testing::AssertionFailure() << "status " << name(a.status) << " and " << name(b.status);
  auto counts = [](const Statistics &s) {
    return std::vector<double>{double(s.steps),       double(s.accepted), double(s.rejected),
                               double(s.evaluations), double(s.sampled),  double(s.limited)};
  };
  auto failure = [](const Solution &s) {
    return std::vector<double>{s.failure.t, double(s.failure.step), double(s.event.index),
                               s.event.t};
  };
  if (a.failure.component != b.failure.component)
    return testing::AssertionFailure()
           << "component '" << a.failure.component << "' and '" << b.failure.component << "'";
  for (const auto &result :
       {sameLists("the statistics", counts(a.stats), counts(b.stats)), sameLists("t", a.t, b.t),
        sameLists("y", a.y, b.y), sameLists("the failure or event", failure(a), failure(b))})
    if (!result)
      return result;
  return testing::AssertionSuccess();
}

std::vector<double> endOf(const Solution &solution) {
  return {solution.y.end() - solution.width(), solution.y.end()};
}

} // namespace deq::test
