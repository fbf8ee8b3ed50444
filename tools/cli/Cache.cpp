// `deqc cache`: what is on disk, what a file would find there, and how to be rid of it.
#include "Cached.h"
#include "Commands.h"
#include "Exit.h"
#include "Formats.h"
#include "JsonStream.h"
#include "Message.h"
#include "Output.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidjson/writer.h>

namespace deq::cli {

namespace {

using Json = rapidjson::Writer<JsonStream>;

void text(Json &json, const char *key, const std::string &value) {
  json.Key(key);
  json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}
void count(Json &json, const char *key, std::int64_t value) {
  json.Key(key);
  json.Int64(value);
}
void number(Json &json, const char *key, double value) {
  json.Key(key);
  json.Double(value);
}

/// One line of data; `fill` writes the members of the object.
template <class Fill> int printJson(const Fill &fill) {
  Output output("");
  JsonStream stream{output};
  Json json(stream);
  json.StartObject();
  fill(json);
  json.EndObject();
  output.put('\n');
  return finish(output, exitSolved);
}

DiskCache openCache(const Options &options) {
  auto warn = [&](const std::string &text) { sayWarning(text, options.quiet); };
  return DiskCache(defaultDiskSettings(warn), warn);
}

struct Contents {
  std::vector<Listed> entries;
  std::vector<std::pair<std::string, std::string>> refused; ///< file and reason
};

Contents contentsOf(DiskCache &disk) {
  Contents contents;
  contents.entries = disk.list([&](const std::string &file, const std::string &reason) {
    contents.refused.emplace_back(file, reason);
  });
  return contents;
}

std::string placeOf(const Location &site) {
  return site.line > 0 ? fmt::format("{}:{}", site.file, site.line) : site.file;
}

std::string ageText(std::int64_t seconds) {
  if (seconds < 120)
    return fmt::format("{} s", seconds);
  if (seconds < 7200)
    return fmt::format("{} min", seconds / 60);
  if (seconds < 172800)
    return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} days", seconds / 86400);
}

std::int64_t ageOf(const Listed &listed) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return std::max<std::int64_t>(0, now.count() - listed.entry.created);
}

double savedMs(const Listed &listed) { return static_cast<double>(listed.hits) * listed.entry.ms; }

int stats(DiskCache &disk, bool json) {
  const Contents contents = contentsOf(disk);
  std::int64_t bytes = 0, hits = 0;
  double saved = 0;
  for (const Listed &listed : contents.entries) {
    bytes += listed.bytes;
    hits += listed.hits;
    saved += savedMs(listed);
  }
  const auto entries = std::int64_t(contents.entries.size());
  const auto refused = std::int64_t(contents.refused.size());
  if (json)
    return printJson([&](Json &writer) {
      text(writer, "folder", disk.folder());
      count(writer, "entries", entries);
      count(writer, "refused", refused);
      count(writer, "bytes", bytes);
      count(writer, "bound", disk.bound());
      count(writer, "hits", hits);
      number(writer, "saved_ms", saved);
    });
  return print(
      fmt::format("folder    {}\nentries   {}{}\nbytes     {} of at most {}\n"
                  "hits      {}\nsaved     {:.4g} ms of compiling\n",
                  disk.enabled() ? disk.folder() : "none", entries,
                  refused > 0 ? fmt::format(", and {} files that are refused", refused) : "", bytes,
                  disk.bound(), hits, saved));
}

void writeEntry(Json &json, const Listed &listed) {
  const Entry &entry = listed.entry;
  json.StartObject();
  text(json, "key", entry.key.digest.text());
  text(json, "field", entry.field);
  text(json, "place", placeOf(entry.site));
  count(json, "bytes", listed.bytes);
  count(json, "age_s", ageOf(listed));
  count(json, "hits", listed.hits);
  number(json, "compile_ms", entry.ms);
  number(json, "saved_ms", savedMs(listed));
  json.Key("fields");
  json.StartArray();
  for (const std::string &field : textsOf(entry.key))
    json.String(field.data(), static_cast<rapidjson::SizeType>(field.size()));
  json.EndArray();
  json.EndObject();
}

int listEntries(DiskCache &disk, bool json) {
  const Contents contents = contentsOf(disk);
  if (json)
    return printJson([&](Json &writer) {
      text(writer, "folder", disk.folder());
      writer.Key("entries");
      writer.StartArray();
      for (const Listed &listed : contents.entries)
        writeEntry(writer, listed);
      writer.EndArray();
      writer.Key("refused");
      writer.StartArray();
      for (const auto &[file, reason] : contents.refused) {
        writer.StartObject();
        text(writer, "file", file);
        text(writer, "reason", reason);
        writer.EndObject();
      }
      writer.EndArray();
    });
  constexpr const char *row = "{:<33} {:<16} {:>8} {:>8} {:>6} {:>10}  {}\n";
  std::string all = fmt::format(row, "key", "field", "bytes", "age", "hits", "saved ms", "place");
  for (const Listed &listed : contents.entries) {
    const Entry &entry = listed.entry;
    all +=
        fmt::format(row, entry.key.digest.text(), entry.field, listed.bytes, ageText(ageOf(listed)),
                    listed.hits, fmt::format("{:.4g}", savedMs(listed)), placeOf(entry.site));
    all += fmt::format("    {}\n", fmt::join(textsOf(entry.key), "; "));
  }
  for (const auto &[file, reason] : contents.refused)
    all += fmt::format("{}: refused, {}\n", file, reason);
  return print(all);
}

int why(DiskCache &disk, const Options &options, bool json) {
  if (std::filesystem::path(options.file).extension() != ".deq") {
    sayError(fmt::format("cache why: expected a file that ends in .deq, got '{}'", options.file));
    return exitMisuse;
  }
  std::optional<Source> source = readSource(options.file);
  if (!source)
    return exitFileError;
  Diagnostics diagnostics;
  std::optional<Lookup> lookup = lookupOf(*source, options, diagnostics);
  report(diagnostics, !options.quiet);
  if (!lookup)
    return exitMisuse;
  const Key key = makeKey(lookup->problem, canonicalize(lookup->problem), options.compile);
  const Answer answer = explain(disk, key, lookup->request.site);
  if (json)
    return printJson([&](Json &writer) {
      text(writer, "field", lookup->problem.signature.field);
      text(writer, "key", key.digest.text());
      text(writer, "cache", answer.hit ? "disk" : "miss");
      text(writer, "reason", answer.reason);
    });
  return print(fmt::format("{}: {}\n", options.file,
                           answer.hit ? "would be found, as " + DiskCache::nameOf(key.digest)
                                      : "would be compiled: " + answer.reason));
}

int clear(DiskCache &disk, bool json) {
  const std::int64_t removed = disk.clear();
  if (json)
    return printJson([&](Json &writer) { count(writer, "removed", removed); });
  return print(fmt::format("removed {} files\n", removed));
}

} // namespace

std::vector<std::string> cacheTopics() { return {"stats", "list", "why", "clear"}; }

int cache(const Options &options) {
  const bool json = options.format == Format::json;
  if (options.file.empty() == (options.topic == "why")) {
    sayError(options.topic == "why"
                 ? "cache why: expected a file"
                 : fmt::format("cache {}: unexpected '{}'", options.topic, options.file));
    return exitMisuse;
  }
  DiskCache disk = openCache(options);
  if (options.topic == "stats")
    return stats(disk, json);
  if (options.topic == "list")
    return listEntries(disk, json);
  return options.topic == "why" ? why(disk, options, json) : clear(disk, json);
}

} // namespace deq::cli
