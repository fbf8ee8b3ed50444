// Programs that engines share through a folder: the same bits without a compile, and no file in it,
// whatever its bytes, that makes a solve wrong.
#include <deq/deq.h>

#include "CacheFiles.h"

#include <cmath>
#include <thread>
#include <unistd.h>

namespace {

using namespace cache_files;

/// An engine on a folder that remembers its reports.
struct Host {
  explicit Host(std::string folder, std::int64_t bytes = 64 << 20)
      : engine({.cache_dir = std::move(folder), .cache_bytes = bytes}) {
    engine.on_compile([this](const deq::CompileReport &report) { reports.push_back(report); });
  }
  std::string reason() const { return reports.empty() ? "" : reports.back().reason; }
  deq::Engine engine;
  std::vector<deq::CompileReport> reports;
};

deq::Field pendulum() {
  return deq::trace("pendulum", {.state = {"x", "v"}, .args = {"g"}},
                    [](deq::Scalar, const deq::Vars &y, const deq::Vars &p) {
                      return deq::stack(y[1], -p[0] * sin(y[0]) - 0.1 * y[1]);
                    });
}

/// At one place of this file.
deq::Solution solve(deq::Engine &engine, deq::Options options = {.save = deq::every(0.25)}) {
  return engine.prepare(pendulum(),
                        std::move(options))({.t0 = 0, .t1 = 5, .y0 = {1, 0}, .args = {9.81}});
}

const deq::Solution &expected() {
  static const deq::Solution solution = [] {
    deq::Engine engine({.cache_dir = ""});
    return solve(engine);
  }();
  return solution;
}

void expectSolved(deq::Engine &engine, const std::string &what = {}) {
  const deq::Solution s = solve(engine);
  ASSERT_TRUE(s.ok()) << what;
  ASSERT_EQ(s.t, expected().t) << what;
  ASSERT_EQ(s.y, expected().y) << what;
}

TEST(Disk, anotherEngineLoadsWhatOneCompiled) {
  const TemporaryCache cache;
  Host first(cache.folder()), second(cache.folder());
  expectSolved(first.engine);
  EXPECT_EQ(first.engine.stats().compiled, 1);
  EXPECT_EQ(first.engine.stats().loaded, 0);
  const fs::path file = cache.only();
  EXPECT_EQ(fs::status(cache.folder()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  expectSolved(second.engine);
  expectSolved(second.engine);
  EXPECT_EQ(second.engine.stats().compiled, 0);
  EXPECT_EQ(second.engine.stats().loaded, 1);
  EXPECT_EQ(second.engine.stats().hits, 1);
  EXPECT_TRUE(second.reports.empty());
  EXPECT_EQ(wordAt(bytesOf(file), hitsAt), 1u);
}

TEST(Disk, everyFormOfASolveGivesTheSameBitsFromTheFolder) {
  const deq::Options forms[] = {
      {.save = deq::dense()},
      {.dtype = "f32"},
      {.stages = "scan"},
      {.stages = "outline"},
      {.tier = "quick"},
      {.method = deq::dopri5, .save = deq::at({0.1, 3})},
      {.method = deq::rk4, .control = deq::constant_step(0.01)},
  };
  const TemporaryCache cache;
  for (const deq::Options &form : forms) {
    Host first(cache.folder()), second(cache.folder());
    const deq::Solution compiled = solve(first.engine, form), loaded = solve(second.engine, form);
    EXPECT_EQ(first.engine.stats().compiled, 1);
    EXPECT_EQ(second.engine.stats().loaded, 1);
    ASSERT_TRUE(compiled.ok() && loaded.ok());
    EXPECT_EQ(compiled.t, loaded.t);
    EXPECT_EQ(compiled.y, loaded.y);
    EXPECT_EQ(compiled.stats.evaluations, loaded.stats.evaluations);
  }
  EXPECT_EQ(cache.files().size(), std::size(forms));
}

TEST(Disk, whatAnEngineForgotIsLoadedAgain) {
  const TemporaryCache cache;
  Host host(cache.folder());
  expectSolved(host.engine);
  host.engine.clear();
  expectSolved(host.engine);
  EXPECT_EQ(host.engine.stats().compiled, 1);
  EXPECT_EQ(host.engine.stats().loaded, 1);
}

TEST(Disk, theInterpreterKeepsNothing) {
  const TemporaryCache cache;
  deq::Engine engine({.interpret = true, .cache_dir = cache.folder()});
  expectSolved(engine);
  EXPECT_TRUE(cache.files().empty());
}

TEST(Disk, aNewEngineNamesTheNearestFile) {
  const TemporaryCache cache;
  Host first(cache.folder()), second(cache.folder());
  solve(first.engine, {.method = deq::rk4, .control = deq::constant_step(0.1)});
  EXPECT_EQ(first.reason(), "first compile here");
  solve(first.engine);
  solve(second.engine, {.method = deq::dopri5, .save = deq::every(0.25)});
  EXPECT_EQ(second.reason(), "method tsit5 -> dopri5");
  Host third(cache.folder());
  third.engine.prepare(pendulum(), {.save = deq::dense()});
  EXPECT_EQ(third.reason().substr(0, 20), "first compile here; ") << third.reason();
  EXPECT_NE(third.reason().find("'pendulum' of "), std::string::npos) << third.reason();
  EXPECT_NE(third.reason().find("DiskTest.cpp:"), std::string::npos) << third.reason();
  EXPECT_NE(third.reason().find(" differs: save plan times -> dense"), std::string::npos)
      << third.reason();
}

TEST(Disk, folderStaysWithinItsBound) {
  const TemporaryCache cache;
  std::int64_t each = 0;
  {
    Host host(cache.folder());
    expectSolved(host.engine);
    each = std::int64_t(fs::file_size(cache.only()));
  }
  const std::int64_t bound = 3 * each;
  Host host(cache.folder(), bound);
  for (deq::MethodName method : {deq::bosh3, deq::dopri5, deq::rk4, deq::heun, deq::tsit5}) {
    solve(host.engine, {.method = method, .control = deq::constant_step(0.1)});
    std::int64_t bytes = 0;
    for (const fs::path &file : cache.files())
      bytes += std::int64_t(fs::file_size(file));
    EXPECT_LE(bytes, bound);
    EXPECT_GE(bytes, each / 2);
  }
}

/// A file of the folder, which a test changes.
struct Damaged {
  Damaged() {
    Host host(cache.folder());
    expectSolved(host.engine);
    path = cache.only();
    good = bytesOf(path);
  }

  /// The reason of the compile that an engine does for these bytes; empty: it found them good.
  /// Whatever it is, the solution is right and the file is good again.
  std::string reasonFor(const std::string &bytes) {
    write(path, bytes);
    Host host(cache.folder());
    expectSolved(host.engine);
    EXPECT_EQ(host.engine.stats().compiled + host.engine.stats().loaded, 1);
    Host after(cache.folder());
    expectSolved(after.engine);
    EXPECT_EQ(after.engine.stats().loaded, 1);
    return host.reason();
  }

  TemporaryCache cache;
  fs::path path;
  std::string good;
};

const std::string refused = "what the cache has is refused: ";

TEST(Disk, damagedFilesAreRefusedAndRebuilt) {
  Damaged file;
  EXPECT_EQ(file.reasonFor(file.good), "");
  for (std::size_t at = 1; at < file.good.size(); at += file.good.size() / 25) {
    std::string damaged = file.good;
    damaged[at] = static_cast<char>(~damaged[at]);
    const std::string reason = file.reasonFor(damaged);
    EXPECT_EQ(reason.substr(0, refused.size()), refused) << at;
  }
  for (std::size_t length = 0; length < file.good.size(); length += file.good.size() / 15)
    EXPECT_EQ(file.reasonFor(file.good.substr(0, length)).substr(0, refused.size()), refused)
        << length;
}

TEST(Disk, filesOfAnotherProcessorOrBuildAreRefused) {
  Damaged file;
  const std::vector<std::string> values = keyValues(file.good);
  ASSERT_GE(values.size(), 15u);
  auto changed = [](std::string text, char from) {
    for (char &c : text)
      c = c == from ? static_cast<char>(from ^ 1) : c;
    return text;
  };
  // The last two fields of Key.def: processor and build.
  const std::string processor = values[values.size() - 2], build = values.back();
  const std::string other = changed(processor, 'a'), older = changed(build, build.back());
  ASSERT_NE(processor, other);
  EXPECT_EQ(file.reasonFor(sealed(replaced(file.good, processor, other))),
            refused + "it is of another key: processor " + other + " -> " + processor);
  EXPECT_EQ(file.reasonFor(sealed(replaced(file.good, build, older))),
            refused + "it is of another key: build of deq " + older + " -> " + build);
}

TEST(Disk, codeThatCallsSomethingElseIsRefused) {
  Damaged file;
  // `sin` is the one function that this field calls; the word before is the name's length.
  std::string name = std::string("\x03\0\0\0\0\0\0\0", 8) + "sin";
  std::string other = std::string("\x03\0\0\0\0\0\0\0", 8) + "pwn";
  EXPECT_EQ(file.reasonFor(sealed(replaced(file.good, name, other))),
            refused + "expected a function that code may call, got 'pwn'");
}

TEST(Disk, refusalsAreToldWhereMemoryKnowsAReasonToo) {
  Damaged file;
  Host host(file.cache.folder());
  solve(host.engine, {.save = deq::dense()});
  write(file.path, "nonsense");
  expectSolved(host.engine);
  EXPECT_EQ(host.reason(), refused + "it is no file of deq's cache");
}

TEST(Disk, filesThatOthersMayWriteToAreRefused) {
  Damaged file;
  ASSERT_EQ(chmod(file.path.c_str(), 0666), 0);
  Host host(file.cache.folder());
  expectSolved(host.engine);
  EXPECT_EQ(host.reason(), refused + "others may write to it (mode 666)");
  EXPECT_EQ(fs::status(file.path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(Disk, linksAreRefusedAndReplaced) {
  Damaged file;
  const fs::path outside = file.cache.root / "outside";
  fs::rename(file.path, outside);
  fs::create_symlink(outside, file.path);
  Host host(file.cache.folder());
  expectSolved(host.engine);
  EXPECT_EQ(host.reason(), refused + "it is a symbolic link");
  EXPECT_FALSE(fs::is_symlink(file.path));
  EXPECT_EQ(bytesOf(outside), file.good);
}

/// Solves three programs with a folder that cannot be used; the warnings on standard error.
std::string warningsWith(const std::string &folder) {
  testing::internal::CaptureStderr();
  deq::Engine engine({.cache_dir = folder});
  expectSolved(engine);
  solve(engine, {.save = deq::dense()});
  solve(engine, {.method = deq::bosh3});
  EXPECT_EQ(engine.stats().compiled, 3);
  return testing::internal::GetCapturedStderr();
}

void expectOneWarning(const std::string &text, const std::string &part) {
  EXPECT_EQ(text.substr(0, 14), "deq: warning: ") << text;
  EXPECT_NE(text.find(part), std::string::npos) << text;
  EXPECT_EQ(text.find('\n'), text.size() - 1) << text;
}

TEST(Disk, foldersThatCannotBeUsedCostTheCachingAlone) {
  const TemporaryCache cache;
  EXPECT_EQ(warningsWith(""), "");
  expectOneWarning(warningsWith("here"), "expected an absolute path of a cache folder, got 'here'");
  EXPECT_FALSE(fs::exists("here"));
  write(cache.root / "file", "");
  expectOneWarning(warningsWith(cache.root / "file"), "Not a directory");
  expectOneWarning(warningsWith(cache.root / "file/below"), "Not a directory");
  fs::create_directory(cache.root / "shared");
  fs::permissions(cache.root / "shared", fs::perms::all);
  expectOneWarning(warningsWith(cache.root / "shared"), "others may write to it (mode 777)");
  EXPECT_TRUE(fs::is_empty(cache.root / "shared"));
  expectOneWarning(warningsWith("/proc/deq"), "cannot make the cache folder '/proc/deq'");
}

TEST(Disk, threadsAndEnginesShareAFolder) {
  const TemporaryCache cache;
  (void)expected();
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number)
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        deq::Engine engine({.cache_dir = cache.folder()});
        expectSolved(engine);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(cache.files().size(), 1u);
}

} // namespace
