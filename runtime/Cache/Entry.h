// A compiled program as the disk cache keeps it: its key, what a preparation needs to know of it,
// and its image, in one file with a checksum.
#pragma once

#include "Key.h"
#include "compiler/Code/Image.h"

#include <optional>

namespace deq {

struct Entry {
  Key key;
  std::string field; ///< name of what was compiled
  Location site;     ///< that asked for it first
  std::string stages, identity;
  std::int64_t workspaceSlots = 0;
  std::string emissionReason;
  std::optional<StepWork> step;
  double ms = 0;            ///< that the compile took
  std::int64_t created = 0; ///< seconds since 1970
  Image image;
};

/// What a file begins with. The number of hits is the one thing in a file that changes, and the one
/// that its checksum leaves out.
struct EntryHeader {
  char magic[8];
  std::uint64_t hits;
  std::uint64_t size; ///< of the file
  std::uint64_t checksum[2];
};

std::string encode(const Entry &entry);
/// nullopt and the reason in `refusal` if the bytes are not what `encode` made. Trusts nothing in
/// them.
std::optional<Entry> decode(std::string_view file, std::string &refusal);

} // namespace deq
