// Turns the text of an option into a value, or says what was expected.
// Our own words instead of the parser library's, so that every message of deqc reads alike.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace deq::cli {

/// A command line that cannot be obeyed; what() is the message without prefix.
class UsageError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Refuses an option, or a value of one, that has a place in the language of deqc but no
/// implementation.
[[noreturn]] void notSupportedYet(const std::string &what);

/// A finite decimal number.
double parseNumber(const std::string &option, const std::string &text);
/// A whole number of at least 1.
std::int64_t parseCount(const std::string &option, const std::string &text);
/// `text` if it is one of `choices`; those in `later` are not supported yet.
std::string parseChoice(const std::string &option, const std::string &text,
                        const std::vector<std::string> &choices,
                        const std::vector<std::string> &later = {});

} // namespace deq::cli
