// The global operators, and the C library's functions under their own names: the linker prefers
// those of the program, and glibc offers its own under other names for that purpose.
#include "Allocations.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::int64_t> news = 0, mallocs = 0;
} // namespace

Allocations Allocations::now() { return {news, mallocs}; }

void *operator new(std::size_t size) {
  ++news;
  if (void *memory = std::malloc(size ? size : 1))
    return memory;
  throw std::bad_alloc();
}
// The C++ library's would call the one above, a sanitizer's does not, and both end in our delete.
void *operator new(std::size_t size, const std::nothrow_t &) noexcept {
  ++news;
  return std::malloc(size ? size : 1);
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
bool Allocations::seesMalloc() { return true; }

extern "C" {
void *__libc_malloc(std::size_t);
void *__libc_calloc(std::size_t, std::size_t);
void *__libc_realloc(void *, std::size_t);
void *__libc_memalign(std::size_t, std::size_t);

void *malloc(std::size_t size) noexcept {
  ++mallocs;
  return __libc_malloc(size);
}
void *calloc(std::size_t count, std::size_t size) noexcept {
  ++mallocs;
  return __libc_calloc(count, size);
}
void *realloc(void *memory, std::size_t size) noexcept {
  ++mallocs;
  return __libc_realloc(memory, size);
}
void *aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++mallocs;
  return __libc_memalign(alignment, size);
}
}
#else
bool Allocations::seesMalloc() { return false; }
#endif
