// The text of this processor, against what the operating system says of it.
#include "runtime/Cache/Processor.h"

#include <gtest/gtest.h>

#include <fstream>

namespace deq {
namespace {

TEST(Processor, isOneTextOfOneLine) {
  EXPECT_EQ(processor(), processor());
  EXPECT_EQ(processor().find('\n'), std::string::npos);
  EXPECT_NE(processor().find(':'), std::string::npos);
}

#if defined(__x86_64__)

/// A line of /proc/cpuinfo, of the first processor.
std::string line(const std::string &name) {
  std::ifstream in("/proc/cpuinfo");
  for (std::string text; std::getline(in, text);)
    if (text.rfind(name + "\t", 0) == 0)
      return text.substr(text.find(':') + 2);
  return "";
}

TEST(Processor, saysWhatTheKernelSays) {
  if (line("vendor_id").empty())
    GTEST_SKIP() << "no /proc/cpuinfo of this form";
  const std::string start = line("vendor_id") + " " + line("cpu family") + "-" + line("model") +
                            "-" + line("stepping") + ":";
  EXPECT_EQ(processor().substr(0, start.size()), start);
  const std::string flags = " " + line("flags") + " ", own = processor() + " ";
  for (const char *name : {"ssse3", "popcnt", "avx", "avx2", "fma", "bmi1", "bmi2", "avx512f",
                           "avx512vl", "avx512bw", "avx512dq", "gfni"}) {
    const std::string spelled = std::string(name) == "bmi1" ? "bmi" : name;
    EXPECT_EQ(own.find(" " + spelled + " ") != std::string::npos,
              flags.find(std::string(" ") + name + " ") != std::string::npos)
        << name;
  }
}

#endif

} // namespace
} // namespace deq
