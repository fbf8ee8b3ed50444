// How a tableau appears in the output of a parametrised test: by its name.
// GoogleTest would print its bytes.
#pragma once

#include "compiler/Methods/Tableau.h"

#include <ostream>

namespace deq {

inline void PrintTo(const Tableau &tableau, std::ostream *out) { *out << tableau.name; }

} // namespace deq
