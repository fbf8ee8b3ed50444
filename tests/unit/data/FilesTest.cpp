// Files from disk: what is read and what is refused, and which path a source means.
// Everything happens in a folder of the test's own.
#include "compiler/Data/Files.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace deq;

namespace {

class FilesTest : public testing::Test {
protected:
  FilesTest() {
    char name[] = "deq-files-XXXXXX";
    folder = mkdtemp(name);
  }
  ~FilesTest() override { std::filesystem::remove_all(folder); }

  std::string write(const std::string &name, const std::string &bytes) {
    std::ofstream(folder + "/" + name, std::ios::binary) << bytes;
    return folder + "/" + name;
  }

  std::string errorOf(const std::string &path, DiskFiles files = DiskFiles()) {
    std::string error;
    return files.read(path, error) ? "no error" : error;
  }

  std::string folder;
};

} // namespace

TEST_F(FilesTest, ReadsAllBytes) {
  std::string bytes(200000, 'x');
  bytes[7] = '\0';
  bytes[8] = '\r';
  std::string error;
  EXPECT_EQ(DiskFiles().read(write("data.bin", bytes), error), bytes);
  EXPECT_EQ(DiskFiles().read(write("empty", ""), error), "");
  std::filesystem::create_symlink("data.bin", folder + "/link");
  EXPECT_EQ(DiskFiles().read(folder + "/link", error), bytes);
  EXPECT_EQ(error, "");
}

TEST_F(FilesTest, RefusesMoreThanTheLimit) {
  std::string path = write("data.bin", std::string(100, 'x'));
  EXPECT_EQ(errorOf(path, DiskFiles(100)), "no error");
  EXPECT_EQ(errorOf(path, DiskFiles(99)),
            "cannot read '" + path + "': expected at most 99 bytes, got more");
}

TEST_F(FilesTest, SaysWhatIsNoFile) {
  EXPECT_EQ(errorOf(folder + "/none"), "cannot read '" + folder + "/none': no such file");
  EXPECT_EQ(errorOf(folder), "cannot read '" + folder +
                                 "': expected a regular file, got a "
                                 "directory");
  EXPECT_EQ(errorOf("/dev/zero"), "cannot read '/dev/zero': expected a regular file, got a device");
  ASSERT_EQ(mkfifo((folder + "/pipe").c_str(), 0600), 0);
  EXPECT_EQ(errorOf(folder + "/pipe"),
            "cannot read '" + folder + "/pipe': expected a regular file, got a pipe");
  std::string file = write("file", "x");
  EXPECT_EQ(errorOf(file + "/below"), "cannot read '" + file + "/below': no such file");
  EXPECT_EQ(errorOf(""), "cannot read '': the path is empty");
  EXPECT_EQ(errorOf(file + std::string("\0x", 2)),
            "cannot read '" + file + "\\x00x': the path contains a zero byte");
  std::string loop = folder + "/loop";
  std::filesystem::create_symlink("loop", loop);
  EXPECT_EQ(errorOf(loop), "cannot read '" + loop + "': too many levels of symbolic links");
}

TEST_F(FilesTest, SaysThatAFileMayNotBeRead) {
  if (geteuid() == 0)
    GTEST_SKIP() << "root may read everything";
  std::string path = write("secret", "x");
  chmod(path.c_str(), 0);
  EXPECT_EQ(errorOf(path), "cannot read '" + path + "': permission denied");
}

TEST(Besides, MeansTheFolderOfTheSource) {
  EXPECT_EQ(besides("model.deq", "w.npy"), "w.npy");
  EXPECT_EQ(besides("", "w.npy"), "w.npy");
  EXPECT_EQ(besides("models/node.deq", "w.npy"), "models/w.npy");
  EXPECT_EQ(besides("models/node.deq", "../data/w.npy"), "models/../data/w.npy");
  EXPECT_EQ(besides("/models/node.deq", "w.npy"), "/models/w.npy");
  EXPECT_EQ(besides("models/node.deq", "/data/w.npy"), "/data/w.npy");
}
