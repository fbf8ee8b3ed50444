// How much work goes into machine code. A header of its own because the code generator sees nothing
// else of a compile's options.
#pragma once

#include <string_view>

namespace deq {

/// `full` for the fastest code, `quick` for the soonest. The bits of results are the same.
enum class Tier { full, quick };
/// In the order of the enumerators.
inline constexpr std::string_view tierNames[] = {"full", "quick"};

} // namespace deq
