// Writes diagnostics as one JSON object, for editors and scripts.
// Keys and their order are a contract (docs/cli.md).
#include "Formats.h"
#include "JsonStream.h"

#include <rapidjson/writer.h>

namespace deq::cli {

namespace {

/// Bytes of the UTF-8 character that begins at `i`, 0 if none does.
std::size_t characterLength(const std::string &text, std::size_t i) {
  auto byte = [&](std::size_t k) {
    return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u;
  };
  unsigned lead = byte(i);
  std::size_t length = lead < 0x80   ? 1
                       : lead < 0xc2 ? 0
                       : lead < 0xe0 ? 2
                       : lead < 0xf0 ? 3
                       : lead < 0xf5 ? 4
                                     : 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((byte(i + k) & 0xc0) != 0x80)
      return 0;
  bool overlong = (lead == 0xe0 && byte(i + 1) < 0xa0) || (lead == 0xf0 && byte(i + 1) < 0x90);
  bool outside = (lead == 0xed && byte(i + 1) >= 0xa0) || (lead == 0xf4 && byte(i + 1) >= 0x90);
  return overlong || outside ? 0 : length;
}

/// A quoted line can hold anything; JSON is UTF-8.
std::string valid(const std::string &text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = characterLength(text, i);
    result += length > 0 ? text.substr(i, length) : "\xef\xbf\xbd";
    i += std::max<std::size_t>(length, 1);
  }
  return result;
}

class Writer {
public:
  explicit Writer(JsonStream &stream) : writer(stream) {}

  void write(const std::string &file, const std::vector<Diagnostic> &diagnostics) {
    writer.StartObject();
    member("file", file);
    writer.Key("diagnostics");
    list(diagnostics);
    writer.EndObject();
  }

private:
  void member(const char *key, const std::string &value) {
    std::string text = valid(value);
    writer.Key(key);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }

  void list(const std::vector<Diagnostic> &diagnostics) {
    writer.StartArray();
    for (const Diagnostic &diagnostic : diagnostics)
      write(diagnostic);
    writer.EndArray();
  }

  void write(const Diagnostic &diagnostic) {
    writer.StartObject();
    member("file", diagnostic.location.file);
    writer.Key("line");
    writer.Int(diagnostic.location.line);
    writer.Key("column");
    writer.Int(diagnostic.location.column);
    member("severity", name(diagnostic.severity));
    member("id", diagnostic.id);
    member("message", diagnostic.text);
    writer.Key("notes");
    list(diagnostic.notes);
    writer.EndObject();
  }

  rapidjson::Writer<JsonStream> writer;
};

} // namespace

void writeDiagnosticsJson(const std::string &file, const std::vector<Diagnostic> &diagnostics,
                          Output &output) {
  JsonStream stream{output};
  Writer(stream).write(file, diagnostics);
  output.put('\n');
}

} // namespace deq::cli
