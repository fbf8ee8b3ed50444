// Names and sentences for how a solve ended.
// The names are part of the JSON contract of `deqc`, so they are spelled in one place.
#include "deq/solution.h"

#include <limits>

namespace deq {

const char *name(Status status) {
  switch (status) {
  case Status::fresh:
    return "fresh";
  case Status::running:
    return "running";
  case Status::success:
    return "success";
  case Status::stopped:
    return "stopped";
  case Status::max_steps_reached:
    return "max_steps_reached";
  case Status::dt_min_reached:
    return "dt_min_reached";
  case Status::step_underflow:
    return "step_underflow";
  case Status::non_finite:
    return "non_finite";
  case Status::interrupted:
    return "interrupted";
  case Status::resumed:
    return "resumed";
  }
  return "unknown";
}

const char *message(Status status) {
  switch (status) {
  case Status::fresh:
    return "the solve has not started";
  case Status::running:
    return "the solve has not ended";
  case Status::success:
    return "";
  case Status::stopped:
    return "an event ended the solve";
  case Status::max_steps_reached:
    return "max_steps steps did not reach the end of the span";
  case Status::dt_min_reached:
    return "the error tolerance asks for a step below dt_min";
  case Status::step_underflow:
    return "the step became so small that t + dt equals t";
  case Status::non_finite:
    return "the solution or its error estimate is infinite or not a number";
  case Status::interrupted:
    return "interrupted before the end of the span";
  case Status::resumed:
    return "the solve has not gone on";
  }
  return "the program returned a status that does not exist";
}

bool limited_by_stability(const Statistics &stats) {
  constexpr std::int64_t fewest = 8; // below that, a transient looks like a habit
  return stats.sampled >= fewest && 2 * stats.limited > stats.sampled;
}

std::vector<double> Solution::evaluate(double t) const { return evaluate(std::vector<double>{t}); }

std::vector<double> Solution::evaluate(const std::vector<double> &t) const {
  std::vector<double> y(t.size() * std::size_t(width()), std::numeric_limits<double>::quiet_NaN());
  if (dense)
    dense->evaluate(t, y.data());
  return y;
}

std::vector<double> Solution::derivative(double t) const {
  return derivative(std::vector<double>{t});
}

std::vector<double> Solution::derivative(const std::vector<double> &t) const {
  std::vector<double> dy(t.size() * std::size_t(width()), std::numeric_limits<double>::quiet_NaN());
  if (dense)
    dense->derivative(t, dy.data());
  return dy;
}

std::span<const double> Rows::row(std::size_t i) const {
  const auto columns = std::size_t(width());
  return i < t.size() ? std::span(y).subspan(i * columns, columns) : std::span<const double>();
}

std::int64_t Rows::width() const {
  std::int64_t sum = 0;
  for (const Leaf &leaf : leaves)
    sum += elements(leaf.shape);
  return sum;
}

} // namespace deq
