// Texts that are made to exhaust a compiler: its stack, its memory, the patience of who waits.
// As a list, so that one test of time, memory and messages serves them all.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace deq::test {

struct Hostile {
  const char *name;
  std::function<std::string()> text;
  /// Part of the first message that is expected; empty: the text is accepted.
  const char *message;
};

const std::vector<Hostile> &hostileTexts();
/// Those of many errors, names or blocks.
void addCrowds(std::vector<Hostile> &list);

// Parts that growing texts use too.
std::string repeat(const std::string &text, std::size_t count);
/// `line(0)`, `line(1)`, ..
std::string lines(std::size_t count, const std::function<std::string(std::size_t)> &line);
/// `field f(t; HEADER) { BODY }`
std::string fieldText(const std::string &header, const std::string &body);
/// A field of one leaf whose derivative is `value`.
std::string derivativeText(const std::string &value);
/// A field `u[4]` and a solve with this value of `u`.
std::string initialText(const std::string &value);

} // namespace deq::test
