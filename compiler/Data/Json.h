// Numbers in JSON.
#pragma once

#include "NumberArray.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deq {

/// A number or a rectangular array of numbers, nested up to eight deep. The words "nan", "inf" and
/// "-inf" stand for what JSON cannot write. nullopt with `error` set.
std::optional<NumberArray> readJsonArray(std::string_view bytes, std::string &error);

/// An object whose members are such, in the order of the text.
std::optional<std::vector<std::pair<std::string, NumberArray>>>
readJsonValues(std::string_view bytes, std::string &error);

} // namespace deq
