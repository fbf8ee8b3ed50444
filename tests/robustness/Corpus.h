// The texts that robustness tests start from: all examples and every program of the documentation.
// What users read and copy is what they will damage first.
#pragma once

#include <string>
#include <vector>

namespace deq::test {

/// Content of a file; the empty text if it cannot be read.
std::string readFile(const std::string &path);

/// `examples/*.deq` and the `deq` blocks of `docs/language.md`, always in the same order.
std::vector<std::string> corpus();

} // namespace deq::test
