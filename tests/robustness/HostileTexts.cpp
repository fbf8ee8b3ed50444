// The list of hostile texts, by what they attack.
// Sizes are such that a quadratic algorithm takes minutes and an unguarded recursion any stack.
#include "HostileTexts.h"

#include <fmt/format.h>

namespace deq::test {

std::string repeat(const std::string &text, std::size_t count) {
  std::string result;
  result.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i)
    result += text;
  return result;
}

std::string lines(std::size_t count, const std::function<std::string(std::size_t)> &line) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i)
    result += line(i);
  return result;
}

std::string fieldText(const std::string &header, const std::string &body) {
  return "field f(t; " + header + ") {\n" + body + "\n}\n";
}

std::string derivativeText(const std::string &value) { return fieldText("x", "x' = " + value); }

std::string initialText(const std::string &value) {
  return fieldText("u[4]", "u' = u") + "solve f {\n  span 0 to 1\n  init u = " + value + "\n}\n";
}

namespace {

constexpr std::size_t many = 100000;
constexpr std::size_t million = 1000000;

/// f0(x) = first, f1 .. of this text, where {0} is the number and {1} the one before.
std::string functions(const std::string &first, const std::string &rest, int count) {
  std::string body = "f0(k) = " + first + "\n";
  for (int i = 1; i <= count; ++i)
    body += fmt::format(fmt::runtime("f{0}(k) = " + rest + "\n"), i, i - 1);
  return body;
}

std::string nested(const std::string &open, const std::string &middle, const std::string &close) {
  return derivativeText(repeat(open, many) + middle + repeat(close, many));
}

void addDepth(std::vector<Hostile> &list) {
  const char *levels = "expected at most 200 levels of nesting";
  auto deep = [&](const char *name, std::string open, std::string middle, std::string close,
                  const char *message) {
    list.push_back({name, [=] { return nested(open, middle, close); }, message});
  };
  deep("Parentheses", "(", "x", ")", levels);
  deep("OpenParentheses", "(", "", "", levels);
  deep("Brackets", "[", "x", "]", levels);
  deep("Conditionals", "if x > 0 then ", "x", " else x", levels);
  deep("OpenConditionals", "if ", "", "", levels);
  deep("Signs", "-", "x", "", levels);
  deep("Negations", "not ", "x", "", levels);
  deep("Powers", "x^", "x", "", levels);
  deep("SignedPowers", "x^-", "x", "", levels);
  deep("Calls", "sin(", "x", ")", levels);
  deep("Comprehensions", "[", "x", " for i in 0..2]", levels);
  deep("Sums", "sum(", "x", " for i in 0..2)", levels);
  deep("Folds", "fold(p = 0, ", "x", " for i in 0..2)", levels);
  deep("InitialValues", "fold(p = ", "0", ", p for i in 0..2)", levels);
  deep("Bounds", "sum(x for i in 0..", "1", ")", levels);
  deep("Subscripts", "x[", "0", "]", levels);
  deep("SubscriptChain", "", "x", "[0]", levels);
  deep("SliceChain", "", "x", "[0..1]", levels);
  deep("Primes", "", "x", "'", "depends on itself");
  deep("Braces", "{", "", "}", "expected an expression");
  list.push_back({"FilterChain",
                  [] {
                    return fieldText("u[4]", "u' = [u[i] for i in 0..4 if i < 9" +
                                                 repeat(" and i < 9", many) + "]");
                  },
                  "expected at most"});
  list.push_back({"IndexChain",
                  [] {
                    return fieldText("u[4]", "u' = [u[mod(i" + repeat(" + i", many) +
                                                 ", 4)] for i in 0..4]");
                  },
                  "expected at most"});
}

void addBombs(std::vector<Hostile> &list) {
  auto field = [&](const char *name, std::string header, std::string body, const char *message) {
    list.push_back({name, [=] { return fieldText(header, body); }, message});
  };
  auto init = [&](const char *name, std::string value, const char *message) {
    list.push_back({name, [=] { return initialText(value); }, message});
  };
  field("LargeStatic", "u[n]; static n = 1000000000000", "u' = u", "expected at most 1000000");
  field("LargePower", "u[n]; static n = 10^12", "u' = u", "expected at most 1000000");
  field("LargeProduct", "u[n,n,n,n,n]; static n = 9007199254740992", "u' = u",
        "expected at most 1000000");
  field("IndexOverflow", "u[n*n]; static n = 9007199254740992", "u' = u", "integer overflow");
  field("DivisorZero", "u[div(4, n)]; static n = 0", "u' = u", "the divisor is zero");
  field("ModulusZero", "u[4]", "u' = [u[mod(3, i)] for i in 0..4]",
        "the divisor is zero, at i = 0");
  field("SmallestInteger", "u[mod(-9223372036854775808, -1)]", "u' = u", "expected an integer");
  field("DivideByMinusOne", "u[div(-9007199254740992, -1)]", "u' = u", "integer overflow");
  field("LargeExponents", "x", "x' = x^1000000000 + x^-2147483648 + x^0.5 + x^-0.5 + x^1e300", "");
  field("LargeIndexExponent", "u[n^1000000000]; static n = 2", "u' = u", "integer overflow");
  field("ComprehensionBomb", "x", "x' = sum(sum(x for i in 0..1000000) for j in 0..1000000)",
        "expected a comprehension of at most 1000000 elements");
  field("ComprehensionsInARow", "x", "x' = 0" + repeat(" + sum(x for i in 0..1000000)", many / 10),
        "");
  field("FoldBomb", "x", "x' = fold(p = x, fold(q = p, q for i in 0..1000000) for j in 0..1000000)",
        "expected a comprehension of at most 1000000 elements");
  field("CostlyFilters", "u[1000]",
        "u' = [sum(u[i] for j in 0..1000 if mod(i*j, 7) != 3 or j == 0) for i in 0..1000]", "");
  const std::string zero = "mod(i, 1000)*mod(j, 1000) - mod(j, 1000)*mod(i, 1000)";
  const std::string term = "sum(sum(u[" + zero + "] for j in 0..500) for i in 0..500)";
  field("CheckedIndices", "u[4]", "u' = u + " + term, "");
  field("CostlyIndices", "u[4]", "u' = u" + repeat(" + " + term, 100), "takes more than");
  field("DoublingFunctions", "x", functions("k", "f{1}(k) + f{1}(k)", 60) + "x' = f60(x)",
        "expected at most");
  field("DoublingErrors", "x", functions("k @ k", "f{1}(k) + f{1}(k)", 60) + "x' = f60(x)",
        "expected a matrix");
  field("DoublingArrays", "u[2]", functions("k", "f{1}(concat(k, k))", 60) + "u' = f60(u)[0..2]",
        "expected an array of at most");
  field("DoublingIndices", "u[2]",
        functions("u[mod(k, 7) - mod(k, 6)]", "f{1}(mod(k + k, 7))", 60) +
            "u' = [f60(i) for i in 0..2]",
        "expected at most");
  field("DoublingArguments", "x", functions("k", "f{1}(k*k)", 60) + "x' = f60(x)", "");
  field("HugeMatrixProducts", "x",
        "a = [[x for i in 0..1000] for j in 0..1000]\nx' = sum(a @ a @ a @ a)", "");
  field("OuterProductTooLarge", "x",
        "a = [[x] for i in 0..10000]\nb = [[x for i in 0..10000]]\n"
        "x' = sum(a @ b)",
        "expected an array of at most");
  init("ValueComprehensionBomb", "[sum(sum(1 for i in 0..1000) for j in 0..1000) for k in 0..4]",
       "expected a comprehension of at most");
  init("CostlyValue", "[sum(" + repeat("sin(i*j) + ", 1000) + "1 for i in 0..1000) for j in 0..4]",
       "takes more than");
  init("CostlyMatrixProducts",
       "sum([[1 for i in 0..1000] for j in 0..1000] @ [[1 for i in 0..1000] for j in 0..1000])",
       "takes more than");
  init("CostlyArrays", "sum(" + repeat("exp(", 50) + "[i for i in 0..1000000]" + repeat(")", 51),
       "takes more than");
  init("ManyParts", "sum(concat([1]" + repeat(", [1]", many) + "))", "");
  init("LongList", "sum([1" + repeat(", 1", million / 2) + "])", "");
  list.push_back({"SaveList",
                  [] {
                    return fieldText("x", "x' = x") + "solve f {\n  span 0 to 1e8\n  init x = 1\n"
                                                      "  save at [i for i in 0..10000000]\n}\n";
                  },
                  "expected a comprehension of at most"});
  list.push_back({"WrittenSaveList",
                  [] {
                    return fieldText("x", "x' = x") +
                           "solve f {\n  span 0 to 1e8\n  init x = 1\n"
                           "  save at [0" +
                           lines(1200000, [](std::size_t i) { return fmt::format(",{}", i + 1); }) +
                           "]\n}\n";
                  },
                  "expected at most"});
}

void addBytes(std::vector<Hostile> &list) {
  auto add = [&](const char *name, std::function<std::string()> text, const char *message) {
    list.push_back({name, std::move(text), message});
  };
  add(
      "LongestName", [] { return fieldText("x", repeat("a", 255) + " = x\nx' = x"); }, "");
  add(
      "LongName", [] { return derivativeText(repeat("x", million)); },
      "expected a name of at most");
  add(
      "LongNumber", [] { return derivativeText("1." + repeat("3", million)); }, "");
  add(
      "LongInteger", [] { return derivativeText(repeat("3", million)); }, "does not fit a double");
  add(
      "LongExponent", [] { return derivativeText("1e" + repeat("3", million)); },
      "does not fit a double");
  add(
      "LongNumberAndName",
      [] { return derivativeText(repeat("3", million) + repeat("x", million)); },
      "a product is written");
  add(
      "LongFraction", [] { return derivativeText("." + repeat("3", million)); },
      "expected digits before");
  add(
      "LongOpenFraction", [] { return derivativeText(repeat("3", million) + "."); },
      "expected digits after");
  add(
      "LongComment", [] { return derivativeText("x #" + repeat("-", million)); }, "");
  add(
      "LongString", [] { return derivativeText("\"" + repeat("s", million) + "\""); },
      "expected an expression, got a string");
  add(
      "OpenString", [] { return derivativeText("\"" + repeat("s", million)); }, "expected '\"'");
  add(
      "LongExpression", [] { return derivativeText("x" + repeat("+x", million / 2)); }, "");
  add(
      "LongProduct", [] { return derivativeText("2" + repeat("*2", million / 4)); }, "");
  add(
      "LongCall", [] { return derivativeText("min(x" + repeat(",x", million / 2) + ")"); },
      "expected 2 arguments");
  add(
      "Nul", [] { return derivativeText("x\0" + std::string(1, '\0') + "+ 1"); },
      "unexpected character '\\x00'");
  add(
      "ManyNuls", [] { return std::string(million, '\0'); }, "unexpected character '\\x00'");
  add(
      "NulsInComments", [] { return repeat("#" + std::string(3, '\0') + "\n", million); },
      "unexpected character '\\x00'");
  add(
      "Overlong", [] { return derivativeText("\xc0\xaf \xe0\x80\x80 \xf0\x80\x80\x80"); },
      "unexpected character '\\xc0'");
  add(
      "OverlongAlone", [] { return derivativeText("\xe0\x80\x80"); },
      "unexpected character '\\xe0'");
  add(
      "Surrogate", [] { return derivativeText("\xed\xa0\x80"); }, "unexpected character '\\xed'");
  add(
      "BeyondUnicode", [] { return derivativeText("\xf5\x80\x80\x80"); },
      "unexpected character '\\xf5'");
  add(
      "Truncated", [] { return std::string("field f(t; x) { x' = \xe2\x82"); },
      "unexpected character '\\xe2'");
  add(
      "ByteOrderMark", [] { return "\xef\xbb\xbf" + derivativeText("x"); }, "");
  add(
      "TwoByteOrderMarks", [] { return "\xef\xbb\xbf\xef\xbb\xbf" + derivativeText("x"); },
      "unexpected character");
  add(
      "WideCharacters",
      [] {
        std::string wide;
        for (char c : derivativeText("x"))
          wide += {c, '\0'};
        return "\xff\xfe" + wide;
      },
      "unexpected character '\\xff'");
  add(
      "CarriageReturns", [] { return std::string("field f(t; x) {\rx' = x\r}\r"); }, "");
  add(
      "CarriageReturnsOnly", [] { return repeat("\r", million); }, "");
  add(
      "Empty", [] { return std::string(); }, "");
  add(
      "Blanks", [] { return std::string(std::size_t(100) << 20, ' '); }, "expected a file of");
  add(
      "Newlines", [] { return std::string(std::size_t(16) << 20, '\n'); }, "");
  add(
      "Semicolons", [] { return std::string(std::size_t(16) << 20, ';'); }, "expected at most");
  add(
      "Operators", [] { return derivativeText(std::string(million * 3, '+')); },
      "expected an expression");
}

} // namespace

const std::vector<Hostile> &hostileTexts() {
  static const std::vector<Hostile> list = [] {
    std::vector<Hostile> all;
    addDepth(all);
    addBombs(all);
    addBytes(all);
    addCrowds(all);
    return all;
  }();
  return list;
}

} // namespace deq::test
