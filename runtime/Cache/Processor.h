// What machine code of this process may be made of, as a text that a person can compare.
// Read from the processor itself: LLVM, which knows it as well, is not loaded to find code in a
// cache.
#pragma once

#include <string>

namespace deq {

/// Vendor, model and extensions of the instruction set, those that the operating system has
/// enabled: "GenuineIntel 6-143-8: fma avx2 .. avx512f". Code made for one such text runs wherever
/// it is the same.
const std::string &processor();

} // namespace deq
