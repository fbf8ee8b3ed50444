// One engine under eight threads that do all that a host may do at once: each number has to be the
// one that the same solve gives alone.
// A sanitizer sees what threads share only where they meet, so programs are few, soon dropped and
// asked for by all.
#include <deq/deq.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <latch>
#include <random>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr int threads = 8, operations = 1000;

/// A solve: `structure` decides what is compiled, `variant` only numbers in it.
struct Work {
  deq::Field field;
  deq::Options options;
  deq::Call call;
};
constexpr int structures = 8, variants = 3, works = structures * variants;

deq::Field pendulum(double friction) {
  return deq::trace("pendulum", {.state = {"angle", "speed"}, .args = {"g"}},
                    [=](deq::Scalar t, const deq::Vars &y, const deq::Vars &args) {
                      return deq::stack(y[1], -args[0] * sin(y[0]) - friction * y[1] + sin(3 * t));
                    });
}

/// Shapes are the call's.
deq::Field decays() {
  return deq::trace("decays", {.state = {{"y", {deq::any}}}, .args = {"rate"}},
                    [](deq::Scalar, const deq::Vars &y, const deq::Vars &args) {
                      return -args["rate"] * y["y"];
                    });
}

deq::Field thrown(int variant) {
  return deq::load_string("field fall(t; height, speed; g = 9.81) {\n"
                          "  height' = speed\n"
                          "  speed' = -g - " +
                          std::to_string(0.01 * variant) +
                          "*speed\n"
                          "}\n"
                          "solve fall {\n"
                          "  span 0 to 10\n"
                          "  init height = 1, speed = 2\n"
                          "  stop ground when height\n"
                          "}\n");
}

enum Structure {
  tsit5Every,
  bosh3Ends,
  rk4Steps,
  singles,
  resumable,
  texts,
  denseOnes,
  openShapes
};
constexpr int forBuffers = denseOnes * variants; ///< works whose rows fit a buffer: those before

Work work(int number) {
  const int variant = number % variants;
  const auto structure = Structure(number / variants);
  const double tolerance = 1e-5 / (1 + variant);
  const deq::Control control = deq::pid(tolerance, tolerance);
  const deq::Call swing = {.t0 = 0, .t1 = 1.0 + variant, .y0 = {1, 0}, .args = {9.81}};
  auto swinging = [&](deq::Options options) {
    return Work{pendulum(0.1 + 0.02 * variant), std::move(options), swing};
  };
  switch (structure) {
  case tsit5Every:
    return swinging({.control = control, .save = deq::every(0.1)});
  case bosh3Ends:
    return swinging({.method = deq::bosh3, .control = control});
  case rk4Steps:
    return swinging({.method = deq::rk4,
                     .control = deq::constant_step(0.05 / (1 + variant)),
                     .save = deq::steps(2),
                     .tier = "quick"});
  case denseOnes:
    return swinging({.control = control, .save = deq::dense()});
  case singles:
    return swinging({.save = deq::at({0.25, 0.5}), .dtype = "f32"});
  case resumable:
    return swinging({.method = deq::dopri5, .control = control, .resumable = true});
  case texts:
    return {thrown(variant), {.control = control}, {}};
  case openShapes:
    break;
  }
  return {decays(),
          {.control = control},
          {.t0 = 0, .t1 = 1, .y0 = std::vector<double>(variant + 1, 1.0), .args = {2}}};
}

bool same(const deq::Solution &a, const deq::Solution &b) {
  return a.status == b.status && a.t == b.t && a.y == b.y && a.event.t == b.event.t &&
         a.stats.evaluations == b.stats.evaluations;
}

/// What threads share.
struct Shared {
  explicit Shared(const deq::EngineSettings &settings) : engine(settings) {
    for (int number = 0; number < works; ++number) {
      const Work work = ::work(number);
      alone.push_back(deq::Engine({.cache_dir = ""}).prepare(work.field, work.options)(work.call));
      prepared.push_back(engine.prepare(work.field, work.options));
    }
  }
  deq::Engine engine;
  // By number of work.
  std::vector<deq::Solution> alone;
  std::vector<deq::Prepared> prepared;
  std::atomic<std::int64_t> heard = 0;
};

/// What one thread does.
class Host {
public:
  Host(Shared &shared, unsigned seed) : shared(shared), random(seed) {
    for (int number = 0; number < forBuffers; ++number)
      workspaces.push_back(shared.prepared[number].workspace());
  }

  void operate() {
    const int dice = below(100);
    if (dice < 35)
      call(below(works));
    else if (dice < 55)
      callIntoBuffer(below(forBuffers));
    else if (dice < 80)
      prepare(below(2 * variants)); // so often the same ones that most are found in memory
    else if (dice < 83)
      prepare(below(works));
    else if (dice < 90)
      step(below(works));
    else if (dice < 94)
      evaluate(denseOnes * variants + below(variants));
    else if (dice < 96)
      prepareLimited();
    else if (dice < 97)
      fail();
    else if (dice < 99)
      watch();
    else if (below(5) == 0)
      shared.engine.clear();
  }

private:
  int below(int end) { return int(random() % unsigned(end)); }

  void call(int number) {
    const deq::Prepared solve = shared.prepared[number];
    EXPECT_TRUE(same(solve(work(number).call), shared.alone[number])) << number;
  }

  void callIntoBuffer(int number) {
    const deq::Solution &alone = shared.alone[number];
    std::vector<double> t(alone.t.size()), y(alone.y.size());
    const deq::Ended ended = shared.prepared[number](work(number).call, {t, y}, workspaces[number]);
    EXPECT_TRUE(ended.ok() && t == alone.t && y == alone.y) << number;
  }

  void prepare(int number) {
    const Work work = ::work(number);
    const deq::Prepared solve = shared.engine.prepare(work.field, work.options);
    EXPECT_TRUE(same(solve(work.call), shared.alone[number])) << number;
  }

  void step(int number) {
    const deq::Solution &alone = shared.alone[number];
    deq::Stepper stepper = shared.prepared[number].stepper(work(number).call);
    while (stepper.step()) {
    }
    EXPECT_EQ(stepper.status(), alone.status) << number;
    EXPECT_EQ(stepper.stats().steps, alone.stats.steps) << number;
    if (stepper.t() == alone.t.back()) {
      EXPECT_TRUE(std::equal(stepper.y().rbegin(), stepper.y().rend(), alone.y.rbegin())) << number;
    }
  }

  void evaluate(int number) {
    const deq::Solution &alone = shared.alone[number]; // all threads ask this one object
    const std::vector<double> times = {0.1 * below(10), 0.05, alone.t[alone.t.size() / 2]};
    const std::vector<double> rows = alone.evaluate(times);
    EXPECT_EQ(rows[4], alone.y[alone.t.size() / 2 * 2]) << number;
    EXPECT_EQ(rows[0], alone.evaluate(times[0])[0]) << number;
  }

  /// The second of two structures at one place fails, for those too who wait for its compile.
  void prepareLimited() {
    const deq::Field field = below(2) ? pendulum(1) : decays();
    const deq::Call call = {
        .t0 = 0, .t1 = 1, .y0 = std::vector<double>(2, 1.0), .args = {1}, .max_steps = 10000};
    try {
      EXPECT_TRUE(shared.engine.prepare(field, {.max_compiles = 1})(call).ok());
    } catch (const deq::Error &error) {
      EXPECT_EQ(error.diagnostics().front().text.substr(0, 31), "expected at most 1 compiles her");
    }
  }

  void fail() {
    EXPECT_THROW(shared.engine.prepare(pendulum(1), {.method = "tsit"}), deq::Error);
    const deq::Field field = deq::trace("f", {.state = {"x"}}, [](const deq::Vars &) {
      throw std::runtime_error("the host's");
      return deq::Scalar(0);
    });
    EXPECT_THROW(shared.engine.prepare(field), std::runtime_error);
  }

  void watch() {
    shared.engine.on_compile([&heard = shared.heard](const deq::CompileReport &report) {
      heard += !report.line().empty() && !report.json().empty();
    });
    const deq::EngineStats stats = shared.engine.stats();
    EXPECT_LE(stats.hits + stats.loaded + stats.compiled, stats.prepared);
  }

  Shared &shared;
  std::minstd_rand random; ///< the same numbers with every library
  std::vector<deq::Workspace> workspaces;
};

/// A folder for one test.
class Scratch {
public:
  Scratch() {
    std::string pattern = std::filesystem::temp_directory_path() / "deq-stress-XXXXXX";
    if (mkdtemp(pattern.data()))
      path = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string path;
};

void runStress(Shared &shared) {
  std::latch ready(threads);
  std::vector<std::thread> hosts;
  for (int number = 0; number < threads; ++number)
    hosts.emplace_back([&, number] {
      Host host(shared, 1 + number);
      ready.arrive_and_wait();
      for (int i = 0; i < operations; ++i)
        host.operate();
    });
  for (std::thread &host : hosts)
    host.join();
}

TEST(Stress, threadsGetWhatEachWouldGetAlone) {
  Shared shared({.capacity = 5, .cache_dir = ""});
  runStress(shared);
  const deq::EngineStats stats = shared.engine.stats();
  EXPECT_GT(stats.hits, threads * operations / 10);
  EXPECT_GT(stats.compiled, 2 * structures);
  EXPECT_GT(stats.evicted, 0);
  EXPECT_LE(stats.entries, 5u);
  EXPECT_GT(shared.heard, 0);
}

TEST(Stress, threadsShareAFolder) {
  const Scratch scratch;
  ASSERT_FALSE(scratch.path.empty());
  // Room for some of the programs: files go while others read them.
  Shared shared({.capacity = 3, .cache_dir = scratch.path, .cache_bytes = 100'000});
  runStress(shared);
  const deq::EngineStats stats = shared.engine.stats();
  EXPECT_GT(stats.loaded, 0);
  EXPECT_GT(stats.compiled, 2 * structures);
  EXPECT_GT(stats.hits, threads * operations / 10);
}

} // namespace
