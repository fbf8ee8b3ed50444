// The kinds of inputs that a kernel can read per state leaf, as rows of LeafInputs.def.
// In a header of its own, because both the signature and the emission of the loop name them.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace deq {

enum class LeafInput : unsigned {
#define LEAF_INPUT(kind, flag, member, noun, fallback, least) kind,
#include "LeafInputs.def"
};

/// The flags of the rows, in their order: words of records and of dumps.
inline constexpr std::string_view leafInputFlags[] = {
#define LEAF_INPUT(kind, flag, member, noun, fallback, least) #flag,
#include "LeafInputs.def"
};
inline constexpr std::size_t leafInputKinds = std::size(leafInputFlags);

/// A set of kinds: bit i for row i.
using LeafInputs = unsigned;
inline bool contains(LeafInputs set, LeafInput kind) {
  return (set >> static_cast<unsigned>(kind) & 1) != 0;
}

} // namespace deq
