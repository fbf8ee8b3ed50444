// Damages every example and every program of the documentation, many thousand times.
// A slip of the keyboard must end in a located message, whatever it hits.
#include "Corpus.h"
#include "Judge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <random>
#include <sstream>

namespace deq::test {
namespace {

constexpr int mutations = 100000;
/// Mutants that load are imported too, at most one in this many tries: MLIR is the slow part.
constexpr int importStride = 3;

using Pieces = std::vector<std::string>;

/// Splits by the look of the text alone, so that the compiler's lexer does not choose what it
/// meets.
Pieces split(const std::string &text) {
  auto kind = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' ? 1
           : c == ' ' || c == '\t'                                             ? 2
                                                                               : 0;
  };
  Pieces pieces;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    if (text[i] == '#')
      end = std::min(text.find('\n', i), text.size());
    else if (kind(text[i]) != 0)
      while (end < text.size() && kind(text[end]) == kind(text[i]))
        ++end;
    pieces.push_back(text.substr(i, end - i));
    i = end;
  }
  return pieces;
}

/// Words of the language, numbers at the edges of their types, and bytes that belong to no text.
Pieces words() {
  std::istringstream list(
      "if then else for in not and or static field solve method import span to init args dt auto "
      "save every at steps start end dense stop when step_at jump_at control pid rtol norm sum dot "
      "shift roll concat div mod fold file min atan2 exp sqrt pi axis tsit5 rk4 dtype f32 stages "
      "scan "
      "constant max_steps + - * / @ ^ < <= == != = .. ( ) [ ] { } , ; : ' \" # \\ ! ** && 0 1 2 7 "
      "0.5 1.5 1e308 1e-308 1e400 1000000 1000001 2147483648 9007199254740992 9007199254740993 "
      "9223372036854775807 18446744073709551616 0.1e-400 x y u n i t nowhere \xc3\xa9 \xff");
  Pieces result(std::istream_iterator<std::string>(list), {});
  result.push_back("\n");
  result.emplace_back(1, '\0');
  return result;
}

class Mutator {
public:
  Mutator(std::vector<Pieces> sources, std::uint64_t seed)
      : sources(std::move(sources)), random(seed) {}

  std::string next() {
    Pieces pieces = sources[below(sources.size())];
    for (std::size_t count = 1 + below(3); count > 0; --count)
      mutate(pieces);
    std::string text;
    for (const std::string &piece : pieces)
      text += piece;
    return text;
  }

private:
  std::size_t below(std::size_t bound) { return random() % bound; }

  const std::string &anyPiece() {
    const Pieces &other = sources[below(sources.size())];
    return other[below(other.size())];
  }

  void mutate(Pieces &pieces) {
    if (pieces.empty())
      return;
    std::size_t i = below(pieces.size());
    auto place = pieces.begin() + static_cast<std::ptrdiff_t>(i);
    switch (below(8)) {
    case 0:
      pieces.erase(place);
      break;
    case 1:
      pieces.insert(place, std::string(pieces[i]));
      break;
    case 2:
      std::swap(pieces[i], pieces[below(pieces.size())]);
      break;
    case 3:
      pieces[i] = anyPiece();
      break;
    case 4:
      pieces.insert(place, dictionary[below(dictionary.size())]);
      break;
    case 5:
      pieces[i] = dictionary[below(dictionary.size())];
      break;
    case 6:
      changeDigits(pieces);
      break;
    default:
      splice(pieces, i);
    }
  }

  /// In the next number behind a random place.
  void changeDigits(Pieces &pieces) {
    std::size_t start = below(pieces.size());
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      std::string &piece = pieces[(start + k) % pieces.size()];
      if (!std::isdigit(static_cast<unsigned char>(piece[0])))
        continue;
      if (below(2) == 0)
        piece.insert(below(piece.size() + 1), 1, static_cast<char>('0' + below(10)));
      else
        piece[below(piece.size())] = static_cast<char>('0' + below(10));
      return;
    }
  }

  /// The beginning of one text and the end of another.
  void splice(Pieces &pieces, std::size_t from) {
    const Pieces &other = sources[below(sources.size())];
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(from), pieces.end());
    pieces.insert(pieces.end(), other.begin() + static_cast<std::ptrdiff_t>(below(other.size())),
                  other.end());
  }

  std::vector<Pieces> sources;
  Pieces dictionary = words();
  std::mt19937_64 random;
};

std::vector<Pieces> sources() {
  std::vector<Pieces> result;
  for (const std::string &text : corpus())
    result.push_back(split(text));
  return result;
}

TEST(Mutation, TheTextsThatMutationsStartFromAreGood) {
  std::vector<std::string> texts = corpus();
  EXPECT_GE(texts.size(), 16u);
  for (const std::string &text : texts) {
    Verdict verdict = judge(text);
    EXPECT_TRUE(verdict.checked) << text << verdict.text;
    std::string whole;
    for (const std::string &piece : split(text))
      whole += piece;
    EXPECT_EQ(whole, text);
  }
}

TEST(Mutation, EveryDamagedTextIsAcceptedOrExplainedInASecond) {
  Mutator mutator(sources(), 20240229);
  double slowest = 0;
  int accepted = 0, imported = 0, bad = 0;
  std::string slow;
  for (int i = 0; i < mutations && bad < 5; ++i) {
    std::string text = mutator.next();
    Verdict verdict = judge(text);
    accepted += verdict.checked;
    if (verdict.complaint.empty() && verdict.loaded && i % importStride == 0) {
      ++imported;
      verdict.complaint = judgeImport(text);
    }
    EXPECT_EQ(verdict.complaint, "") << "mutation " << i << ":\n" << text;
    bad += !verdict.complaint.empty();
    if (verdict.seconds > slowest) {
      slowest = verdict.seconds;
      slow = text;
    }
  }
  EXPECT_LT(slowest, 1 * buildFactor()) << slow;
  // Mutants that all fail at once, or that hardly change anything, would test little.
  EXPECT_GT(accepted, mutations / 50);
  EXPECT_LT(accepted, mutations / 2);
  EXPECT_GT(imported, 100);
  RecordProperty("accepted", accepted);
  RecordProperty("imported", imported);
  std::printf("%d accepted, %d imported, slowest %.3f s\n", accepted, imported, slowest);
}

} // namespace
} // namespace deq::test
