// The tableau of one full and two half steps.
// Nothing is recomputed: the full and the first half step share their first stage, and so do both
// half steps where the last slope of one is the first of the other.
#include "Half.h"

#include "Interpolants.h"

#include <algorithm>

namespace deq {

namespace {

using Row = std::vector<double>;
/// Where the stages of the inner method are among those of the doubled one; -1: left out.
using Places = std::vector<int>;

class Doubling {
public:
  explicit Doubling(const Tableau &inner) : inner(inner), needed(inner.stages(), false) {
    for (int i = inner.stages() - 1; i >= 0; --i) {
      needed[i] = inner.b[i] != 0;
      for (int j = i + 1; j < inner.stages(); ++j)
        needed[i] = needed[i] || (needed[j] && inner.a[j][i] != 0);
    }
  }

  Tableau run() {
    const int last = inner.stages() - 1;
    out.name = "half(" + inner.name + ")";
    out.title = inner.title + ", as two half steps";
    out.source = "L. F. Richardson, Phil. Trans. R. Soc. A 226 (1927); " + inner.source;
    out.order = out.errorOrder = inner.order;
    out.interpolantOrder = std::min(inner.order, 5);

    const int first = addStage(0, {}); // of the full step and of the first half
    Places full = addStep(first, {}, 0, 1, false);
    Places early = addStep(first, {}, 0, 0.5, inner.fsal());
    Row middle = weights(inner.b, early, 0.5);
    const int middleSlope = inner.fsal() ? early[last] : addStage(0.5, middle);
    Places late = addStep(middleSlope, middle, 0.5, 0.5, inner.fsal());

    out.b = sum(middle, weights(inner.b, late, 0.5));
    out.e = sum(out.b, weights(inner.b, full, -1));
    const int endSlope = inner.fsal() ? late[last] : addStage(1, out.b);
    out.p = quinticHermite(out.b, middle, middleSlope, endSlope, out.a.size());
    return out;
  }

private:
  int addStage(double c, Row row) {
    row.resize(out.a.size(), 0);
    out.a.push_back(std::move(row));
    out.c.push_back(c);
    return static_cast<int>(out.a.size()) - 1;
  }

  /// The stages of a step of `length` that begins at time `begin`, whose first slope is there.
  Places addStep(int firstSlope, const Row &begun, double begin, double length, bool withLast) {
    Places places(inner.stages(), -1);
    places[0] = firstSlope;
    for (int i = 1; i < inner.stages(); ++i)
      if (needed[i] || (withLast && i + 1 == inner.stages()))
        places[i] =
            addStage(begin + length * inner.c[i], sum(begun, weights(inner.a[i], places, length)));
    return places;
  }

  /// Weights of the inner method's stages, times a factor, as weights of all stages so far.
  Row weights(const Row &of, const Places &places, double factor) const {
    Row row(out.a.size(), 0);
    for (std::size_t i = 0; i < of.size(); ++i)
      if (of[i] != 0)
        row[places[i]] = factor * of[i];
    return row;
  }

  static Row sum(Row longer, const Row &shorter) {
    longer.resize(std::max(longer.size(), shorter.size()), 0);
    for (std::size_t i = 0; i < shorter.size(); ++i)
      longer[i] += shorter[i];
    return longer;
  }

  const Tableau &inner;
  std::vector<bool> needed; ///< for y1
  Tableau out;
};

} // namespace

Tableau half(const Tableau &inner) { return Doubling(inner).run(); }

std::optional<std::string> insideHalf(const std::string &text) {
  const std::string begin = "half(";
  if (text.size() <= begin.size() || text.compare(0, begin.size(), begin) != 0 ||
      text.back() != ')')
    return std::nullopt;
  return text.substr(begin.size(), text.size() - begin.size() - 1);
}

} // namespace deq
