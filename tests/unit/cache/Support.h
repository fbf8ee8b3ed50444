// Folders, keys and entries for the tests of the cache on disk.
// Keys are made by hand, a value per row of Key.def, so that no front end and no compiler is
// needed.
#pragma once

#include "runtime/Cache/DiskCache.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <sys/time.h>
#include <xxhash.h>

namespace deq::test {

/// Removed at the end, with what is in it.
class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "deq-cache-XXXXXX").string();
    if (!mkdtemp(name.data()))
      ADD_FAILURE() << "no temporary folder";
    path = name;
  }
  ~TemporaryFolder() {
    std::error_code code;
    std::filesystem::remove_all(path, code);
  }
  std::string operator/(const std::string &name) const { return (path / name).string(); }

  std::filesystem::path path;
};

inline std::string bytesOf(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void writeBytes(const std::string &path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  chmod(path.c_str(), 0600);
}

/// As if it had been used last so many seconds ago.
inline void age(const std::string &path, long seconds) {
  timeval now;
  gettimeofday(&now, nullptr);
  const timeval times[] = {{now.tv_sec - seconds, 0}, {now.tv_sec - seconds, 0}};
  ASSERT_EQ(utimes(path.c_str(), times), 0);
}

constexpr std::string_view keyFields[] = {
#define KEY_FIELD(name, what, values, shown) #name,
#include "runtime/Cache/Key.def"
};

/// Every field has its name as value, but for the changes.
inline Key keyOf(const std::vector<std::pair<std::string, std::string>> &changes = {}) {
  Key key;
  for (std::string_view name : keyFields) {
    std::string value(name);
    for (const auto &[field, changed] : changes)
      if (field == name)
        value = changed;
    const bool shape = name == "state" || name == "arguments";
    key.fields.push_back({{value}, {value}, {}});
    if (shape)
      key.fields.back().names = {"y"};
  }
  key.digest = digestOf(key.fields);
  return key;
}

inline Entry entryOf(Key key, std::size_t bytes = 64) {
  Entry entry;
  entry.key = std::move(key);
  entry.field = "lorenz";
  entry.site = {"/models/lorenz.deq", 3, 7};
  entry.stages = "unroll";
  entry.identity = "0123456789abcdef";
  entry.workspaceSlots = 41;
  entry.emissionReason = "small";
  entry.step = StepWork{1, 2, 3, 4, 5, 6, 7.5};
  entry.ms = 12.25;
  entry.created = 1'700'000'000;
  entry.image.bytes = std::string(bytes, '\x5a');
  entry.image.codeBytes = 32;
  entry.image.entry = 16;
  entry.image.imports = {"pow", "memcpy"};
  entry.image.addresses = {{8, 1, -4}, {24, -1, 40}};
  return entry;
}

/// Makes the checksum right again, as whoever changes a file on purpose would.
inline std::string sealed(std::string file) {
  XXH3_state_t *state = XXH3_createState();
  XXH3_128bits_reset(state);
  XXH3_128bits_update(state, file.data(), offsetof(EntryHeader, hits));
  XXH3_128bits_update(state, file.data() + offsetof(EntryHeader, size), 8);
  XXH3_128bits_update(state, file.data() + sizeof(EntryHeader), file.size() - sizeof(EntryHeader));
  const XXH128_hash_t sum = XXH3_128bits_digest(state);
  XXH3_freeState(state);
  const std::uint64_t words[] = {sum.low64, sum.high64};
  file.replace(offsetof(EntryHeader, checksum), sizeof words,
               std::string(reinterpret_cast<const char *>(words), sizeof words));
  return file;
}

} // namespace deq::test
