// Traced fields and their twins in the language, for tests of the tracer.
#pragma once

#include "deq/trace.h"
#include "runtime/Trace/FieldSource.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace deq::test {

inline Problem problemOf(const Field &field, const FieldRequest &request = {}) {
  std::vector<Diagnostic> warnings;
  return field.source().problem(request, warnings);
}

/// The digest of a field's structure.
inline std::string digestOf(const Field &field) {
  return canonical(problemOf(field).field).digest.text();
}

inline Problem problemOfText(const std::string &text, const Overrides &overrides = {}) {
  const HostClauses none;
  Overrides hosted = overrides;
  hosted.host = &none;
  Diagnostics diagnostics;
  auto problem = loadProblem("f.deq", text, hosted, diagnostics);
  if (!problem)
    throw Error(diagnostics.all());
  return std::move(*problem);
}
inline std::string digestOf(const std::string &text) {
  return canonical(problemOfText(text).field).digest.text();
}

/// While it lives, names of these tests as a compiler has them, `../tests/..` or absolute, are
/// names of files.
class BesideTheTests {
public:
  BesideTheTests() : before(std::filesystem::current_path()) {
    std::filesystem::current_path(DEQ_EXAMPLES);
  }
  ~BesideTheTests() { std::filesystem::current_path(before); }

private:
  std::filesystem::path before;
};

/// The first diagnostic of what `f` throws.
template <class F> Diagnostic errorOf(F f) {
  try {
    f();
  } catch (const Error &error) {
    return error.diagnostics().front();
  }
  ADD_FAILURE() << "expected an Error, got none";
  return {};
}

/// The message of tracing a callable of the state x, y[3] and the argument a.
template <class F> Diagnostic traceError(F f) {
  const Field field = trace("f", {.state = {"x", {"y", {3}}}, .args = {"a"}}, f);
  return errorOf([&] { problemOf(field); });
}

} // namespace deq::test
