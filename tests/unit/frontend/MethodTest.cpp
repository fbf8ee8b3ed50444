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
  const Tableau &known = *findTableau("heun");
  EXPECT_EQ(p.method.tableau()->a, known.a);
  EXPECT_EQ(p.method.tableau()->b, known.b);
  EXPECT_EQ(p.method.tableau()->c, known.c);
  EXPECT_EQ(p.method.tableau()->e, known.e);
  EXPECT_EQ(p.method.tableau()->p, known.p);
  EXPECT_EQ(p.method.order, 2);
  EXPECT_EQ(p.method.errorOrder, 1);
  EXPECT_EQ(p.method.interpolantOrder, 2);
}

TEST(UserMethod, EmbeddedWeightsMakeTheError) {
  EXPECT_EQ(load(source(heun + "bhat = [1, 0]")).method.tableau()->e,
            (std::vector<double>{-0.5, 0.5}));
}

TEST(UserMethod, WithoutAnInterpolantThereIsACubicOne) {
  const Problem p = load(source(heun, constant));
  EXPECT_EQ(p.method.evaluationsPerRowStep, 1);
  EXPECT_EQ(p.method.interpolantOrder, 2);
  EXPECT_EQ(p.signature.evaluations_per_row_step, 1);
  const Problem line = load(source("order = 1\nc = [0]\nb = [1]", constant));
  EXPECT_EQ(line.method.tableau()->p, (std::vector<std::vector<double>>{{1}}));
  EXPECT_EQ(line.method.evaluationsPerRowStep, 0);
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

TEST(UserMethod, HalfOfManyStagesIsRefused) {
  std::string c = "0", b = "1", a, row;
  for (int i = 1; i < 33; ++i) {
    row += i > 1 ? ", 0" : "0";
    a += (i > 1 ? ", [" : "[") + row + "]";
    c += ", 0";
    b += ", 0";
  }
  std::string text = source("order = 1\nc = [" + c + "]\na = [" + a + "]\nb = [" + b + "]");
  text.replace(text.rfind("mine"), 4, "half(mine)");
  EXPECT_EQ(errorsOf(text), "11:8: half takes a method of at most 32 stages, 'mine' has 33\n");
}

TEST(UserMethod, ASolveMayHaveItsOwn) {
  const std::string field = "field f(t; x) { x' = -x }\nsolve f {\nspan 0 to 1\ninit x = 1\n";
  const Problem p = load(field + constant + "\nmethod {\n" + heun + "}\n}\n");
  EXPECT_EQ(p.method.tableau()->b, findTableau("heun")->b);
  EXPECT_EQ(p.signature.method, "unnamed");
  EXPECT_EQ(
      load("preset p {\nmethod {\n" + heun + "}\n" + constant + "\n}\n" + field + "preset p\n}\n")
          .method.tableau()
          ->b,
      findTableau("heun")->b);
  checkTexts({
      {field + constant + "\nmethod {\norder = 2\nc = [0, 1]\na = [[1/2]]\nb = [1/2, 1/2]\n}\n}\n",
       "9:6: row 2 of a of 'unnamed' sums to 0.5, expected c = 1\n"},
      {field + "method {\n" + heun + "}\n}\n",
       "5:1: method 'unnamed' has no error estimate, pid control needs one; expected "
       "'control constant(dt = ..)'\n"},
      {field + constant + "\nmethod rk4\nmethod {\n" + heun + "}\n}\n",
       "7:1: 'method' is given twice\nnote 6:8: first given here\n"},
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

TEST(UserMethod, HalfOfItHasAnErrorEstimate) {
  const std::string field = "field f(t; x) { x' = -x }\nsolve f {\nspan 0 to 1\ninit x = 1\n";
  const std::string mine = "method mine {\n" + heun + "}\n";
  const Problem p = load(mine + field + "method half(mine)\n}\n");
  EXPECT_EQ(p.signature.method, "half(mine)");
  EXPECT_EQ(p.signature.error_order, 3);
  EXPECT_EQ(p.signature.evaluations_per_step, 5);
  EXPECT_EQ(p.signature.evaluations_per_row_step, 1);
  checkTexts({
      {field + "method half(rk5)\n}\n", "5:8: unknown method 'rk5'; did you mean 'rk4'?\n"},
      {field + "method half\n}\n",
       "5:8: unknown method 'half'; expected the method to halve the steps of, half(rk4)\n"},
      {field + "method half(half(rk4))\n}\n",
       "5:13: half takes the name of a method, got 'half(..)'\n"},
      {field + "method third(rk4)\n}\n",
       "5:8: unknown method 'third(rk4)'; expected half(METHOD)\n"},
      {field + "method half(rk4\n}\n", "6:1: expected ')', got '}'\n"},
  });
}
