// Every bit of a real file of the cache, damaged: refused, or of no consequence.
// The unit tests of the cache do this with an entry made by hand; this one has machine code in it.
#include "compiler/Compile.h"
#include "runtime/Cache/Entry.h"
#include "runtime/Cache/Programs.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <xxhash.h>

namespace deq::test {
namespace {

constexpr const char *text = R"(
field pendulum(t; x, v; g) {
  x' = v
  v' = -g*sin(x)
}
solve pendulum {
  span 0 to 5
  init x = 1, v = 0
  args g = 9.81
}
)";

Entry compiledEntry() {
  Diagnostics diagnostics;
  Entry entry;
  entry.field = "pendulum";
  entry.site = {"pendulum.deq", 0, 0};
  CompileOptions options;
  std::optional<Problem> problem =
      loadProblem("pendulum.deq", text, {}, diagnostics, options.files);
  if (!problem) {
    ADD_FAILURE() << "expected a problem";
    return entry;
  }
  const CanonicalGraph graph = canonicalize(*problem);
  entry.key = makeKey(*problem, graph, options);
  problem->field = graph.graph;
  const std::optional<Artifact> artifact = compile(*problem, options, diagnostics);
  if (!artifact || !artifact->image) {
    ADD_FAILURE() << "expected an image";
    return entry;
  }
  entry.stages = artifact->signature.stages;
  entry.identity = artifact->signature.identity;
  entry.workspaceSlots = artifact->signature.workspace_slots;
  entry.image = *artifact->image;
  return entry;
}

const std::string &file() {
  static const std::string bytes = encode(compiledEntry());
  return bytes;
}

/// With the checksum of what it is now.
std::string sealed(std::string changed) {
  constexpr std::size_t hits = offsetof(EntryHeader, hits), size = offsetof(EntryHeader, size);
  const std::string summed =
      changed.substr(0, hits) + changed.substr(size, 8) + changed.substr(sizeof(EntryHeader));
  const XXH128_hash_t sum = XXH3_128bits(summed.data(), summed.size());
  const std::uint64_t words[] = {sum.low64, sum.high64};
  std::memcpy(changed.data() + offsetof(EntryHeader, checksum), words, sizeof words);
  return changed;
}

TEST(CacheFile, everyFlippedBitIsRefusedOrWithoutEffect) {
  constexpr std::size_t hits = offsetof(EntryHeader, hits);
  std::string damaged = file();
  for (std::size_t at = 0; at < damaged.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      const char before = damaged[at];
      damaged[at] = static_cast<char>(before ^ 1 << bit);
      std::string refusal;
      const std::optional<Entry> read = decode(damaged, refusal);
      damaged[at] = before;
      ASSERT_EQ(read.has_value(), at >= hits && at < hits + 8) << at;
      if (read)
        ASSERT_EQ(encode(*read), file()) << at;
      else
        ASSERT_NE(refusal, "") << at;
    }
}

TEST(CacheFile, everyTruncationIsRefused) {
  for (std::size_t length = 0; length < file().size(); ++length) {
    std::string refusal;
    ASSERT_FALSE(decode(std::string_view(file()).substr(0, length), refusal)) << length;
    ASSERT_NE(refusal, "") << length;
  }
}

TEST(CacheFile, numbersUnderARightChecksumLoadOrAreRefused) {
  const Image image = compiledEntry().image;
  const std::size_t code = file().find(image.bytes);
  ASSERT_NE(code, std::string::npos);
  for (std::size_t at = sizeof(EntryHeader); at < file().size(); ++at) {
    if (at == code)
      at += image.bytes.size(); // what is only ever executed
    for (char value : {'\0', '\1', '\x80', '\xff'}) {
      std::string changed = file(), refusal, error;
      changed[at] = value;
      const std::optional<Entry> read = decode(sealed(changed), refusal);
      ASSERT_EQ(read.has_value(), refusal.empty()) << at;
      if (read) {
        const bool loaded = load(read->image, error) != nullptr;
        ASSERT_EQ(loaded, error.empty()) << at;
      }
    }
  }
}

TEST(CacheFile, oneProblemGivesTheSameFile) { EXPECT_EQ(encode(compiledEntry()), file()); }

} // namespace
} // namespace deq::test
