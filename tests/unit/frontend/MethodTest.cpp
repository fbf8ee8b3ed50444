// Methods of the user's: what their blocks become, and every error of an entry at its place.
#include "FakeFiles.h"

#include "compiler/Frontend/LoadMethods.h"

#include <cmath>

using namespace deq;
using namespace deq::test;

namespace {

std::string source(const std::string &entries, const std::string &clauses = "") {
  return "method mine {\n" + entries +
         "\n}\nfield f(t; x) { x' = -x }\nsolve f {\nspan 0 to 1\ninit x = 1\nmethod mine\n" +
         clauses + "\n}\n";
}

void checkTexts(const std::vector<std::pair<std::string, std::string>> &cases) {
  for (const auto &[text, expected] : cases)
    EXPECT_EQ(errorsOf(text), expected) << text;
}

const std::string constant = "control constant(dt = 0.1)";
const std::string heun = "order = 2\nc = [0, 1]\na = [[1]]\nb = [1/2, 1/2]\n";

} // namespace

TEST(UserMethod, EntriesAreItsCoefficients) {
  const Problem p = load(source(heun + "e = [-1/2, 1/2]\ninterpolant = [[1, -1/2], [0, 1/2]]"));
  EXPECT_EQ(p.signature.method, "mine");
  EXPECT_EQ(p.signature.evaluations_per_step, 2);
  EXPECT_EQ(p.signature.evaluations_per_row_step, 0);
  const Tableau &known = *findMethod("heun");
  EXPECT_EQ(p.method.a, known.a);
  EXPECT_EQ(p.method.b, known.b);
  EXPECT_EQ(p.method.c, known.c);
  EXPECT_EQ(p.method.e, known.e);
  EXPECT_EQ(p.method.p, known.p);
  EXPECT_EQ(p.method.order, 2);
  EXPECT_EQ(p.method.errorOrder, 1);
  EXPECT_EQ(p.method.interpolantOrder, 2);
}

TEST(UserMethod, EmbeddedWeightsMakeTheError) {
  EXPECT_EQ(load(source(heun + "bhat = [1, 0]")).method.e, (std::vector<double>{-0.5, 0.5}));
}

TEST(UserMethod, WithoutAnInterpolantThereIsACubicOne) {
  const Problem p = load(source(heun, constant));
  EXPECT_EQ(p.method.extraStages(), 1);
  EXPECT_EQ(p.method.interpolantOrder, 2);
  EXPECT_EQ(p.signature.evaluations_per_row_step, 1);
  const Problem line = load(source("order = 1\nc = [0]\nb = [1]", constant));
  EXPECT_EQ(line.method.p, (std::vector<std::vector<double>>{{1}}));
  EXPECT_EQ(line.method.extraStages(), 0);
}

TEST(UserMethod, ErrorsAreAtTheirEntries) {
  checkTexts({
      {source("order = 2\nc = [0, 1]\na = [[1/2]]\nb = [1/2, 1/2]", constant),
       "4:6: row 2 of a of 'mine' sums to 0.5, expected c = 1\n"},
      {source("order = 2\nc = [0, 1]\na = [[1]]\nb = [1/2, 1/4]", constant),
       "5:5: weights b of 'mine' sum to 0.75, expected 1\n"},
      {source(heun + "e = [1/2, 1/4]"), "6:5: error weights e of 'mine' sum to 0.75, expected 0\n"},
      {source(heun + "bhat = [1/2, 1/4]"),
       "6:8: error weights e of 'mine' sum to 0.25, expected 0\n"},
      {source(heun + "interpolant = [[1, -1/2], [0, 1/4]]", constant),
       "6:27: row 2 of p of 'mine' sums to 0.25, expected b = 0.5\n"},
      {source("order = 2\nc = [0]\na = [[1]]\nb = [1/2, 1/2]", constant),
       "3:5: c of 'mine' has 1 entries, expected 2\n"},
      {source("order = 2\nc = [0, 1]\na = [[1, 0]]\nb = [1/2, 1/2]", constant),
       "4:6: row 2 of a of 'mine' has 2 entries, expected 1\n"},
      {source(heun + "rows = [1]", constant),
       "6:1: a method has no entry 'rows'; there are order, c, a, b, e, bhat, error_order, "
       "interpolant, interpolant_order\n"},
      {source(heun + "b = [1]", constant), "6:1: 'b' is given twice\n"},
      {source("order = 2\na = [[1]]\nb = [1/2, 1/2]", constant), "1:8: method 'mine' has no 'c'\n"},
      {source("order = 11\nc = [0]\nb = [1]", constant),
       "2:9: expected an order of at most 10, got 11\n"},
      {source("order = 1\nc = [0]\nb = 1", constant),
       "4:5: expected a list of at most 64 numbers\n"},
  });
}

TEST(UserMethod, NamesAreItsOwn) {
  checkTexts({{"method tsit5 {\norder = 1\nc = [0]\nb = [1]\n}\nfield f(t; x) { x' = x }",
               "1:8: 'tsit5' is a method of deq\n"}});
  EXPECT_EQ(load("method one {\norder = 1\nc = [0]\nb = [1]\n}\nfield f(t; x) { x' = -x }\n"
                 "solve f {\nspan 0 to 1\ninit x = 1\nmethod one\n" +
                 constant + "\n}\n")
                .method.name,
            "one");
}
