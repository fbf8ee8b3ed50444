// What compiles and what does not, and what an engine says when it does.
#include <deq/deq.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>

namespace {

/// An engine that remembers its reports.
struct Watched {
  Watched(deq::EngineSettings settings = {}) : engine(settings) {
    engine.on_compile([this](const deq::CompileReport &report) { reports.push_back(report); });
  }
  const deq::CompileReport &last() const { return reports.back(); }
  deq::Engine engine;
  std::vector<deq::CompileReport> reports;
};

/// dx/dt = c*x + d at one place of the host, however often it is traced.
deq::Field linear(double c, double d) {
  return deq::trace("linear", {.state = {"x"}, .args = {"a"}},
                    [=](deq::Scalar, const deq::Vars &y) { return c * y[0] + d; });
}

const deq::Call unit = {.t0 = 0, .t1 = 1, .y0 = {1}, .args = {0}};

TEST(Cache, capturedNumbersCompileOnce) {
  Watched host;
  const double special[] = {0, 1, 2, -1, 0.5, 0.5};
  for (int i = 0; i < 1000; ++i) {
    const double c = i < 6 ? special[i] : 0.001 * i, d = i % 2 ? c : -c;
    const deq::Solution s = host.engine.prepare(linear(c, d))(unit);
    const double exact = c == 0 ? 1 + d : std::exp(c) + d / c * std::expm1(c);
    ASSERT_NEAR(s.y[0], exact, 1e-5 * std::max(1.0, std::fabs(exact))) << c;
  }
  EXPECT_EQ(host.engine.stats().compiled, 1);
  EXPECT_EQ(host.engine.stats().hits, 999);
}

TEST(Cache, valuesOfASolveCompileOnce) {
  Watched host;
  const deq::Field field = linear(-1, 0);
  for (int i = 1; i <= 200; ++i) {
    const double h = 0.001 * i;
    auto solve = host.engine.prepare(field, {.control = deq::pid(1e-3 * h, 1e-3 * h),
                                             .save = deq::at({h, 2 * h, 0.9}),
                                             .dt = h,
                                             .max_steps = 1000 + i});
    EXPECT_EQ(solve({.t0 = 0, .t1 = 1 + h, .y0 = {h}, .args = {h}}).t.size(), 3u);
  }
  EXPECT_EQ(host.engine.stats().compiled, 1);
}

TEST(Cache, namesAndFormattingAndOrderAreNoDifference) {
  Watched host;
  host.engine.prepare(deq::load_string("field f(t; x, y; a) {\n  x' = a*y\n  y' = -x + 2\n}\n"));
  host.engine.prepare(
      deq::load_string("field g(s; u, v; b) {\n v' = -u+3 # other\n u' = b*v\n}\n"));
  host.engine.prepare(deq::trace("h", {.state = {"p", "q"}, .args = {"c"}},
                                 [](deq::Scalar, const deq::Vars &y, const deq::Vars &args) {
                                   return deq::stack(args[0] * y[1], -y[0] + 7);
                                 }));
  EXPECT_EQ(host.engine.stats().compiled, 1);
}

TEST(Cache, methodsByTheirCoefficientsAlone) {
  Watched host;
  const deq::ButcherTableau heun = {
      .name = "mine", .order = 2, .c = {0, 1}, .a = {{1}}, .b = {0.5, 0.5}};
  deq::ButcherTableau other = heun;
  other.name = "yours";
  for (const deq::ButcherTableau &tableau : {heun, other})
    host.engine.prepare(linear(1, 1), {.method = tableau, .control = deq::constant_step(0.1)});
  EXPECT_EQ(host.engine.stats().compiled, 1);
}

/// Prepares at one place of the host.
void prepareHere(deq::Engine &engine, const deq::Field &field, deq::Options options = {}) {
  engine.prepare(field, std::move(options));
}
constexpr int hereLine = __LINE__ - 2;

TEST(Cache, shapesNameTheirLeafAndTheirPlace) {
  Watched host;
  auto field = [](std::int64_t n) {
    return deq::trace("decay", {.state = {{"y", {n}}}}, [](const deq::Vars &y) { return -y[0]; });
  };
  prepareHere(host.engine, field(3));
  prepareHere(host.engine, field(4));
  ASSERT_EQ(host.reports.size(), 2u);
  EXPECT_EQ(host.last().reason, "shape of 'y' f64[3] -> f64[4]");
  const std::string line = host.last().line();
  const std::string start =
      "compile decay: shape of 'y' f64[3] -> f64[4] (CacheTest.cpp:" + std::to_string(hereLine) +
      "); ";
  EXPECT_EQ(line.substr(0, start.size()), start);
  EXPECT_NE(host.last().json().find(R"("reason":"shape of 'y' f64[3] -> f64[4]")"),
            std::string::npos);
  prepareHere(host.engine, field(3), {.dtype = "f32"});
  EXPECT_EQ(host.last().reason, "element type f64 -> f32");
}

TEST(Cache, otherStructureIsToldAsSuch) {
  Watched host;
  for (int exponent : {2, 3})
    prepareHere(host.engine, deq::trace("power", {.state = {"x"}},
                                        [=](const deq::Vars &y) { return -pow(y[0], exponent); }));
  EXPECT_EQ(host.last().reason, "structure of the field of 3 operations -> of 4 operations");
}

TEST(Cache, nearestKeyOfThePlaceIsCompared) {
  Watched host;
  const deq::Field field = linear(1, 2);
  prepareHere(host.engine, field, {.method = deq::dopri5, .save = deq::every(1)});
  prepareHere(host.engine, field, {.method = deq::bosh3, .save = deq::ends()});
  prepareHere(host.engine, field, {.method = deq::dopri5, .save = deq::ends()});
  EXPECT_EQ(host.last().reason, "method bosh3 -> dopri5");
}

TEST(Cache, isBoundedAndSaysWhatItDropped) {
  Watched host({.capacity = 2});
  const deq::Field field = linear(1, 2);
  for (deq::MethodName method : {deq::tsit5, deq::dopri5, deq::bosh3})
    prepareHere(host.engine, field, {.method = method});
  EXPECT_EQ(host.engine.stats().entries, 2u);
  EXPECT_EQ(host.engine.stats().evicted, 1);
  prepareHere(host.engine, field, {.method = deq::dopri5}); // the older one of the two
  EXPECT_EQ(host.reports.size(), 3u);
  prepareHere(host.engine, field, {.method = deq::tsit5});
  EXPECT_EQ(host.last().reason, "evicted, more than 2 programs were in use since");
}

TEST(Cache, compilesOfOnePlaceCanBeLimited) {
  Watched host;
  auto prepare = [&](std::int64_t n) {
    prepareHere(host.engine,
                deq::trace("f", {.state = {{"y", {n}}}}, [](const deq::Vars &y) { return -y[0]; }),
                {.max_compiles = 2});
  };
  prepare(1), prepare(2), prepare(1);
  try {
    prepare(3);
    ADD_FAILURE() << "expected an Error, got none";
  } catch (const deq::Error &error) {
    EXPECT_EQ(error.diagnostics().front().text,
              "expected at most 2 compiles here, got another one of 'f': shape of 'y' f64[1] -> "
              "f64[3]");
    EXPECT_EQ(error.diagnostics().front().location.line, hereLine);
  }
}

TEST(Cache, aFailedCompileIsTriedAgain) {
  Watched host;
  bool fail = true;
  const deq::Field field =
      deq::trace("f", {.state = {"x"}}, [&](const deq::Vars &y) -> deq::Scalar {
        if (fail)
          throw std::runtime_error("mine");
        return -y[0];
      });
  EXPECT_THROW(host.engine.prepare(field), std::runtime_error);
  fail = false;
  EXPECT_TRUE(host.engine.prepare(field)({.t0 = 0, .t1 = 1, .y0 = {1}}).ok());
}

TEST(Cache, whoIsToldOfACompileMayCallTheSolve) {
  deq::Engine engine;
  const deq::Prepared solve =
      engine.prepare(deq::trace("f", {.state = {{"u", {deq::any}}}},
                                [](deq::Scalar, const deq::Vars &y) { return -y["u"]; }));
  auto end = [&](std::vector<double> y0) {
    return solve({.t0 = 0, .t1 = 1, .y0 = std::move(y0)}).y.back();
  };
  std::vector<double> heard;
  engine.on_compile([&](const deq::CompileReport &) {
    if (heard.size() == 2)
      return;
    heard.push_back(0); // another shape compiles while this one is being told of
    const std::size_t own = heard.size() - 1;
    heard[own] = end(std::vector<double>(own + 2, 2.0));
  });
  EXPECT_NEAR(end({1}), std::exp(-1), 1e-5);
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_NEAR(heard[0], 2 * std::exp(-1), 1e-5);
  EXPECT_EQ(engine.stats().compiled, 3);
}

TEST(Cache, manyThreadsWaitForOneCompile) {
  deq::Engine engine;
  std::atomic<int> compiles = 0, failures = 0;
  engine.on_compile([&](const deq::CompileReport &) { ++compiles; });
  const deq::MethodName methods[] = {deq::tsit5, deq::bosh3, deq::dopri5};
  std::vector<std::thread> threads;
  for (int number = 0; number < 8; ++number)
    threads.emplace_back([&, number] {
      for (int i = 0; i < 30; ++i) {
        auto solve = engine.prepare(linear(-1, 0.01 * number), {.method = methods[i % 3]});
        failures += !solve(unit).ok();
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(compiles, 3);
  EXPECT_EQ(engine.stats().compiled, 3);
  EXPECT_EQ(engine.stats().hits, 240 - 3);
}

} // namespace
