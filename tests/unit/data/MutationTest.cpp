// Damaged files: 10,000 random mutations of a good file of every format, the same in every run.
// Whatever comes, a reader answers with an array that is consistent in itself or with an error.
#include "Support.h"
#include "compiler/Data/Json.h"
#include "compiler/Data/ReadData.h"

#include <random>

using namespace deq;
using namespace deq::test;

namespace {

/// One to four bytes replaced, inserted, removed, or copied from elsewhere; at times cut short.
std::string mutated(std::string bytes, std::mt19937 &random) {
  auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  // Bytes that mean something to a format are tried more often than the rest.
  constexpr std::string_view telling = "0123456789eE+-.,;\t\r\n\"'[]{}():<>|#fiubLTF \\";
  for (std::size_t i = 1 + below(4); i > 0 && !bytes.empty(); --i) {
    std::size_t at = below(bytes.size());
    char byte = below(2) ? telling[below(telling.size())] : static_cast<char>(below(256));
    switch (below(5)) {
    case 0:
      bytes.insert(at, 1, byte);
      break;
    case 1:
      bytes.erase(at, 1 + below(3));
      break;
    case 2:
      bytes.insert(at, bytes.substr(below(bytes.size()), below(20)));
      break;
    case 3:
      bytes.resize(below(8) ? bytes.size() : at);
      break;
    default:
      bytes[at] = byte;
    }
  }
  return bytes;
}

struct Tally {
  int taken = 0, refused = 0;
};

Tally readMutations(const std::string &path, const std::string &good) {
  std::mt19937 random(1);
  Tally tally;
  for (int i = 0; i < 10000; ++i) {
    std::string bytes = mutated(good, random);
    std::string error;
    std::optional<NumberArray> array = readArray(path, bytes, error);
    ++(array ? tally.taken : tally.refused);
    EXPECT_EQ(array.has_value(), error.empty()) << i;
    if (!array)
      continue;
    std::int64_t elements = 1;
    for (std::int64_t extent : array->shape) {
      EXPECT_GE(extent, 1) << i;
      elements *= extent;
    }
    EXPECT_EQ(static_cast<std::int64_t>(array->data.size()), elements) << i;
    EXPECT_LE(array->data.size(), bytes.size()) << i;
  }
  return tally;
}

/// Both outcomes occur, or the mutations would test only one of them.
void expectBoth(const Tally &tally) {
  EXPECT_GT(tally.taken, 100);
  EXPECT_GT(tally.refused, 1000);
}

} // namespace

TEST(DamagedFiles, NpyIsReadOrRefused) {
  expectBoth(
      readMutations("w.npy", npyFile(npyHeader("<f8", "(2, 3)", true), std::string(48, '\x3f'))));
}

TEST(DamagedFiles, CsvIsReadOrRefused) {
  expectBoth(readMutations("w.csv", "# made by hand\nt,\"x, y\",z\r\n0,1.5,-2e-3\n\n1,nan,+4\n"));
}

TEST(DamagedFiles, JsonIsReadOrRefused) {
  expectBoth(readMutations("w.json", "[[0.1, -2e-3, \"nan\"],\n [4, 5.25, \"-inf\"]]\n"));
}

TEST(DamagedFiles, JsonValuesAreReadOrRefused) {
  std::string good = "{\"rho\": 28, \"w\": [[1, 2],\n [3, \"inf\"]], \"\\u0061\": [[[5]]]}";
  std::mt19937 random(2);
  int taken = 0;
  for (int i = 0; i < 10000; ++i) {
    std::string error;
    auto values = readJsonValues(mutated(good, random), error);
    EXPECT_EQ(values.has_value(), error.empty()) << i;
    taken += values.has_value();
  }
  EXPECT_GT(taken, 100);
  EXPECT_LT(taken, 9000);
}
