// Which field belongs to a problem's name, for the solvers of other libraries.
#pragma once

#include "Peers.h"
#include "baselines/SameFields.h"

#include <cstring>

namespace deq::bench {

/// `Solver<Field>::solve` of the field of that name.
template <template <class> class Solver> SolveFunction solverOf(const char *problem) {
  struct Row {
    const char *problem;
    SolveFunction solve;
  };
  using namespace DEQ_BASELINES;
  constexpr Row rows[] = {{"lorenz", Solver<Lorenz>::solve},
                          {"lotka_volterra", Solver<LotkaVolterra>::solve},
                          {"fitzhugh_nagumo", Solver<FitzHughNagumo>::solve},
                          {"arenstorf", Solver<Arenstorf>::solve},
                          {"pleiades", Solver<Pleiades>::solve}};
  for (const Row &row : rows)
    if (std::strcmp(row.problem, problem) == 0)
      return row.solve;
  return nullptr;
}

} // namespace deq::bench
