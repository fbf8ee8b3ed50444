// Memory of workspaces: slots from the beginning of a cache line on, so that what generated code
// has aligned to lines in a workspace is aligned in memory.
#pragma once

#include "deq/kernel.h"

#include <cstddef>
#include <new>
#include <vector>

namespace deq {

inline constexpr std::size_t cacheLineBytes = 64;

template <class T> struct LineAllocator {
  using value_type = T;
  LineAllocator() = default;
  template <class U> LineAllocator(const LineAllocator<U> &) {}

  T *allocate(std::size_t count) {
    return static_cast<T *>(::operator new(count * sizeof(T), std::align_val_t(cacheLineBytes)));
  }
  void deallocate(T *memory, std::size_t) {
    ::operator delete(memory, std::align_val_t(cacheLineBytes));
  }
  bool operator==(const LineAllocator &) const { return true; }
};

using SlotVector = std::vector<Slot, LineAllocator<Slot>>;

} // namespace deq
