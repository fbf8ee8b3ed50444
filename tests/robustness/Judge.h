// Puts any text through the front end and says what is wrong with the answer.
// One judge for mutations, hostile files and the fuzzer: whatever the text, the answer is a
// problem, or errors that a person can use.
#pragma once

#include "compiler/Diagnostics.h"

#include <string>

namespace deq::test {

struct Verdict {
  bool checked = false;  ///< checkSource accepted it
  bool loaded = false;   ///< loadProblem did
  std::size_t nodes = 0; ///< of the loaded field's graph
  double seconds = 0;    ///< processor time of both
  std::string text;      ///< first message of the check
  std::string complaint; ///< empty if all messages are as they should be
};

/// Checks and loads `text`.
Verdict judge(const std::string &text);

/// Imports to stage `field` and verifies it; returns the complaint.
std::string judgeImport(const std::string &text);

/// What is wrong with these messages about `text`: none although it was rejected, one without a
/// place inside the text, or one that is not a line of lower case.
std::string complaintAbout(const Diagnostics &diagnostics, bool accepted, const std::string &text);

/// Processor time of this process in seconds: other processes of a busy machine do not count.
double processorTime();

#if defined(__has_feature)
#define DEQ_CLANG_ADDRESS_SANITIZER __has_feature(address_sanitizer)
#else
#define DEQ_CLANG_ADDRESS_SANITIZER 0
#endif

/// How much slower and larger this build is than a release build.
constexpr double buildFactor() {
#if defined(__SANITIZE_ADDRESS__) || DEQ_CLANG_ADDRESS_SANITIZER
  return 12;
#elif !defined(__OPTIMIZE__)
  return 6;
#else
  return 1;
#endif
}

} // namespace deq::test
