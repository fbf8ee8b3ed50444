// Writes and reads states of solves as JSON.
// A file is trusted no further than its words: sizes are checked against each other here, and what
// the words mean against the solve that they are given to (runtime/Resume.h).
#include "StateFile.h"

#include <bit>
#include <charconv>
#include <fmt/format.h>
#include <limits>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

namespace deq {

namespace {

constexpr int version = 1;

using Json = rapidjson::Value;

std::string number(double x) {
  return std::isfinite(x) ? fmt::format("{:.17g}", x) : fmt::format("\"{}\"", x);
}

template <class Writer> void words(Writer &writer, const std::vector<std::uint64_t> &values) {
  writer.StartArray();
  for (std::uint64_t value : values)
    writer.String(fmt::format("{:016x}", value).c_str());
  writer.EndArray();
}

/// Reads members of an object; the first thing that is missing or of another type is the error.
class StateReader {
public:
  explicit StateReader(std::string &error) : error(error) {}

  const Json *member(const Json &object, const char *name) {
    if (!error.empty())
      return nullptr;
    auto found = object.FindMember(name);
    if (found == object.MemberEnd())
      fail(name, "a member of that name");
    return found == object.MemberEnd() ? nullptr : &found->value;
  }
  std::string text(const Json &object, const char *name) {
    const Json *value = member(object, name);
    if (value && !value->IsString())
      fail(name, "a string");
    return value && value->IsString() ? value->GetString() : "";
  }
  std::int64_t integer(const Json &object, const char *name) {
    const Json *value = member(object, name);
    if (value && !value->IsInt64())
      fail(name, "an integer");
    return value && value->IsInt64() ? value->GetInt64() : 0;
  }
  template <class Item> void list(const Json &object, const char *name, Item item) {
    const Json *value = member(object, name);
    if (value && !value->IsArray())
      fail(name, "a list");
    if (value && value->IsArray())
      for (const Json &element : value->GetArray())
        item(element);
  }
  std::vector<std::uint64_t> words(const Json &object, const char *name) {
    std::vector<std::uint64_t> result;
    list(object, name, [&](const Json &element) {
      std::uint64_t word = 0;
      if (element.IsString()) {
        const char *begin = element.GetString(), *end = begin + element.GetStringLength();
        auto [rest, code] = std::from_chars(begin, end, word, 16);
        if (code == std::errc() && rest == end && end - begin == 16) {
          result.push_back(word);
          return;
        }
      }
      fail(name, "words of 16 hexadecimal digits");
    });
    return result;
  }
  void fail(const char *name, const char *expected) {
    if (error.empty())
      error = fmt::format("'{}': expected {}", name, expected);
  }

private:
  std::string &error;
};

std::int64_t scalars(const std::vector<Leaf> &leaves) {
  std::int64_t sum = 0;
  for (const Leaf &leaf : leaves)
    sum += elements(leaf.shape);
  return sum;
}

} // namespace

std::string stateText(const Checkpoint &state) {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
  writer.SetIndent(' ', 1);
  writer.SetFormatOptions(rapidjson::kFormatSingleLineArray);
  auto raw = [&](const std::string &text) {
    writer.RawValue(text.data(), text.size(), rapidjson::kNumberType);
  };
  writer.StartObject();
  writer.Key("deq_state");
  writer.Int(version);
  writer.Key("solve");
  writer.String(state.solve.c_str());
  writer.Key("status");
  writer.String(name(state.status));
  writer.Key("t");
  raw(number(state.t));
  writer.Key("dt");
  raw(number(state.dt));
  writer.Key("leaves");
  writer.StartArray();
  for (const Leaf &leaf : state.state) {
    writer.StartObject();
    writer.Key("name");
    writer.String(leaf.name.c_str());
    writer.Key("shape");
    writer.StartArray();
    for (std::int64_t extent : leaf.shape)
      writer.Int64(extent);
    writer.EndArray();
    writer.EndObject();
  }
  writer.EndArray();
  writer.Key("y");
  writer.StartArray();
  for (double x : state.y)
    raw(number(x));
  writer.EndArray();
  writer.Key("identity");
  writer.String(state.identity.c_str());
  writer.Key("jumps");
  writer.Int64(state.jumps);
  std::vector<std::uint64_t> exact{std::bit_cast<std::uint64_t>(state.t),
                                   std::bit_cast<std::uint64_t>(state.dt)};
  for (double x : state.y)
    exact.push_back(std::bit_cast<std::uint64_t>(x));
  writer.Key("bits");
  words(writer, exact);
  writer.Key("inputs");
  words(writer, state.inputs);
  writer.Key("workspace");
  words(writer, state.workspace);
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

std::optional<Checkpoint> parseState(const std::string &text, std::string &error) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) {
    error = document.HasParseError()
                ? fmt::format("byte {}: {}", document.GetErrorOffset(),
                              rapidjson::GetParseError_En(document.GetParseError()))
                : "expected a JSON object";
    return std::nullopt;
  }
  StateReader read(error);
  Checkpoint state;
  const std::int64_t written = read.integer(document, "deq_state");
  if (error.empty() && written != version)
    error = fmt::format("it is of version {}, expected {}", written, version);
  state.solve = read.text(document, "solve");
  const std::string status = read.text(document, "status");
  state.status = Status::fresh;
  for (Status known :
       {Status::success, Status::stopped, Status::max_steps_reached, Status::dt_min_reached,
        Status::step_underflow, Status::non_finite, Status::interrupted})
    if (status == name(known))
      state.status = known;
  if (state.status == Status::fresh)
    read.fail("status", "the status of a solve that ended");
  read.list(document, "leaves", [&](const Json &element) {
    if (!element.IsObject())
      return read.fail("leaves", "objects");
    Leaf &leaf = state.state.emplace_back();
    leaf.name = read.text(element, "name");
    read.list(element, "shape", [&](const Json &extent) {
      const bool good = extent.IsInt64() && extent.GetInt64() > 0 &&
                        extent.GetInt64() < (1 << 30) && elements(leaf.shape) < (1 << 30);
      good ? leaf.shape.push_back(extent.GetInt64()) : read.fail("shape", "positive integers");
    });
  });
  state.identity = read.text(document, "identity");
  state.jumps = read.integer(document, "jumps");
  const std::vector<std::uint64_t> exact = read.words(document, "bits");
  state.inputs = read.words(document, "inputs");
  state.workspace = read.words(document, "workspace");
  const std::size_t leaves = std::size_t(scalars(state.state));
  if (exact.size() != 2 + leaves || state.workspace.size() < leaves)
    read.fail("bits", "as many words as the leaves have scalars");
  if (!error.empty())
    return std::nullopt;
  state.t = std::bit_cast<double>(exact[0]);
  state.dt = std::bit_cast<double>(exact[1]);
  for (std::size_t i = 0; i < leaves; ++i)
    state.y.push_back(std::bit_cast<double>(exact[2 + i]));
  if (!std::isfinite(state.t))
    read.fail("t", "a finite time");
  return error.empty() ? std::optional(state) : std::nullopt;
}

} // namespace deq
