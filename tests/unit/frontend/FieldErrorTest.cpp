// Errors of fields: every kind once, with its exact words and place.
// A row is a body or a whole text and all messages it must give, no more and no fewer.
#include "Support.h"

using namespace deq;
using namespace deq::test;

namespace {

struct Row {
  const char *text;
  const char *errors;
};

/// Bodies are line 2 of a field with the header of line 1.
void checkBodies(const std::string &header, const std::vector<Row> &rows) {
  for (const Row &row : rows)
    EXPECT_EQ(errorsOf("field f(" + header + ") {\n" + row.text + "\n}\n"), row.errors) << row.text;
}

void checkTexts(const std::vector<Row> &rows) {
  for (const Row &row : rows)
    EXPECT_EQ(errorsOf(row.text), row.errors) << row.text;
}

} // namespace

TEST(FieldErrors, Spelling) {
  checkBodies("t; x",
              {{"x' = 2x", "2:6: unexpected '2x'; a product is written '2*x'\n"},
               {"x' = 1.5e3x", "2:6: unexpected '1.5e3x'; a product is written '1.5e3*x'\n"},
               {"x' = .5*x", "2:6: expected digits before the decimal point; write '0.5'\n"},
               {"x' = 5.*x", "2:6: expected digits after the decimal point; write '5.0'\n"},
               {"x' = x**2", "2:7: unexpected '**'; a power is written '^'\n"},
               {"x' = x && x", "2:8: unexpected '&&'; write 'and'\n"},
               {"x' = x || x", "2:8: unexpected '||'; write 'or'\n"},
               {"x' = !x", "2:6: unexpected '!'; write 'not'\n"},
               {"x' = x ? 1", "2:8: unexpected character '?'\n"},
               {"x' = 1e999", "2:6: number '1e999' does not fit a double\n"},
               {"x' = \"a", "2:6: expected '\"' before the end of the line\n"},
               {"x' = \"a\"", "2:6: expected an expression, got a string\n"},
               {"x' = sin(\"a\")", "2:10: expected an expression, got a string\n"}});
}

TEST(FieldErrors, Syntax) {
  checkBodies(
      "t; x",
      {{"x' = 2 x",
        "2:8: expected an operator or the end of the line, got 'x'; a product is written '*'\n"},
       {"x' = (x)(x)",
        "2:9: expected an operator or the end of the line, got '('; a product is written '*'\n"},
       {"x' = x ]", "2:8: expected the end of the line, got ']'\n"},
       {"x' =", "3:1: expected an expression, got '}'\n"},
       {"x' = x +", "3:1: expected an expression, got '}'\n"},
       {"x' = (x, x)", "2:8: expected ')', got ','; an array is written in square brackets\n"},
       {"x' = [x; x]", "2:8: expected ',' or ']', got ';'\n"},
       {"x' = []", "2:6: an array needs at least one element\n"},
       {"x' = sin()", "2:10: expected an argument of 'sin', got ')'\n"},
       {"x' = sin(x;", "2:11: expected ',' or ')', got ';'\n"},
       {"x' = if 0 < x < 1 then 1 else 2",
        "2:15: unexpected '<'; comparisons do not chain, write 'a < b and b < c'\n"},
       {"x' = if x = 1 then 1 else 2",
        "2:11: expected 'then', got '='; equality is written '=='\n"},
       {"x' = if x > 1 then 1", "3:1: expected 'else', got '}'\n"},
       {"x' = 1 + if x > 1 then 1 else 2",
        "2:10: expected an operand, got 'if'; put the conditional in brackets\n"},
       {"x' = then", "2:6: expected an expression, got the reserved word 'then'\n"},
       {"x'' = x", "2:3: expected '=', got a second \"'\"; name the first derivative as a leaf of "
                   "its own\n"},
       {"x[0]' = x",
        "2:2: expected '=', got '['; a statement defines the whole leaf, by an array or "
        "a comprehension\n"},
       {"x' = max(x for i in 0..3)",
        "2:12: expected ',' or ')', got 'for'; only 'sum' and 'fold' take terms, "
        "write 'max([.. for ..])'\n"},
       {"x' = sum(i*j for i in 0..3 for j in 0..3)",
        "2:28: expected one 'for'; nest comprehensions to run over two indices\n"},
       {"x' = sum([1, 2 for i in 0..3])", "2:16: expected one value before 'for'\n"},
       {"x' = sum(x for 3 in 0..3)", "2:16: expected the name of an index, got '3'\n"},
       {"x' = sum(x for i in 3)", "2:22: expected '..', got ')'\n"},
       {"x' = sum(p = x for i in 0..3)", "2:16: expected one term before 'for'\n"},
       {"x' = fold(x for i in 0..3)",
        "2:13: expected 'name = initial value, next value' before 'for'\n"},
       {"x' = fold(x, p = 0 for i in 0..3)",
        "2:20: expected 'name = initial value, next value' before 'for'\n"},
       {"x' = fold(p = 0, p, x for i in 0..3)",
        "2:23: expected 'name = initial value, next value' before 'for'\n"},
       {"x' = fold(p = 0, x)",
        "2:6: expected 'fold(name = initial value, next value for i in a..b)'\n"},
       {"x' = fold(p = 0, p + x for i in 0..3 for j in 0..3)",
        "2:38: expected one 'for'; nest comprehensions to run over two indices\n"},
       {"if = 3\nx' = x",
        "2:1: expected a statement, got 'if'; a conditional is a value, x' = if c then a else b\n"},
       {"3 = x\nx' = x", "2:1: expected a statement, got '3'\n"}});
}

TEST(FieldErrors, Headers) {
  checkTexts(
      {{"field f(t, x) {\n  x' = x\n}",
        "1:10: expected ';' or ')', got ','; the groups of a field are separated by ';'\n"},
       {"field f(t; x = 1) {\n  x' = x\n}",
        "1:14: expected ',' or ';', got '='; initial values belong to a solve, arguments to the "
        "group after the state\n"},
       {"field f(t; static n) {}",
        "1:12: expected a leaf of the state, got 'static'; statics come after a later ';'\n"},
       {"field f(t; x; static n[3]) {}", "1:23: a static is an integer, it has no shape\n"},
       {"field f(t; x; a; b; c) {\n  x' = 2x\n}",
        "1:21: expected ')', got a fifth group; a field has time, state, arguments, statics\n"
        "2:8: unexpected '2x'; a product is written '2*x'\n"},
       {"field f(t) {\n}", "1:7: field 'f' has no state; its leaves follow the time after ';'\n"},
       {"field f {\n}", "1:9: expected '(', got '{'\n"},
       {"fild f(t; x) {\n}", "1:1: expected 'field', 'solve', 'preset' or 'import', got 'fild'; "
                             "did you mean 'field'?\n"},
       {"field f(t; x) {\n  x' = x\n", "3:1: expected '}', got the end of the text\n"},
       {"field f(t; x) {\n x' = x\n}\nfield f(t; y) {\n y' = y\n}",
        "4:7: field 'f' is defined twice\nnote 1:7: first defined here\n"},
       {"field f(t; x[n]; static n = 2.5) {\n x' = x\n}", "1:29: expected an integer, got 2.5\n"},
       {"field f(t; x[n]; static n = 0) {\n x' = x\n}",
        "1:14: expected an extent of at least 1, got 0\n"},
       {"field f(t; x[m]) {\n x' = x\n}", "1:14: unknown name 'm'\n"},
       {"field f(t; x; a, b = a) {\n x' = x\n}",
        "1:22: 'a' is an argument, only statics have a value here; write a number\nnote 1:15: "
        "declared here\n"},
       {"field f(t; x[2000000]) {\n x' = x\n}",
        "1:12: expected at most 1000000 scalars in 'x', got shape [2000000]\n"},
       {"field f(t; x[600000], y[600000]) {\n x' = x\n y' = y\n}",
        "1:7: expected a state of at most 1000000 scalars, got 1200000\n"}});
}

TEST(FieldErrors, Names) {
  checkBodies(
      "t; x; rho, sigma",
      {{"x' = x*(rh - 1)", "2:9: unknown name 'rh'; did you mean 'rho'?\n"},
       {"x' = simga", "2:6: unknown name 'simga'; did you mean 'sigma'?\n"},
       {"x' = q", "2:6: unknown name 'q'\n"},
       {"x' = sine(x)", "2:6: unknown function 'sine'; did you mean 'sin'?\n"},
       {"x' = a\na = sin", "3:5: 'sin' is a function, expected its arguments\n"},
       {"x' = g\ng(w) = w", "2:6: 'g' is a function, expected its arguments\n"},
       {"x' = rho(1)",
        "2:6: 'rho' is no function; a product is written 'rho*(..)', an element 'rho[..]'\n"},
       {"x' = pi(1)", "2:6: 'pi' is no function; a product is written 'pi*(..)'\n"},
       {"x' = rho'", "2:6: expected a leaf of the state before \"'\", got an argument 'rho'\n"},
       {"x' = y'", "2:6: unknown leaf 'y'\n"},
       {"x' = x\ny' = 2", "3:1: 'y' is no leaf of the state\n"},
       {"x' = x\nx' = 2", "3:1: the derivative of 'x' is defined twice\n"
                          "note 2:1: first defined here\n"},
       {"a = x", "1:12: no derivative of 'x', expected a statement \"x' = ..\"\n"}});
}

TEST(FieldErrors, Clashes) {
  checkBodies(
      "t; x; a; static n = 3",
      {{"x' = x\na = 2", "3:1: 'a' is already the name of an argument\nnote 1:15: declared here\n"},
       {"x' = x\nt = 2", "3:1: 't' is already the name of the time\nnote 1:9: declared here\n"},
       {"x' = x\nx = 2", "3:1: 'x' is already the name of a state leaf; its derivative is written "
                         "\"x'\"\nnote 1:12: declared here\n"},
       {"x' = x\nb = 2\nb = 3",
        "4:1: 'b' is already the name of a local\nnote 3:1: declared here\n"},
       {"x' = x\nb(w) = w\nb = 3",
        "4:1: 'b' is already the name of a local function\nnote 3:1: declared here\n"},
       {"x' = x\nsin = 3", "3:1: 'sin' is already the name of a builtin\n"},
       {"x' = x\npi = 3", "3:1: 'pi' is already the name of a builtin\n"},
       {"x' = x\ng(n) = n", "3:3: 'n' is already the name of a static\nnote 1:25: declared here\n"},
       {"x' = x\ng(w, w) = w",
        "3:6: 'w' is already the name of a parameter\nnote 3:3: declared here\n"},
       {"x' = sum(x for a in 0..3)",
        "2:16: 'a' is already the name of an argument\nnote 1:15: declared here\n"},
       {"x' = sum(sum(1.0 for i in 0..2) for i in 0..3)",
        "2:22: 'i' is already the name of an index\nnote 2:37: declared here\n"},
       {"x' = x\ng(w) = sum(w for w in 0..3)",
        "3:18: 'w' is already the name of a parameter\nnote 3:3: declared here\n"},
       {"x' = fold(a = 0, a + x for i in 0..3)",
        "2:11: 'a' is already the name of an argument\nnote 1:15: declared here\n"},
       {"x' = fold(i = 0, i + x for i in 0..3)",
        "2:28: 'i' is already the name of the value of a fold\nnote 2:11: declared here\n"},
       {"x' = fold(s = x, s + fold(s = x, s*x for j in 0..2) for i in 0..3)",
        "2:27: 's' is already the name of the value of a fold\nnote 2:11: declared here\n"},
       {"x' = x\nfold = 3", "3:1: 'fold' is already the name of a builtin\n"}});
  checkBodies("t; x; static n = 3",
              {{"x' = fold(s = s, x for i in 0..3)", "2:15: unknown name 's'\n"},
               {"x' = fold(s = x, x for i in 0..s)", "2:32: unknown name 's'\n"},
               {"x' = fold(s = x, x for i in 0..3) + s", "2:37: unknown name 's'\n"},
               {"x' = fold(s = x, s for i in 0..3 if i < s)",
                "2:39: expected a filter of indices and statics, as in 'if j != i'\n"},
               {"x' = fold(s = x, s for i in n..0)",
                "2:29: expected a range that runs upwards, got 3..0\n"}});
  checkTexts(
      {{"field f(t; x, x) {\n x' = x\n}",
        "1:15: 'x' is already the name of a state leaf\nnote 1:12: declared here\n"},
       {"field f(t; x; exp) {\n x' = x\n}", "1:15: 'exp' is already the name of a builtin\n"}});
}

TEST(FieldErrors, Cycles) {
  checkBodies(
      "t; x",
      {{"x' = a\na = b + 1\nb = c\nc = a", "3:1: 'a' depends on itself: a -> b -> c -> a\n"},
       {"x' = a\na = a", "3:1: 'a' depends on itself: a -> a\n"},
       {"x' = x' + 1", "2:1: the derivative of 'x' depends on itself: x' -> x'\n"},
       {"x' = g(x)\ng(w) = h(w)\nh(w) = g(w)", "3:1: function 'g' is recursive: g -> h -> g\n"},
       {"x' = b\nb = g(1)\ng(w) = w + b", "4:1: function 'g' is recursive: b -> g -> b\n"}});
}

TEST(FieldErrors, Calls) {
  checkBodies(
      "t; x, u[3]",
      {{"u' = u\nx' = sin(x, 1)", "3:6: expected 1 argument of 'sin', got 2\n"},
       {"u' = u\nx' = atan2(x)", "3:6: expected 2 arguments of 'atan2', got 1\n"},
       {"x' = x\nu' = shift(u, 1)", "3:6: expected 3 or 4 arguments of 'shift', got 2\n"},
       {"x' = x\nu' = concat(u)", "3:6: expected at least 2 arguments of 'concat', got 1\n"},
       {"x' = g(1, 2)\ng(w) = w\nu' = u", "2:6: expected 1 argument of 'g', got 2\n"},
       {"x' = x\nu' = roll(u, 1, axes = 0)",
        "3:17: 'roll' has no option 'axes'; did you mean 'axis'?\n"},
       {"x' = sin(axis = x)\nu' = u", "2:6: expected 1 argument of 'sin', got 0\n"
                                      "2:10: 'sin' has no option 'axis'\n"},
       {"x' = x\nu' = roll(u, axis = 0, 1)",
        "3:6: expected the arguments of 'roll' before its options\n"},
       {"x' = sum(x)\nu' = u", "2:10: expected an array in 'sum', got a scalar\n"},
       {"x' = norm(x)\nu' = u", "2:11: expected an array in 'norm', got a scalar\n"},
       {"x' = dot(u, x)\nu' = u",
        "2:6: expected two vectors of equal length in 'dot', got [3] and a scalar\n"},
       {"x' = x\nu' = shift(u, 1, u)", "3:18: expected a scalar to fill in, got [3]\n"},
       {"x' = x\nu' = shift(u, 1.5, 0)", "3:15: expected an integer, got 1.5\n"},
       {"x' = x\nu' = roll(u, x)", "3:14: expected an integer known at compile time, got 'x'\n"},
       {"x' = x\nu' = roll(x, 1)", "3:11: expected an array in 'roll', got a scalar\n"},
       {"x' = x\nu' = roll(u, 1, 1)", "3:17: axis 1 is out of range for [3]\n"},
       {"x' = x\nu' = [sum(roll(u, i)) for i in 0..3]",
        "3:19: expected an integer that depends on no index of a comprehension\n"},
       {"x' = x\nu' = concat(x, u)",
        "3:13: expected an array in 'concat', got a scalar; write it as [x]\n"},
       {"x' = x\nu' = concat(u, [[1]])",
        "3:16: expected shapes that agree off axis 0, got [3] and [1,1]\n"},
       {"x' = file(\"w.npy\")\nu' = u",
        "2:6: a field reads no files; declare an argument and give it 'file(..)' in a solve\n"}});
}

TEST(FieldErrors, Shapes) {
  checkBodies(
      "t; u[3], v[4], m[2,3]; a[1]",
      {{"u' = u + v\nv' = v\nm' = m", "2:8: expected equal shapes, got [3] and [4]\n"},
       {"u' = u\nv' = u\nm' = m", "3:1: expected the shape of 'v', [4], got [3]\n"},
       {"u' = 0\nv' = v\nm' = m", "2:1: expected the shape of 'u', [3], got a scalar\n"},
       {"u' = a*u\nv' = v\nm' = m", "2:7: expected equal shapes, got [1] and [3]\n"},
       {"u' = u @ u\nv' = v\nm' = m",
        "2:8: expected a matrix before '@', got a vector; the product of "
        "two vectors is dot(a, b)\n"},
       {"u' = m @ v\nv' = v\nm' = m",
        "2:8: expected a matrix and a vector or matrix that fits, got [2,3] and [4]\n"},
       {"u' = [1, [2], 3]\nv' = v\nm' = m",
        "2:10: expected elements of equal shapes, got [1] after a scalar\n"},
       {"u' = u > 0\nv' = v\nm' = m", "2:8: expected a number, got a condition\n"},
       {"u' = if u then 1 else u\nv' = v\nm' = m", "2:9: expected a condition, got a number\n"},
       {"u' = if v > 0 then u else 1\nv' = v\nm' = m",
        "2:6: expected equal shapes, got [4] and [3]\n"},
       {"u' = u\nv' = v\nm' = m[0]", "4:1: expected the shape of 'm', [2,3], got [3]\n"},
       {"g(w) = w + v\nu' = g(u)\nv' = g(v)\nm' = m",
        "2:10: expected equal shapes, got [3] and [4]\nnote 3:6: in this call of 'g'\n"}});
}

TEST(FieldErrors, Indices) {
  checkBodies(
      "t; u[3]; a",
      {{"u' = [u[i + 1] for i in 0..3]",
        "2:9: index 3 is out of range for an extent of 3, at i = 2\n"},
       {"u' = [u[i - 1] for i in 0..3]", "2:9: index -1 is negative, at i = 0\n"},
       {"u' = [sum(u[i + j] for j in 0..3 if j != 1) for i in 0..3]",
        "2:13: index 3 is out of range for an extent of 3, at i = 1, j = 2\n"},
       {"u' = u*u[3]", "2:10: index 3 is out of range for an extent of 3\n"},
       {"u' = u*u[-1]", "2:10: index -1 is negative\n"},
       {"u' = u[0..4]", "2:8: slice 0..4 is out of range for an extent of 3\n"},
       {"u' = u[2..1]", "2:8: slice 2..1 is out of range for an extent of 3\n"},
       {"u' = u[1..1]", "2:8: an array needs at least one element, got the slice 1..1\n"},
       {"u' = u[0, 1]", "2:7: expected at most 1 index of [3], got 2\n"},
       {"u' = a[0]", "2:7: expected an array before '[', got a scalar\n"},
       {"u' = u*u[a]", "2:10: expected an integer known at compile time, got 'a'\n"},
       {"u' = u*u[a + 1]", "2:10: expected an integer known at compile time, got 'a'\n"},
       {"u' = u*u[sin(1)]",
        "2:10: expected an integer known at compile time, got an expression of numbers\n"},
       {"u' = [u[i/2] for i in 0..3]",
        "2:10: expected an integer, got a quotient of numbers; write div(a, b)\n"},
       {"u' = [u[div(i, i - 1)] for i in 0..3]", "2:16: the divisor is zero, at i = 1\n"},
       {"u' = u*sum(i^20 for i in 0..1000)",
        "2:13: integer overflow: an index must stay within 2^53\n"},
       {"u' = [u[i] for i in 3..0]", "2:21: expected a range that runs upwards, got 3..0\n"},
       {"u' = [u[i] for i in 0..0]", "2:6: an array needs at least one element\n"},
       {"u' = [sum(u[j] for j in 0..i) for i in 0..3]",
        "2:28: expected an integer that depends on no index of a comprehension\n"},
       {"u' = [u[i] for i in 0..3 if u[i] > 0]",
        "2:34: expected a filter of indices and statics, as in 'if j != i'\n"},
       {"u' = [u[i] for i in 0..3 if i]",
        "2:29: expected a filter of indices and statics, as in 'if j != i'\n"},
       {"u' = [u[i] for i in 0..3 if i > 0]", "2:1: expected the shape of 'u', [3], got [2]\n"},
       {"u' = [sum([u[j] for j in 0..3 if j < i]) for i in 1..4]",
        "2:11: expected a filter that always leaves as many elements, got 1 and then 2, at i = "
        "2\n"},
       {"u' = [sum([u[j] for j in 0..3 if j > i]) for i in 0..3]",
        "2:11: expected a filter that always leaves as many elements, got 2 and then 1, at i = "
        "1\n"},
       {"u' = u*sum(sum(i*j for i in 0..2000) for j in 0..2000)",
        "2:12: expected a comprehension of at most 1000000 elements, got 4000000\n"},
       {"u' = u*sum(norm([1.0 for i in 0..500]) for j in 0..1000000)",
        "2:17: expected a comprehension of at most 1000000 elements, got 500000000\n"}});
}

TEST(FieldErrors, ImportsAtTopLevel) {
  checkTexts({{"import \"a.deq\"\nfield f(t; x) { x' = x }",
               "1:8: cannot read 'a.deq': files cannot be read here\n"}});
}
