// The fuzzer's way into deq: any bytes through the front end, and what loads through the import.
// The judge of the robustness tests decides, so that a message without a place counts as a crash
// too.
#include "../robustness/Judge.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  // MLIR takes long over large graphs, and none of its own limits are looked for here.
  constexpr std::size_t maxNodes = 3000;
  const std::string text(reinterpret_cast<const char *>(data), size);
  deq::test::Verdict verdict = deq::test::judge(text);
  if (verdict.complaint.empty() && verdict.loaded && verdict.nodes <= maxNodes)
    verdict.complaint = deq::test::judgeImport(text);
  if (verdict.complaint.empty())
    return 0;
  std::fprintf(stderr, "%s\n", verdict.complaint.c_str());
  std::abort();
}
