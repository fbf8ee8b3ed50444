// Tables of the public headers and of the documentation against what they are tables of.
#include "Support.h"

#include "compiler/Methods/Method.h"
#include "deq/options.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace deq::test {
namespace {

TEST(Tables, everyMethodHasItsNameInCpp) {
  const std::vector<std::string> names = {
#define METHOD(name) #name,
#include "deq/methods.def"
  };
  std::vector<std::string> expected;
  for (const Method &method : methods())
    expected.push_back(method.name);
  EXPECT_EQ(names, expected);
}

TEST(Tables, everyErrorOfTheInterfaceIsDocumented) {
  std::ifstream file(DEQ_EXAMPLES "/../docs/api.md");
  std::stringstream page;
  page << file.rdbuf();
  auto expect = [&](std::string id, const std::string &summary) {
    std::replace(id.begin(), id.end(), '_', '-');
    EXPECT_NE(page.str().find("| `" + id + "` | " + summary + " |"), std::string::npos) << id;
  };
#define API_ERROR(id, summary) expect(#id, summary);
#include "runtime/Trace/ApiErrors.def"
}

} // namespace
} // namespace deq::test
