// Entries as bytes: what is written is what is read, and nothing else is.
#include "Support.h"

namespace deq::test {
namespace {

/// All that a file says; entries of the same bytes are the same.
std::string canonical(const Entry &entry) { return encode(entry); }

TEST(Entry, readsWhatItWrote) {
  for (bool step : {true, false}) {
    Entry entry = entryOf(keyOf());
    if (!step)
      entry.step.reset();
    std::string refusal;
    const std::optional<Entry> read = decode(encode(entry), refusal);
    ASSERT_TRUE(read) << refusal;
    EXPECT_EQ(read->key.digest, entry.key.digest);
    EXPECT_EQ(distance(read->key, entry.key), 0);
    EXPECT_EQ(textsOf(read->key), textsOf(entry.key));
    EXPECT_EQ(read->field, "lorenz");
    EXPECT_EQ(read->site.file, "/models/lorenz.deq");
    EXPECT_EQ(read->site.line, 3);
    EXPECT_EQ(read->site.column, 7);
    EXPECT_EQ(read->stages, "unroll");
    EXPECT_EQ(read->identity, "0123456789abcdef");
    EXPECT_EQ(read->workspaceSlots, 41);
    EXPECT_EQ(read->emissionReason, "small");
    EXPECT_EQ(read->ms, 12.25);
    EXPECT_EQ(read->created, 1'700'000'000);
    EXPECT_EQ(read->image, entry.image);
    ASSERT_EQ(read->step.has_value(), step);
    if (step) {
      EXPECT_EQ(read->step->additions, 1);
      EXPECT_EQ(read->step->calls, 6);
      EXPECT_EQ(read->step->chainCycles, 7.5);
    }
  }
}

TEST(Entry, everyFlippedBitIsRefusedOrWithoutEffect) {
  const Entry entry = entryOf(keyOf());
  const std::string file = encode(entry), meaning = canonical(entry);
  const std::size_t hits = offsetof(EntryHeader, hits);
  for (std::size_t at = 0; at < file.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = file, refusal;
      damaged[at] = static_cast<char>(damaged[at] ^ 1 << bit);
      const std::optional<Entry> read = decode(damaged, refusal);
      const bool counts = at >= hits && at < hits + 8; // the one number that may change
      ASSERT_EQ(read.has_value(), counts) << at;
      ASSERT_EQ(refusal.empty(), counts) << at;
      if (read)
        ASSERT_EQ(canonical(*read), meaning) << at;
    }
}

TEST(Entry, everyLengthButTheRightOneIsRefused) {
  const std::string file = encode(entryOf(keyOf()));
  for (std::size_t length = 0; length < file.size(); ++length) {
    std::string refusal;
    ASSERT_FALSE(decode(file.substr(0, length), refusal)) << length;
    ASSERT_NE(refusal, "") << length;
  }
  std::string refusal;
  EXPECT_FALSE(decode(file + '\0', refusal));
  EXPECT_EQ(refusal, "it is cut off: expected " + std::to_string(file.size()) + " bytes, got " +
                         std::to_string(file.size() + 1));
}

TEST(Entry, bytesUnderARightChecksumAreNotTrustedEither) {
  const std::string file = encode(entryOf(keyOf()));
  for (std::size_t at = sizeof(EntryHeader); at < file.size(); ++at)
    for (char value : {'\0', '\1', '\x7f', '\x80', '\xff'}) {
      std::string changed = file, refusal;
      changed[at] = value;
      const std::optional<Entry> read = decode(sealed(changed), refusal);
      // What is read is of the right form, and whoever asks compares its key.
      ASSERT_EQ(read.has_value(), refusal.empty()) << at;
      if (read) {
        ASSERT_EQ(read->key.fields.size(), std::size(keyFields)) << at;
        textsOf(read->key), difference(read->key, keyOf()), difference(keyOf(), read->key);
      }
    }
  // Up to one that is longer than its contents.
  for (std::uint64_t length = sizeof(EntryHeader); length <= file.size() + 8; ++length) {
    if (length == file.size())
      continue;
    std::string cut = (file + std::string(8, '\0')).substr(0, length), refusal;
    const std::uint64_t size = length;
    cut.replace(offsetof(EntryHeader, size), 8,
                std::string(reinterpret_cast<const char *>(&size), 8));
    ASSERT_FALSE(decode(sealed(cut), refusal)) << length;
    ASSERT_EQ(refusal, "it was written in another form") << length;
  }
}

TEST(Entry, refusalsSayWhatIsWrong) {
  const std::string file = encode(entryOf(keyOf()));
  auto refusalOf = [](std::string_view bytes) {
    std::string refusal;
    EXPECT_FALSE(decode(bytes, refusal));
    return refusal;
  };
  EXPECT_EQ(refusalOf(""), "it is no file of deq's cache");
  EXPECT_EQ(refusalOf("\x7f"
                      "ELF and more than a header's worth of bytes"),
            "it is no file of deq's cache");
  EXPECT_EQ(refusalOf(file.substr(0, 100)),
            "it is cut off: expected " + std::to_string(file.size()) + " bytes, got 100");
  std::string damaged = file;
  damaged.back() ^= 1;
  EXPECT_EQ(refusalOf(damaged), "it is damaged: its checksum is not that of its contents");
  Entry older = entryOf(keyOf());
  older.key.fields.pop_back(); // of a version whose keys had one field less
  EXPECT_EQ(refusalOf(encode(older)), "it was written in another form");
}

} // namespace
} // namespace deq::test
