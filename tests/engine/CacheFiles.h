// Files of the cache on disk as a host's tests see them: found, changed, and made to look right.
// Knows the form of a file by itself, since a host's library exports nothing of it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <vector>
#include <xxhash.h>

namespace cache_files {

namespace fs = std::filesystem;

/// A folder that does not exist yet, in one that is removed at the end.
struct TemporaryCache {
  TemporaryCache() {
    std::string name = (fs::temp_directory_path() / "deq-engine-XXXXXX").string();
    if (!mkdtemp(name.data()))
      ADD_FAILURE() << "no temporary folder";
    root = name;
  }
  ~TemporaryCache() {
    std::error_code code;
    fs::remove_all(root, code);
  }
  std::string folder() const { return root / "deq"; }
  std::vector<fs::path> files() const {
    std::vector<fs::path> all;
    std::error_code code;
    for (const auto &file : fs::directory_iterator(folder(), code))
      all.push_back(file.path());
    return all;
  }
  fs::path only() const {
    const std::vector<fs::path> all = files();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? fs::path() : all.front();
  }

  fs::path root;
};

inline std::string bytesOf(const fs::path &path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void write(const fs::path &path, const std::string &bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  chmod(path.c_str(), 0600);
}

/// Eight bytes of magic, hits, size, two words of checksum; then the contents.
constexpr std::size_t hitsAt = 8, sizeAt = 16, checksumAt = 24, contentsAt = 40;

inline std::uint64_t wordAt(const std::string &file, std::size_t at) {
  std::uint64_t word;
  std::memcpy(&word, file.data() + at, sizeof word);
  return word;
}
inline void setWord(std::string &file, std::size_t at, std::uint64_t word) {
  std::memcpy(file.data() + at, &word, sizeof word);
}

/// With the size and the checksum of what it is now.
inline std::string sealed(std::string file) {
  setWord(file, sizeAt, file.size());
  const std::string summed =
      file.substr(0, hitsAt) + file.substr(sizeAt, 8) + file.substr(contentsAt);
  const XXH128_hash_t sum = XXH3_128bits(summed.data(), summed.size());
  setWord(file, checksumAt, sum.low64);
  setWord(file, checksumAt + 8, sum.high64);
  return file;
}

/// Every text in a file of some length, replaced by another of that length.
inline std::string replaced(std::string file, const std::string &old, const std::string &now) {
  EXPECT_EQ(old.size(), now.size());
  std::size_t count = 0;
  for (std::size_t at = file.find(old); at != std::string::npos; at = file.find(old, at)) {
    file.replace(at, old.size(), now);
    ++count;
  }
  EXPECT_GT(count, 0u) << old;
  return file;
}

/// First values of the key's fields, in their order: a number of fields, each three lists of texts.
inline std::vector<std::string> keyValues(const std::string &file) {
  std::size_t at = contentsAt;
  auto word = [&] {
    at += 8;
    return wordAt(file, at - 8);
  };
  std::vector<std::string> values;
  for (std::uint64_t fields = word(); fields > 0; --fields)
    for (int list = 0; list < 3; ++list) {
      const std::uint64_t texts = word();
      for (std::uint64_t i = 0; i < texts; ++i) {
        const std::uint64_t size = word();
        if (list == 0 && i == 0)
          values.push_back(file.substr(at, size));
        at += size;
      }
      if (list == 0 && texts == 0)
        values.emplace_back();
    }
  return values;
}

} // namespace cache_files
