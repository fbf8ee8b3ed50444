// Puts an image into memory. Pages are written first and made executable after, never both at once.
#include "Image.h"

#include <cstring>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

namespace deq {

namespace {

class MappedCode : public Code {
public:
  MappedCode(void *base, std::size_t size) : base(static_cast<char *>(base)), size(size) {}
  ~MappedCode() override { munmap(base, size); }

  char *const base;
  const std::size_t size;
};

/// What is wrong with the numbers in an image; empty if nothing is.
std::string inconsistency(const Image &image, std::size_t page) {
  const std::uint64_t size = image.bytes.size();
  if (size == 0 || size % page != 0 || image.codeBytes % page != 0 || image.codeBytes > size)
    return fmt::format("expected whole pages of {} bytes, got {} of which {} are instructions",
                       page, size, image.codeBytes);
  if (image.entry >= image.codeBytes)
    return "expected an entry among the instructions";
  for (const Image::Address &address : image.addresses)
    if (address.at > size - sizeof(std::uint64_t) || address.import < -1 ||
        address.import >= std::int64_t(image.imports.size()))
      return "expected addresses inside of the image";
  return "";
}

/// Null and `error` if a function is unknown.
bool resolve(const Image &image, std::vector<void *> &functions, std::string &error) {
  for (const std::string &name : image.imports) {
    functions.push_back(importedFunction(name));
    if (!functions.back()) {
      error = fmt::format("expected a function that code may call, got '{}'", name);
      return false;
    }
  }
  return true;
}

} // namespace

std::shared_ptr<const Code> load(const Image &image, std::string &error) {
  std::vector<void *> functions;
  error = inconsistency(image, static_cast<std::size_t>(sysconf(_SC_PAGESIZE)));
  if (!error.empty() || !resolve(image, functions, error))
    return nullptr;
  const std::size_t size = image.bytes.size();
  void *memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    error = fmt::format("no memory for code: {}", std::strerror(errno));
    return nullptr;
  }
  auto code = std::make_shared<MappedCode>(memory, size);
  std::memcpy(code->base, image.bytes.data(), size);
  for (const Image::Address &address : image.addresses) {
    const void *target = address.import < 0 ? code->base : functions[address.import];
    const std::uint64_t value = reinterpret_cast<std::uintptr_t>(target) + address.addend;
    std::memcpy(code->base + address.at, &value, sizeof value);
  }
  const std::size_t data = size - image.codeBytes;
  if (mprotect(code->base, image.codeBytes, PROT_READ | PROT_EXEC) != 0 ||
      (data > 0 && mprotect(code->base + image.codeBytes, data, PROT_READ) != 0)) {
    error = fmt::format("memory cannot be made executable: {}", std::strerror(errno));
    return nullptr;
  }
  __builtin___clear_cache(code->base, code->base + image.codeBytes);
  code->entry = reinterpret_cast<KernelFunction>(code->base + image.entry);
  return code;
}

} // namespace deq
