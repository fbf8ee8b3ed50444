// How often this program has asked for memory: by new, and of the C library by whoever.
// What a solve promises not to do has to be counted where nobody can do it unseen.
#pragma once

#include <cstdint>

/// So far, in all threads. `malloc` counts malloc, calloc, realloc and aligned_alloc, those of
/// `new` included; 0 for ever in builds where a sanitizer has taken their place.
struct Allocations {
  std::int64_t byNew = 0, byMalloc = 0;
  static Allocations now();
  static bool seesMalloc();
};
