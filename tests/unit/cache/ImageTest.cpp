// Images in memory: code made by hand that runs, and numbers that cannot be right.
#include "compiler/Code/Image.h"
#include "compiler/Compile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <sys/resource.h>
#include <unistd.h>

namespace deq {
namespace {

const std::size_t page = std::size_t(sysconf(_SC_PAGESIZE));

/// A page of instructions and one of constants.
Image imageOf(std::string_view code) {
  Image image;
  image.bytes = std::string(2 * page, '\0');
  image.codeBytes = page;
  image.bytes.replace(0, code.size(), code);
  return image;
}

std::string errorOf(const Image &image) {
  std::string error;
  EXPECT_FALSE(load(image, error));
  EXPECT_NE(error, "");
  return error;
}

#if defined(__x86_64__)

using namespace std::string_view_literals;

std::int64_t call(const Image &image) {
  std::string error;
  const std::shared_ptr<const Code> code = load(image, error);
  EXPECT_TRUE(code) << error;
  return code ? code->entry(nullptr) : -1;
}

TEST(Image, runsFromItsEntry) {
  // ud2; mov eax, 42; ret
  Image image = imageOf("\x0f\x0b\xb8\x2a\0\0\0\xc3"sv);
  image.entry = 2;
  EXPECT_EQ(call(image), 42);
}

TEST(Image, readsItsConstantsRelatively) {
  // mov rax, [rip + page - 7]; ret
  std::string code = "\x48\x8b\x05....\xc3";
  const auto offset = static_cast<std::int32_t>(page - 7);
  code.replace(3, 4, std::string(reinterpret_cast<const char *>(&offset), 4));
  Image image = imageOf(code);
  image.bytes[page] = 77;
  EXPECT_EQ(call(image), 77);
}

TEST(Image, getsItsAddresses) {
  // mov rax, [rip + 9]; mov rax, [rax]; ret; then the address of a constant
  Image image = imageOf("\x48\x8b\x05\x09\0\0\0\x48\x8b\0\xc3"sv);
  image.addresses = {{16, -1, std::int64_t(page) + 8}};
  image.bytes[page + 8] = 99;
  EXPECT_EQ(call(image), 99);
}

TEST(Image, callsWhatItImports) {
  // sub rsp, 8; movsd xmm0, [rip + 36]; call [rip + 22]; cvttsd2si rax, xmm0; add rsp, 8; ret
  Image image = imageOf("\x48\x83\xec\x08\xf2\x0f\x10\x05\x24\0\0\0\xff\x15\x16\0\0\0"
                        "\xf2\x48\x0f\x2c\xc0\x48\x83\xc4\x08\xc3"sv);
  const double argument = 81;
  image.bytes.replace(48, 8, std::string(reinterpret_cast<const char *>(&argument), 8));
  image.imports = {"exp", "sqrt"};
  image.addresses = {{40, 1, 0}};
  EXPECT_EQ(call(image), 9);
}

TEST(Image, outlivesItsOwner) {
  std::string error;
  std::shared_ptr<const Program> program;
  {
    Image image = imageOf("\xb8\x01\0\0\0\xc3"sv);
    program = loadProgram(image, error);
    image.bytes.assign(image.bytes.size(), '\xcc');
  }
  ASSERT_TRUE(program) << error;
  Frame frame{};
  EXPECT_EQ(int(program->call(frame)), 1);
}

#endif

TEST(Image, pagesAreNeverWritableAndExecutable) {
  std::string error;
  const std::shared_ptr<const Code> code = load(imageOf("\xc3"), error);
  ASSERT_TRUE(code) << error;
  const auto at = reinterpret_cast<std::uintptr_t>(code->entry);
  FILE *maps = std::fopen("/proc/self/maps", "r");
  ASSERT_TRUE(maps);
  char line[1024];
  int seen = 0;
  while (std::fgets(line, sizeof line, maps)) {
    unsigned long begin, end;
    char rights[5];
    ASSERT_EQ(std::sscanf(line, "%lx-%lx %4s", &begin, &end, rights), 3);
    for (const auto &[address, expected] : {std::pair(at, "r-xp"), {at + page, "r--p"}})
      if (begin <= address && address < end) {
        EXPECT_STREQ(rights, expected);
        ++seen;
      }
  }
  std::fclose(maps);
  EXPECT_EQ(seen, 2);
}

TEST(Image, numbersThatCannotBeRightAreRefused) {
  const Image good = imageOf("\xc3");
  std::string error;
  ASSERT_TRUE(load(good, error)) << error;
  auto changed = [&](auto change) {
    Image image = good;
    change(image);
    return errorOf(image);
  };
  const std::uint64_t far[] = {2 * page, 2 * page + 8, std::uint64_t(-1), std::uint64_t(-8)};
  EXPECT_EQ(changed([](Image &i) { i.bytes.clear(), i.codeBytes = 0; }).substr(0, 20),
            "expected whole pages");
  EXPECT_EQ(changed([](Image &i) { i.bytes.pop_back(); }).substr(0, 20), "expected whole pages");
  for (std::uint64_t bytes : {std::uint64_t(1), 3 * std::uint64_t(page), std::uint64_t(0) - page})
    EXPECT_EQ(changed([&](Image &i) { i.codeBytes = bytes; }).substr(0, 20),
              "expected whole pages");
  const char *entry = "expected an entry among the instructions";
  EXPECT_EQ(changed([](Image &i) { i.codeBytes = 0; }), entry);
  EXPECT_EQ(changed([](Image &i) { i.entry = page; }), entry);
  for (std::uint64_t at : far)
    EXPECT_EQ(changed([&](Image &i) { i.entry = at; }), entry);
  const char *inside = "expected addresses inside of the image";
  EXPECT_EQ(changed([](Image &i) { i.addresses = {{2 * page - 7, -1, 0}}; }), inside);
  for (std::uint64_t at : far)
    EXPECT_EQ(changed([&](Image &i) { i.addresses = {{at, -1, 0}}; }), inside);
  for (std::int64_t import : {std::int64_t(0), std::int64_t(-2), INT64_MAX, INT64_MIN})
    EXPECT_EQ(changed([&](Image &i) { i.addresses = {{0, import, 0}}; }), inside);
}

TEST(Image, callsNothingButTheListedFunctions) {
  for (const char *name : {"sin", "sinf", "pow", "fma", "memcpy", "memset"})
    EXPECT_TRUE(importedFunction(name)) << name;
  for (const char *name : {"system", "malloc", "write", "dlopen", "", "hypot@"}) {
    EXPECT_FALSE(importedFunction(name)) << name;
    Image image = imageOf("\xc3");
    image.imports = {"sin", name};
    EXPECT_EQ(errorOf(image),
              "expected a function that code may call, got '" + std::string(name) + "'");
  }
}

TEST(Image, memoryThatIsNotThereIsAnError) {
  Image image = imageOf("\xc3");
  image.bytes.resize(std::size_t(64) << 20);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
  const rlimit tight = {std::size_t(32) << 20, before.rlim_max};
  std::string error;
  error.reserve(1000);
  ASSERT_EQ(setrlimit(RLIMIT_AS, &tight), 0);
  const bool loaded = load(image, error) != nullptr;
  ASSERT_EQ(setrlimit(RLIMIT_AS, &before), 0);
  EXPECT_FALSE(loaded);
  EXPECT_EQ(error, "no memory for code: Cannot allocate memory");
}

} // namespace
} // namespace deq
