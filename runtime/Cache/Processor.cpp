// The registers of cpuid as text; other architectures tell by the auxiliary vector.
#include "Processor.h"

#include <fmt/format.h>

#if defined(__x86_64__)
#include <cpuid.h>
#else
#include <sys/auxv.h>
#endif

namespace deq {

namespace {

#if defined(__x86_64__)

struct Registers {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
};

Registers cpuid(unsigned leaf, unsigned subleaf = 0) {
  Registers r;
  __get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx);
  return r;
}

/// Intel's Software Developer's Manual, volume 2, CPUID: family and model are in two parts each.
std::string model() {
  const Registers vendor = cpuid(0);
  std::string name;
  for (unsigned part : {vendor.ebx, vendor.edx, vendor.ecx})
    for (int i = 0; i < 4; ++i)
      name += static_cast<char>(part >> 8 * i & 255);
  const unsigned id = cpuid(1).eax;
  const unsigned family = (id >> 8 & 15) + (id >> 20 & 255);
  const unsigned number = (id >> 4 & 15) + (id >> 12 & 240);
  return fmt::format("{} {}-{}-{}", name, family, number, id & 15);
}

/// Extensions that compiled code may use, by their names in the tables of the C compiler, which
/// looks at what the operating system saves as well.
std::string extensions() {
  std::string text;
#define EXTENSION(name)                                                                            \
  if (__builtin_cpu_supports(name))                                                                \
    text += " " name;
  EXTENSION("sse3")
  EXTENSION("ssse3")
  EXTENSION("sse4.1")
  EXTENSION("sse4.2") EXTENSION("popcnt") EXTENSION("avx") EXTENSION("avx2") EXTENSION("fma")
      EXTENSION("fma4") EXTENSION("xop") EXTENSION("bmi") EXTENSION("bmi2") EXTENSION("avx512f")
          EXTENSION("avx512vl") EXTENSION("avx512bw") EXTENSION("avx512dq") EXTENSION("avx512cd")
              EXTENSION("avx512vbmi") EXTENSION("avx512ifma") EXTENSION("avx512vnni")
                  EXTENSION("avx512bitalg") EXTENSION("avx512vpopcntdq") EXTENSION("avx512vbmi2")
                      EXTENSION("gfni") EXTENSION("vpclmulqdq")
#undef EXTENSION
      // What has no name in older compilers, as the bits of the leaves that tell of it.
      const Registers seven = cpuid(7),
                      one = cpuid(1), more = cpuid(7, 1);
  return text + fmt::format(" ({:x} {:x} {:x} {:x} {:x} {:x})", one.ecx & ~0x08000000u, one.edx,
                            seven.ebx, seven.ecx, seven.edx, more.eax);
}

#else

std::string model() { return "processor"; }
std::string extensions() {
  return fmt::format(" {:x} {:x}", getauxval(AT_HWCAP), getauxval(AT_HWCAP2));
}

#endif

} // namespace

const std::string &processor() {
  static const std::string text = model() + ":" + extensions();
  return text;
}

} // namespace deq
