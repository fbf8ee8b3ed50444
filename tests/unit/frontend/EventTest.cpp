// Stop clauses of a solve: names, directions, tolerances, and what of the field they can see.
#include "FakeFiles.h"

using namespace deq;
using namespace deq::test;

namespace {

std::string decayWith(const std::string &clauses) {
  return "field f(t; x; rate = 2, cut = 1) {\n  loss = rate*x\n  twice(w) = 2*w\n  x' = -loss\n}\n"
         "solve f {\nspan 0 to 1\ninit x = 1\n" +
         clauses + "\n}\n";
}

} // namespace

TEST(Events, HaveNamesDirectionsAndTolerances) {
  const Problem p = load(decayWith("stop when x - cut\nstop low when x, direction = down\n"
                                   "stop when t > 5, tolerance = 1e-3"));
  ASSERT_EQ(p.signature.events.size(), 3u);
  EXPECT_EQ(p.signature.events[0].name, "stop0");
  EXPECT_EQ(p.signature.events[1].name, "low");
  EXPECT_EQ(p.signature.events[1].direction, Direction::down);
  EXPECT_EQ(p.signature.events[2].name, "stop2");
  EXPECT_EQ(p.values.event_tolerance, (std::vector<double>{0, 0, 1e-3}));
  const std::vector<NodeId> &events = p.field.observables[Observable::events];
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(p.field.nodes[events[0]].kind, Kind::real);
  EXPECT_EQ(p.field.nodes[events[2]].kind, Kind::boolean);
}

TEST(Events, SeeWhatTheFieldSees) {
  EXPECT_EQ(errorsOf(decayWith("stop when twice(loss) + x' - cut*sin(t)")), "");
  EXPECT_EQ(errorsOf(decayWith("stop when (if x > cut then 1 else -1)")), "");
}

TEST(Events, LiteralsOfOneAreHiddenArguments) {
  const Problem p = load(decayWith("stop when x - 0.25"));
  EXPECT_EQ(p.signature.literals, std::int64_t(p.values.literals.size()));
  EXPECT_EQ(p.values.literals.back(), 0.25);
}

TEST(Events, CountAsUsesOfAName) {
  EXPECT_EQ(warningsOf(decayWith("stop when twice(x) - cut")), "");
  EXPECT_EQ(warningsOf(decayWith("stop when x - cut")),
            "3:3: local function 'twice' is not used\n");
}

TEST(Events, OfOneSolveAreNotThoseOfAnother) {
  const std::string text =
      decayWith("stop when x - cut + 0.5") + "solve other = f {\nspan 0 to 1\ninit x = 1\n}\n";
  EXPECT_EQ(errorsOf(text), "");
  Overrides overrides;
  overrides.solve = "other";
  EXPECT_TRUE(load(text, overrides).signature.events.empty());
}

TEST(Events, InAPresetAreAnError) {
  EXPECT_EQ(errorsOf("preset p {\n  stop when x\n}\n"),
            "2:3: a preset has no 'stop'; it belongs to a solve\n");
}
