// Values and arrays as JSON.
// What a person writes by hand for a solve, and what deqc itself prints: numbers, nested arrays of
// them, and the strings "nan", "inf" and "-inf" where JSON has no number.
#pragma once

#include "NumberArray.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deq {

/// Members of a JSON object in the order of the file.
using NamedArrays = std::vector<std::pair<std::string, NumberArray>>;

/// An object whose members are numbers or rectangular arrays, nested at most 8 deep and never
/// empty. Errors begin with line:column, counted from 1 in bytes: bad syntax, other kinds of
/// values, ragged arrays, keys given twice.
std::optional<NamedArrays> readJsonValues(std::string_view bytes, std::string &error);

/// One number or one array, under the same rules.
std::optional<NumberArray> readJsonArray(std::string_view bytes, std::string &error);

} // namespace deq
