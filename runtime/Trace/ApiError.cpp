// Makes the diagnostics of ApiErrors.def.
#include "ApiError.h"

#include <algorithm>

namespace deq {

static std::string nameOf(ApiId id) {
  constexpr const char *names[] = {
#define API_ERROR(id, summary) #id,
#include "runtime/Trace/ApiErrors.def"
  };
  std::string name = names[static_cast<std::size_t>(id)];
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

Location locationOf(const std::source_location &place) {
  return {place.file_name(), static_cast<int>(place.line()), static_cast<int>(place.column())};
}

void throwError(ApiId id, Location place, std::string text) {
  Diagnostic diagnostic;
  diagnostic.id = nameOf(id);
  diagnostic.location = std::move(place);
  diagnostic.text = std::move(text);
  throw Error({std::move(diagnostic)});
}

void throwError(ApiId id, const std::source_location &place, std::string text) {
  throwError(id, locationOf(place), std::move(text));
}

void throwErrors(const Diagnostics &diagnostics) { throw Error(diagnostics.all()); }

} // namespace deq
