// An Output as RapidJSON's concept of a stream, for the writers of JSON.
// Written straight through, without a document in between, so that memory does not double.
#pragma once

#include "Output.h"

namespace deq::cli {

struct JsonStream {
  using Ch = char;
  Output &output;
  void Put(char c) { output.put(c); }
  void Flush() {}
};

} // namespace deq::cli
