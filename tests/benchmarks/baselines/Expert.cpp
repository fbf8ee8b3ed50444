// The expert's solvers of all problems, and the table of all solvers, for one compiler.
#include "Expert.h"

#include "ExpertFields.h"
#include "ExpertPleiades.h"
#include "Solvers.h"

namespace deq::bench::DEQ_BASELINES {

std::vector<Baseline> baselines() {
  std::vector<Baseline> table = {
      {"lorenz", "expert", Expert<ExpertLorenz>::solve},
      {"lotka_volterra", "expert", Expert<ExpertLotkaVolterra>::solve},
      {"fitzhugh_nagumo", "expert", Expert<ExpertFitzHughNagumo>::solve},
      {"arenstorf", "expert", Expert<ExpertArenstorf>::solve},
      {"pleiades", "expert", Expert<ExpertPleiades>::solve},
  };
  addSameWork(table);
  return table;
}

} // namespace deq::bench::DEQ_BASELINES
