// The cache on disk by its keys: what it finds, refuses, keeps and drops.
#include "Support.h"

#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace deq::test {
namespace {

namespace fs = std::filesystem;

/// A cache in a folder of its own that remembers its warnings.
struct Watched {
  explicit Watched(std::int64_t bound = 1 << 20, const std::string &folder = "deq")
      : cache({temporary / folder, bound},
              [this](const std::string &text) { warnings.push_back(text); }) {}

  std::string pathOf(const Key &key) const {
    return temporary / ("deq/" + DiskCache::nameOf(key.digest));
  }
  std::string refusalOf(const Key &key) {
    std::string refusal;
    EXPECT_FALSE(cache.find(key, refusal));
    return refusal;
  }
  std::vector<Listed> listed() {
    refused.clear();
    return cache.list([this](const std::string &file, const std::string &reason) {
      refused.emplace_back(file, reason);
    });
  }

  TemporaryFolder temporary;
  std::vector<std::string> warnings;
  std::vector<std::pair<std::string, std::string>> refused;
  DiskCache cache;
};

Key numbered(int number) { return keyOf({{"method", "m" + std::to_string(number)}}); }

TEST(DiskCache, findsWhatItKept) {
  Watched host;
  const Key key = keyOf();
  EXPECT_EQ(host.refusalOf(key), "");
  host.cache.store(entryOf(key));
  std::string refusal;
  const std::optional<Entry> found = host.cache.find(key, refusal);
  ASSERT_TRUE(found) << refusal;
  EXPECT_EQ(found->image, entryOf(key).image);
  EXPECT_EQ(host.refusalOf(numbered(1)), "");
  EXPECT_TRUE(host.warnings.empty());
}

TEST(DiskCache, countsHits) {
  Watched host;
  const Key key = keyOf();
  host.cache.store(entryOf(key));
  std::string refusal;
  for (int i = 0; i < 3; ++i)
    host.cache.find(key, refusal);
  host.cache.find(key, refusal, false);
  const std::vector<Listed> all = host.listed();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].hits, 3);
  EXPECT_EQ(all[0].file, DiskCache::nameOf(key.digest));
  EXPECT_EQ(all[0].bytes, std::int64_t(fs::file_size(host.pathOf(key))));
  host.cache.store(entryOf(key)); // compiled anew
  EXPECT_EQ(host.listed()[0].hits, 0);
}

TEST(DiskCache, damagedCountsOfHitsAreBounded) {
  Watched host;
  for (int i = 0; i < 3; ++i) {
    host.cache.store(entryOf(numbered(i)));
    std::string file = bytesOf(host.pathOf(numbered(i)));
    file.replace(offsetof(EntryHeader, hits), 8, std::string(8, i == 0 ? '\xff' : '\x7f'));
    writeBytes(host.pathOf(numbered(i)), file);
  }
  std::int64_t sum = 0;
  for (const Listed &listed : host.listed()) {
    EXPECT_GE(listed.hits, 0);
    sum += listed.hits; // must not overflow
  }
  EXPECT_GT(sum, 0);
}

std::int64_t bytesIn(const fs::path &folder) {
  std::int64_t bytes = 0;
  for (const auto &file : fs::directory_iterator(folder))
    if (file.path().extension() == ".deq-code")
      bytes += std::int64_t(file.file_size());
  return bytes;
}

TEST(DiskCache, boundHoldsWhereManyWriteAtOnce) {
  const std::int64_t bound = 3 * std::int64_t(encode(entryOf(numbered(10))).size());
  Watched host(bound);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::thread> threads;
    for (int i = 10; i < 18; ++i)
      threads.emplace_back([&, i] { host.cache.store(entryOf(numbered(i))); });
    for (std::thread &thread : threads)
      thread.join();
    ASSERT_LE(bytesIn(host.temporary.path / "deq"), bound) << round;
  }
  EXPECT_TRUE(host.warnings.empty());
}

TEST(DiskCache, boundHoldsWhereverAWriterIsKilled) {
  const std::int64_t bound = 3 * std::int64_t(encode(entryOf(numbered(100))).size());
  Watched host(bound);
  host.cache.store(entryOf(numbered(100)));
  for (int round = 0; round < 100; ++round) {
    const pid_t writer = fork();
    ASSERT_GE(writer, 0);
    if (writer == 0)
      for (int i = 0;; ++i)
        host.cache.store(entryOf(numbered(100 + i % 800)));
    usleep(static_cast<useconds_t>(1000 + 37 * round));
    kill(writer, SIGKILL);
    waitpid(writer, nullptr, 0);
    ASSERT_LE(bytesIn(host.temporary.path / "deq"), bound) << round;
    host.listed();
    ASSERT_TRUE(host.refused.empty()) << host.refused.front().second;
  }
  for (const auto &file : fs::directory_iterator(host.temporary.path / "deq"))
    if (file.path().extension() == ".part")
      age(file.path(), 10);
  host.cache.store(entryOf(numbered(0)));
  for (const auto &file : fs::directory_iterator(host.temporary.path / "deq"))
    EXPECT_EQ(file.path().extension(), ".deq-code") << file.path();
}

TEST(DiskCache, dropsWhatWasUsedLongestAgo) {
  const std::int64_t each = std::int64_t(encode(entryOf(numbered(0))).size());
  Watched host(3 * each);
  for (int i = 0; i < 3; ++i) {
    host.cache.store(entryOf(numbered(i)));
    age(host.pathOf(numbered(i)), 100 - i);
  }
  std::string refusal;
  EXPECT_TRUE(host.cache.find(numbered(0), refusal)); // now 1 is the oldest
  host.cache.store(entryOf(numbered(3)));
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(host.cache.find(numbered(i), refusal, false).has_value(), i != 1) << i;
  for (int i = 4; i < 50; ++i) {
    host.cache.store(entryOf(numbered(i), 64 + 8 * std::size_t(i % 7)));
    ASSERT_LE(bytesIn(host.temporary.path / "deq"), 3 * each);
    ASSERT_TRUE(host.cache.find(numbered(i), refusal, false)) << i;
  }
}

TEST(DiskCache, whatIsLargerThanTheBoundIsNotKept) {
  Watched host(100);
  host.cache.store(entryOf(keyOf()));
  EXPECT_FALSE(fs::exists(host.temporary / "deq"));
}

TEST(DiskCache, refusalsSayWhatIsThere) {
  Watched host;
  const Key key = keyOf();
  host.cache.store(entryOf(key));
  const std::string path = host.pathOf(key), file = bytesOf(path);
  auto refusalOf = [&](std::string_view bytes) {
    writeBytes(path, bytes);
    return host.refusalOf(key);
  };
  EXPECT_EQ(refusalOf(""), "it is no file of deq's cache");
  EXPECT_EQ(refusalOf(file.substr(0, 50)).substr(0, 13), "it is cut off");
  std::string damaged = file;
  damaged[200] ^= 1;
  EXPECT_EQ(refusalOf(damaged), "it is damaged: its checksum is not that of its contents");
  EXPECT_EQ(refusalOf(encode(entryOf(keyOf({{"processor", "GenuineIntel 6-143-8: avx512f"}})))),
            "it is of another key: processor GenuineIntel 6-143-8: avx512f -> processor");
  EXPECT_EQ(refusalOf(encode(entryOf(keyOf({{"build", "0.0.1-cafe"}})))),
            "it is of another key: build of deq 0.0.1-cafe -> build");
  writeBytes(path, file);
  std::string refusal;
  EXPECT_TRUE(host.cache.find(key, refusal)) << refusal;
}

TEST(DiskCache, nearestIsOfTheSamePlaceFirst) {
  Watched host;
  const Location here = {"/here.deq", 0, 0}, there = {"/there.deq", 0, 0};
  EXPECT_FALSE(host.cache.nearest(keyOf(), here));
  auto keep = [&](Key key, const Location &site) {
    Entry entry = entryOf(std::move(key));
    entry.site = site;
    host.cache.store(entry);
  };
  keep(keyOf({{"method", "rk4"}}), there);
  keep(keyOf({{"method", "rk4"}, {"save", "dense"}, {"tier", "quick"}}), here);
  keep(keyOf({{"method", "bosh3"}, {"save", "dense"}}), here);
  std::optional<Entry> found = host.cache.nearest(keyOf(), here);
  ASSERT_TRUE(found);
  EXPECT_EQ(difference(found->key, keyOf()), "method bosh3 -> method, save plan dense -> save");
  found = host.cache.nearest(keyOf(), {"/elsewhere.deq", 0, 0});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->site.file, "/there.deq");
}

TEST(DiskCache, listsAndClearsWhatItRefusesAsWell) {
  Watched host;
  for (int i = 0; i < 3; ++i) {
    host.cache.store(entryOf(numbered(i)));
    age(host.pathOf(numbered(i)), 10 * i);
  }
  writeBytes(host.pathOf(numbered(7)), "nonsense");
  fs::create_symlink("/etc/passwd", host.pathOf(numbered(8)));
  writeBytes(host.temporary / "deq/notes.txt", "not of deq");
  const std::vector<Listed> all = host.listed();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].entry.key.digest, numbered(0).digest);
  EXPECT_EQ(all[2].entry.key.digest, numbered(2).digest);
  ASSERT_EQ(host.refused.size(), 2u);
  EXPECT_EQ(host.cache.clear(), 5);
  EXPECT_TRUE(host.listed().empty());
  EXPECT_TRUE(host.refused.empty());
  EXPECT_TRUE(fs::exists(host.temporary / "deq/notes.txt"));
  EXPECT_TRUE(fs::exists("/etc/passwd"));
}

TEST(DiskCache, aFolderThatCannotBeUsedWarnsOnce) {
  Watched host(1 << 20, "file/deq");
  writeBytes(host.temporary / "file", "");
  EXPECT_EQ(host.refusalOf(keyOf()), "");
  for (int i = 0; i < 3; ++i)
    host.cache.store(entryOf(numbered(i)));
  EXPECT_FALSE(host.cache.nearest(keyOf(), {}));
  EXPECT_EQ(host.cache.clear(), 0);
  ASSERT_EQ(host.warnings.size(), 1u);
  EXPECT_NE(host.warnings[0].find("Not a directory"), std::string::npos) << host.warnings[0];
}

TEST(DiskCache, noFolderIsNoCache) {
  DiskCache cache({"", 1 << 20}, [](const std::string &text) { ADD_FAILURE() << text; });
  std::string refusal;
  EXPECT_FALSE(cache.enabled());
  cache.store(entryOf(keyOf()));
  EXPECT_FALSE(cache.find(keyOf(), refusal));
  EXPECT_FALSE(cache.nearest(keyOf(), {}));
  EXPECT_EQ(cache.clear(), 0);
}

/// Sets variables of the environment, for one test.
struct Variables {
  Variables(std::initializer_list<std::pair<const char *, const char *>> values) {
    for (const auto &[name, value] : values) {
      const char *old = std::getenv(name);
      before.emplace_back(name, old ? std::optional<std::string>(old) : std::nullopt);
      value ? setenv(name, value, 1) : unsetenv(name);
    }
  }
  ~Variables() {
    for (const auto &[name, value] : before)
      value ? setenv(name, value->c_str(), 1) : unsetenv(name);
  }
  std::vector<std::pair<const char *, std::optional<std::string>>> before;
};

TEST(DiskCache, folderIsThatOfTheEnvironment) {
  auto folder = [](const char *own, const char *xdg, const char *home) {
    const Variables set{{"DEQ_CACHE_DIR", own}, {"XDG_CACHE_HOME", xdg}, {"HOME", home}};
    std::string warnings;
    const std::string folder =
        defaultDiskSettings([&](const std::string &text) { warnings += text; }).folder;
    const bool missing = !own && !xdg && !home;
    EXPECT_EQ(warnings, missing ? "nothing is kept on disk: expected a home folder in HOME, or "
                                  "DEQ_CACHE_DIR"
                                : "");
    return folder;
  };
  EXPECT_EQ(folder("/mine", "/xdg", "/ada"), "/mine");
  EXPECT_EQ(folder("", "/xdg", "/ada"), "");
  EXPECT_EQ(folder(nullptr, "/xdg", "/ada"), "/xdg/deq");
  EXPECT_EQ(folder(nullptr, "relative", "/ada"), "/ada/.cache/deq");
  EXPECT_EQ(folder(nullptr, nullptr, "/ada"), "/ada/.cache/deq");
  EXPECT_EQ(folder(nullptr, nullptr, nullptr), "");
}

TEST(DiskCache, boundIsThatOfTheEnvironment) {
  std::vector<std::string> warnings;
  auto bound = [&](const char *text) {
    const Variables set{{"DEQ_CACHE_DIR", ""}, {"DEQ_CACHE_BYTES", text}};
    return defaultDiskSettings([&](const std::string &w) { warnings.push_back(w); }).bound;
  };
  EXPECT_EQ(bound(nullptr), 256 << 20);
  EXPECT_EQ(bound("1000000"), 1'000'000);
  EXPECT_EQ(bound("0"), 0);
  EXPECT_TRUE(warnings.empty());
  for (const char *text : {"", "12 MB", "-1", "1e6", "99999999999999999999"})
    EXPECT_EQ(bound(text), 256 << 20) << text;
  ASSERT_EQ(warnings.size(), 5u);
  EXPECT_EQ(warnings[1], "expected a number of bytes in DEQ_CACHE_BYTES, got '12 MB'");
}

} // namespace
} // namespace deq::test
