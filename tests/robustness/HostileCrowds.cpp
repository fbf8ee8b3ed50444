// Hostile texts that are large rather than deep: many errors, many names, many solves.
// What is fine once must not be searched through for each of a hundred thousand others.
#include "HostileTexts.h"

#include <fmt/format.h>

namespace deq::test {

namespace {

constexpr std::size_t many = 100000;
constexpr std::size_t million = 900000; // nearly: more are too many words

void addErrors(std::vector<Hostile> &list) {
  auto field = [&](const char *name, std::function<std::string()> body, const char *message) {
    list.push_back({name, [=] { return fieldText("x", body()); }, message});
  };
  field(
      "UnknownNames",
      [] { return lines(million, [](std::size_t i) { return fmt::format("a{}=q{}\n", i, i); }); },
      "no derivative of 'x'");
  field(
      "SyntaxErrors", [] { return repeat("x' = )\n", million); },
      "expected an expression, got ')'");
  field(
      "OpenBrackets", [] { return repeat("x' = (\n", million); }, "expected ')', got '='");
  field(
      "OpenCalls", [] { return repeat("x = f(\n", million); }, "expected at most 200 levels");
  field(
      "Redefinitions", [] { return "x' = x\n" + repeat("a = x\n", million); },
      "'a' is already the name of a local");
  field(
      "UnknownLeaves",
      [] { return lines(many, [](std::size_t i) { return fmt::format("a{}' = x\n", i); }); },
      "'a0' is no leaf of the state");
  field(
      "Cycles",
      [] {
        return "a0 = a1\n" + lines(many, [](std::size_t i) {
                 return fmt::format("a{} = a{} + a{} + a0\n", i + 1, i + 2, i);
               });
      },
      "no derivative of 'x'");
  field(
      "LongCycle",
      [] {
        return "x' = a0\n" + lines(many, [](std::size_t i) {
                 return fmt::format("a{} = a{}\n", i, (i + 1) % many);
               });
      },
      "'a0' depends on itself");
  field(
      "UnknownFunctions",
      [] {
        return "x' = x" + lines(many, [](std::size_t i) { return fmt::format(" + g{}(x)", i); });
      },
      "unknown function 'g0'");
  field(
      "ShapeErrors",
      [] {
        return "u = [x, x]\nv = [x, x, x]\nx' = x\n" +
               lines(many, [](std::size_t i) { return fmt::format("a{} = u + v\n", i); });
      },
      "expected equal shapes");
  field(
      "Parameters",
      [] {
        return "g(p" + lines(many, [](std::size_t i) { return fmt::format(", p{}", i); }) +
               ") = p\nx' = g(x" + repeat(", x", many) + ")";
      },
      "");
  list.push_back({"TableauOfReservedWords", [] { return "method m {\nif = 3\n}\n"; }, "expected"});
  list.push_back(
      {"OpenTableau", [] { return "method m {\n" + repeat("a = [1,\n", many); }, "expected"});
  list.push_back({"UnknownFields",
                  [] {
                    return lines(many, [](std::size_t i) {
                      return fmt::format("solve s{} = g{} {{ span 0 to 1 }}\n", i, i);
                    });
                  },
                  "unknown field 'g0'"});
  list.push_back({"UnknownClauses", [] { return "solve f {" + repeat("\nspam 1", many) + "}"; },
                  "expected a clause of a solve, got 'spam'"});
}

} // namespace

void addCrowds(std::vector<Hostile> &list) {
  addErrors(list);
  auto add = [&](const char *name, std::function<std::string()> text, const char *message) {
    list.push_back({name, std::move(text), message});
  };
  auto numbered = [](const char *format) {
    return lines(many, [=](std::size_t i) { return fmt::format(fmt::runtime(format), i, i + 1); });
  };
  add(
      "Fields", [=] { return numbered("field f{0}(t; x) {{ x' = x }}\n"); }, "");
  add(
      "Solves",
      [=] {
        return derivativeText("x") + numbered("solve s{0} = f {{\nspan 0 to 1\ninit x = 1\n}}\n");
      },
      "");
  add(
      "SameSolves",
      [=] { return derivativeText("x") + repeat("solve f {\nspan 0 to 1\ninit x = 1\n}\n", many); },
      "solve 'f' is defined twice");
  add(
      "Locals",
      [=] { return fieldText("x", "a0 = x\n" + numbered("a{1} = a{0} + x\n") + "x' = x"); }, "");
  add(
      "BackwardLocals",
      [=] { return fieldText("x", "x' = a0\n" + numbered("a{0} = a{1} + x\n") + "a100000 = x"); },
      "");
  add(
      "Leaves",
      [=] { return fieldText("x" + numbered(", x{0}"), "x' = x\n" + numbered("x{0}' = x\n")); },
      "");
  add(
      "BackwardDerivatives",
      [=] {
        return fieldText("x" + numbered(", x{0}"),
                         "x' = x0'\n" + lines(many, [](std::size_t i) {
                           return i + 1 == many ? fmt::format("x{}' = x\n", i)
                                                : fmt::format("x{}' = x{}'\n", i, i + 1);
                         }));
      },
      "");
  add(
      "Arguments", [=] { return fieldText("x; a" + numbered(", a{0} = {0}"), "x' = x"); }, "");
  add(
      "Statics",
      [=] { return fieldText("x; static n = 1" + numbered(", static n{0} = {0}"), "x' = x"); }, "");
  add(
      "BackwardStatics",
      [=] {
        return fieldText("x; static n = 1" + numbered(", static n{0} = n{1} + 1") +
                             ", static n100000 = 1",
                         "x' = x");
      },
      "");
  add(
      "InferredStatics",
      [=] {
        auto half = [](const char *format) {
          return lines(many / 2,
                       [=](std::size_t i) { return fmt::format(fmt::runtime(format), i); });
        };
        return fieldText("x" + half(", x{0}[n{0}]") + "; static m = 1" + half(", static n{0}"),
                         "x' = x\n" + half("x{0}' = x{0}\n")) +
               "solve f {\nspan 0 to 1\ninit x = 1" + half(", x{0} = [1, 2]") + "\n}\n";
      },
      "");
  add(
      "Functions", [=] { return fieldText("x", numbered("f{0}(y) = y\n") + "x' = f99999(x)"); },
      "");
  add(
      "ManyCalls", [=] { return fieldText("x", "f(y) = y*y\nx' = x" + repeat(" + f(x)", many)); },
      "");
  add(
      "ManySolvesOfALargeField",
      [=] {
        return fieldText("x", "x' = x" + repeat(" + x", many / 4)) +
               lines(many / 20, [](std::size_t i) {
                 return fmt::format("solve s{} = f {{\nspan 0 to 1\ninit x = 1\n}}\n", i);
               });
      },
      "");
  add(
      "ManySolvesOfManyDefaults",
      [=] {
        return fieldText("x; a" +
                             lines(many / 10,
                                   [](std::size_t i) { return fmt::format(", a{} = {}", i, i); }),
                         "x' = x") +
               lines(many / 10, [](std::size_t i) {
                 return fmt::format("solve s{} = f {{\nspan 0 to 1\ninit x = 1\nargs a = 1\n}}\n",
                                    i);
               });
      },
      "takes more than");
  add(
      "ManySizesOfALargeField",
      [=] {
        return fieldText("x; static n = 1", "x' = x" + repeat(" + n*x", many / 4)) +
               lines(many / 20, [](std::size_t i) {
                 return fmt::format("solve s{} = f {{\nspan 0 to 1\ninit x = 1\nargs n = {}\n}}\n",
                                    i, i);
               });
      },
      "takes more than");
}

} // namespace deq::test
