// Linked machine code that runs at any address: what the compiler makes of an object, what the disk
// cache keeps, and what runs. One form for all three, so that code from a cache is the code that a
// compile would have given. Needs no LLVM.
#pragma once

#include "deq/kernel.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace deq {

/// Instructions first, then constants, each a whole number of pages long; nothing in it is written
/// to once it is in its place.
struct Image {
  /// Eight bytes that get an address when the image is loaded.
  struct Address {
    std::uint64_t at = 0; ///< offset in the image
    std::int64_t import =
        -1; ///< whose address: number of an import; -1: the image's own first byte
    std::int64_t addend = 0;
    bool operator==(const Address &) const = default;
  };

  std::string bytes;
  std::uint64_t codeBytes = 0;      ///< of `bytes`: instructions
  std::uint64_t entry = 0;          ///< offset of the kernel
  std::vector<std::string> imports; ///< C functions by name; of those that `importedFunction` knows
  std::vector<Address> addresses;

  bool operator==(const Image &) const = default;
};

/// An image in executable memory; unloaded when the last reference goes.
class Code {
public:
  virtual ~Code() = default;
  KernelFunction entry = nullptr;
};

/// Maps an image. Null and `error` if it is not consistent, asks for a function that code may not
/// call, or there is no memory for it.
std::shared_ptr<const Code> load(const Image &image, std::string &error);

/// The C function that compiled code calls by this name; null if it may not. There is no search of
/// the process.
void *importedFunction(const std::string &name);

} // namespace deq
