// What a method of any family says about itself.
// Lists, statistics and controllers ask for no more, so they need not know the families.
#pragma once

#include <string>

namespace deq {

struct MethodFacts {
  std::string name;
  std::string title;  ///< "Tsitouras 5(4)"
  std::string source; ///< citation
  int order = 0;
  int errorOrder = 0; ///< of the solution that the error estimate compares with, 0 if none
  int interpolantOrder = 0;
};

} // namespace deq
