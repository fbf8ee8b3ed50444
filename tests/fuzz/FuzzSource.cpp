// One text through the front end and, if it is a problem, through the import to MLIR.
// The entry of libFuzzer (tools/fuzz) and, with a main of its own, of the test that replays the
// corpus.
#include "compiler/Compile.h"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

/// Files that a hostile text may name: one, of numbers.
class OneFile : public deq::Files {
public:
  std::optional<std::string> read(const std::string &path, std::string &error) override {
    if (path == "data.csv")
      return "t,v\n0,1\n1,2\n2,0\n";
    if (path == "part.deq")
      return "field part(t; x) {\n  x' = -x\n}\npreset fine {\n  method dopri5\n}\n";
    error = "no such file";
    return std::nullopt;
  }
};

/// A message must say something, and its place must be in a text.
void require(bool good, const char *what) {
  if (good)
    return;
  std::fputs(what, stderr);
  std::_Exit(77);
}

void inspect(const deq::Diagnostics &diagnostics, bool accepted) {
  require(accepted || diagnostics.failed(), "refused without an error\n");
  for (const deq::Diagnostic &diagnostic : diagnostics.all()) {
    require(!diagnostic.text.empty() && !diagnostic.id.empty(), "an empty message\n");
    require(diagnostic.location.line >= 0 && diagnostic.location.column >= 0, "no such place\n");
  }
}

/// Fields above are imported in seconds, not milliseconds.
constexpr std::size_t maxNodes = 3000;

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  std::string text(reinterpret_cast<const char *>(bytes), size);
  OneFile files;
  deq::Diagnostics checked, loaded;
  bool good = deq::checkSource("fuzz.deq", text, checked, &files);
  inspect(checked, good);
  auto problem = deq::loadProblem("fuzz.deq", text, {}, loaded, &files);
  inspect(loaded, problem.has_value());
  if (!problem || problem->field.nodes.size() > maxNodes)
    return 0;
  deq::CompileOptions options;
  options.verify = true;
  deq::Diagnostics imported;
  auto dump = deq::emit(*problem, "field", options, imported);
  inspect(imported, dump.has_value());
  return 0;
}
