// The folder of the cache: what it refuses, and what others see while it is written to.
#include "Support.h"

#include <atomic>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace deq::test {
namespace {

namespace fs = std::filesystem;

std::optional<Folder> opened(const std::string &path, bool create = true) {
  std::string error;
  std::optional<Folder> folder = Folder::open(path, create, error);
  EXPECT_TRUE(folder) << error;
  return folder;
}

std::string errorOf(const std::string &path, bool create = true) {
  std::string error;
  EXPECT_FALSE(Folder::open(path, create, error));
  return error;
}

unsigned modeOf(const std::string &path) {
  struct stat facts {};
  EXPECT_EQ(lstat(path.c_str(), &facts), 0);
  return facts.st_mode & 07777;
}

TEST(Folder, isMadeForItsUserAlone) {
  const TemporaryFolder temporary;
  const mode_t before = umask(0);
  const std::optional<Folder> folder = opened(temporary / "a/b/deq");
  std::string error;
  EXPECT_TRUE(folder->write("x", "1", error)) << error;
  umask(before);
  for (const char *name : {"a", "a/b", "a/b/deq"})
    EXPECT_EQ(modeOf(temporary / name), 0700u) << name;
  EXPECT_EQ(modeOf(temporary / "a/b/deq/x"), 0600u);
}

TEST(Folder, isNotMadeByThoseWhoOnlyLook) {
  const TemporaryFolder temporary;
  EXPECT_EQ(errorOf(temporary / "deq", false), "");
  EXPECT_FALSE(fs::exists(temporary / "deq"));
}

TEST(Folder, thatOthersMayWriteToIsNotUsed) {
  const TemporaryFolder temporary;
  for (const mode_t mode : {0720, 0702, 0777, 01777}) {
    ASSERT_EQ(chmod(temporary.path.c_str(), mode), 0);
    const std::string error = errorOf(temporary.path.string());
    EXPECT_NE(error.find("is not used: "), std::string::npos) << error;
    EXPECT_NE(error.find("others may write to it (mode "), std::string::npos) << error;
  }
  ASSERT_EQ(chmod(temporary.path.c_str(), 0700), 0);
  opened(temporary.path.string());
}

TEST(Folder, ofAnotherUserIsNotUsed) {
  const TemporaryFolder temporary;
  if (geteuid() != 0)
    GTEST_SKIP() << "only root can give a folder away";
  ASSERT_EQ(chown(temporary.path.c_str(), 12345, 12345), 0);
  EXPECT_NE(errorOf(temporary.path.string()).find("it belongs to user 12345"), std::string::npos);
}

TEST(Folder, isNoLinkAndNoFileAndNoRelativePath) {
  const TemporaryFolder temporary;
  fs::create_directory(temporary.path / "real");
  fs::create_directory_symlink("real", temporary.path / "link");
  writeBytes(temporary / "file", "");
  for (bool create : {true, false})
    for (const char *name : {"link", "file", "file/below"}) {
      const std::string error = errorOf(temporary / name, create);
      EXPECT_NE(error.find("cache folder '" + temporary / name), std::string::npos) << error;
    }
  EXPECT_EQ(errorOf("here"), "expected an absolute path of a cache folder, got 'here'");
  EXPECT_FALSE(fs::exists("here"));
}

TEST(Folder, filesThatOthersMayWriteToAreNotRead) {
  const TemporaryFolder temporary;
  const std::optional<Folder> folder = opened(temporary.path.string());
  auto refusalOf = [&](const std::string &name) {
    std::string refusal;
    EXPECT_FALSE(folder->read(name, 100, refusal)) << name;
    return refusal;
  };
  writeBytes(temporary / "x", "1");
  for (const mode_t mode : {0620, 0602, 0666}) {
    chmod((temporary / "x").c_str(), mode);
    EXPECT_EQ(refusalOf("x").substr(0, 22), "others may write to it");
  }
  chmod((temporary / "x").c_str(), 0644);
  std::string refusal;
  EXPECT_EQ(folder->read("x", 100, refusal), "1");
  fs::create_symlink("x", temporary.path / "link");
  EXPECT_EQ(refusalOf("link"), "it is a symbolic link");
  fs::create_directory(temporary.path / "folder");
  EXPECT_EQ(refusalOf("folder"), "it is no file");
  ASSERT_EQ(mkfifo((temporary / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(refusalOf("pipe"), "it is no file");
  EXPECT_EQ(refusalOf("missing"), "");
  if (geteuid() == 0) {
    ASSERT_EQ(chown((temporary / "x").c_str(), 12345, 12345), 0);
    EXPECT_EQ(refusalOf("x"), "it belongs to user 12345");
  }
}

TEST(Folder, filesLargerThanAllThatIsKeptAreNotRead) {
  const TemporaryFolder temporary;
  const std::optional<Folder> folder = opened(temporary.path.string());
  writeBytes(temporary / "x", "1");
  ASSERT_EQ(truncate((temporary / "x").c_str(), off_t(1) << 40), 0);
  std::string refusal;
  EXPECT_FALSE(folder->read("x", 1 << 20, refusal));
  EXPECT_EQ(refusal, "it is too large: 1099511627776 bytes");
}

TEST(Folder, readersSeeWholeFilesOnly) {
  const TemporaryFolder temporary;
  const std::optional<Folder> folder = opened(temporary.path.string());
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0, failed = 0, read = 0;
  std::vector<std::thread> threads;
  for (char mark : {'a', 'b'})
    threads.emplace_back([&, mark] {
      std::string error;
      while (!stop)
        failed += !folder->write("x", std::string(mark == 'a' ? 20'000 : 30'000, mark), error);
    });
  while (read < 2000) {
    std::string refusal;
    const std::optional<std::string> bytes = folder->read("x", 1 << 20, refusal);
    wrong += !refusal.empty();
    if (!bytes)
      continue; // not written yet
    ++read;
    wrong += bytes->find_first_not_of(bytes->front()) != std::string::npos ||
             bytes->size() != (bytes->front() == 'a' ? 20'000 : 30'000);
  }
  stop = true;
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(std::distance(fs::directory_iterator(temporary.path), {}), 1);
}

TEST(Folder, replacesALinkAndNotWhatItPointsTo) {
  const TemporaryFolder temporary;
  const std::optional<Folder> folder = opened(temporary / "deq");
  writeBytes(temporary / "outside", "keep");
  fs::create_symlink("../outside", temporary.path / "deq/x");
  folder->touch("x", 0, 0);
  std::string error;
  EXPECT_TRUE(folder->write("x", "new", error)) << error;
  EXPECT_EQ(bytesOf(temporary / "outside"), "keep");
  EXPECT_EQ(bytesOf(temporary / "deq/x"), "new");
  EXPECT_FALSE(fs::is_symlink(temporary.path / "deq/x"));
}

TEST(Folder, leftoversOfDeadWritersGo) {
  const TemporaryFolder temporary;
  const std::optional<Folder> folder = opened(temporary.path.string());
  for (const char *name : {"dead.part", "alive.part", "fresh.part", "x.deq-code"})
    writeBytes(temporary / name, "half");
  const int alive = ::open((temporary / "alive.part").c_str(), O_RDONLY);
  ASSERT_EQ(flock(alive, LOCK_EX), 0);
  for (const char *name : {"dead.part", "alive.part", "x.deq-code"})
    age(temporary / name, 10);
  folder->removeLeftovers();
  EXPECT_FALSE(fs::exists(temporary / "dead.part"));
  for (const char *name : {"alive.part", "fresh.part", "x.deq-code"})
    EXPECT_TRUE(fs::exists(temporary / name)) << name;
  close(alive);
}

TEST(Folder, whatCannotBeWrittenLeavesNothing) {
  const TemporaryFolder temporary;
  const std::optional<Folder> folder = opened(temporary.path.string());
  fs::create_directory(temporary.path / "x");
  std::string error;
  EXPECT_FALSE(folder->write("x", "1", error)); // there is a folder of that name
  EXPECT_EQ(error.substr(0, 36), "cannot rename a file of the cache: I") << error;
  EXPECT_EQ(std::distance(fs::directory_iterator(temporary.path), {}), 1);
}

} // namespace
} // namespace deq::test
