// What compiles and what does not: one line for each compile, with the reason.
// Numbers, names and the order of lines are free; shapes, methods and formulas are code.
#include <deq/deq.h>

#include <cstdio>
#include <vector>

/// Cells in a row that exchange heat, the first one heated.
deq::Field cells(std::int64_t n, double exchange, double heating) {
  return deq::trace("cells", {.state = {{"y", {n}}}}, [=](const deq::Vars &state) {
    const deq::Array y = state["y"];
    const deq::Array flow = exchange * (shift(y, 1, heating) - 2 * y + shift(y, -1, 0));
    return flow;
  });
}

int main() {
  deq::Engine engine;
  engine.on_compile([](const deq::CompileReport &report) {
    std::printf("  %s: %s\n", report.field.c_str(), report.reason.c_str());
  });
  auto prepare = [&](const char *what, const deq::Field &field, deq::Options options = {}) {
    std::printf("%s\n", what);
    return engine.prepare(field, std::move(options)); // the place that reports speak of
  };

  prepare("three cells", cells(3, 1.0, 0.5));
  prepare("other numbers", cells(3, 0.0, 2.0));
  prepare("other tolerances, another first step", cells(3, 1, 1),
          {.control = deq::pid(1e-9, 1e-12), .dt = 1e-3});
  prepare("four cells", cells(4, 1, 1));
  prepare("another method", cells(4, 1, 1), {.method = deq::vern7});
  prepare("rows at times", cells(4, 1, 1), {.save = deq::every(0.1)});
  prepare("rows at other times", cells(4, 1, 1), {.save = deq::at({0.25, 0.5})});
  prepare("single precision", cells(4, 1, 1), {.dtype = "f32"});
  prepare("three cells again", cells(3, 1, 1));

  const deq::EngineStats stats = engine.stats();
  std::printf("%lld prepared, %lld compiled\n", static_cast<long long>(stats.prepared),
              static_cast<long long>(stats.compiled));
}
