// The same-work solvers of all problems, for one compiler: no contraction, because fused operations
// are spelled out.
#include "SameWork.h"
#include "SameFields.h"
#include "Solvers.h"

namespace deq::bench::DEQ_BASELINES {

namespace {
template <class Field> void add(std::vector<Baseline> &table, const char *problem) {
  table.push_back({problem, "same-work", SameWork<Field, SeriesPower>::solve});
  table.push_back({problem, "same-work-libm", SameWork<Field, LibraryPower>::solve});
}
} // namespace

void addSameWork(std::vector<Baseline> &table) {
  add<Lorenz>(table, "lorenz");
  add<LotkaVolterra>(table, "lotka_volterra");
  add<FitzHughNagumo>(table, "fitzhugh_nagumo");
  add<Arenstorf>(table, "arenstorf");
  add<Pleiades>(table, "pleiades");
  table.push_back({"pleiades", "same-work-lanes", SameWork<PleiadesLanes, SeriesPower>::solve});
}

} // namespace deq::bench::DEQ_BASELINES
