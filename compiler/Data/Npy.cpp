// Reads .npy files: a magic string, a header that is a Python dictionary, raw numbers.
// The header's shape is checked against the bytes that follow before anything is allocated.
#include "Npy.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <fmt/format.h>

namespace deq {

namespace {

/// The dictionary of a header, as far as NumPy ever writes it.
struct Header {
  std::string descr;
  bool fortran = false;
  std::vector<std::int64_t> shape;
};

class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : text(text) {}

  bool parse(Header &header) {
    bool descr = false, order = false, shape = false;
    if (!accept('{'))
      return false;
    while (!accept('}')) {
      std::string key;
      if (!string(key) || !accept(':'))
        return false;
      if (key == "descr")
        descr = string(header.descr);
      else if (key == "fortran_order")
        order = boolean(header.fortran);
      else if (key == "shape")
        shape = tuple(header.shape);
      else
        return false;
      if (!accept(',') && !next('}'))
        return false;
    }
    return descr && order && shape;
  }

private:
  void skipBlanks() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n'))
      ++at;
  }
  bool next(char c) {
    skipBlanks();
    return at < text.size() && text[at] == c;
  }
  bool accept(char c) {
    bool found = next(c);
    at += found;
    return found;
  }
  bool string(std::string &value) {
    char quote = next('"') ? '"' : '\'';
    if (!accept(quote))
      return false;
    std::size_t end = text.find(quote, at);
    if (end == std::string_view::npos)
      return false;
    value = text.substr(at, end - at);
    at = end + 1;
    return true;
  }
  bool boolean(bool &value) {
    skipBlanks();
    for (bool candidate : {true, false}) {
      std::string_view word = candidate ? "True" : "False";
      if (text.substr(at, word.size()) == word) {
        at += word.size();
        value = candidate;
        return true;
      }
    }
    return false;
  }
  bool tuple(std::vector<std::int64_t> &values) {
    if (!accept('('))
      return false;
    while (!accept(')')) {
      skipBlanks();
      std::int64_t value = 0;
      auto [end, code] = std::from_chars(text.data() + at, text.data() + text.size(), value);
      if (code != std::errc() || value < 0 || values.size() >= 32)
        return false;
      at = static_cast<std::size_t>(end - text.data());
      values.push_back(value);
      if (!accept(',') && !next(')'))
        return false;
    }
    return true;
  }

  std::string_view text;
  std::size_t at = 0;
};

template <typename T> T load(const char *bytes, bool swap) {
  char buffer[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i)
    buffer[i] = bytes[swap ? sizeof(T) - 1 - i : i];
  T value;
  std::memcpy(&value, buffer, sizeof(T));
  return value;
}

/// Decoding of one element: nullopt if it has no double.
using Decode = std::optional<double> (*)(const char *bytes, bool swap);

template <typename T> std::optional<double> decodeReal(const char *bytes, bool swap) {
  return static_cast<double>(load<T>(bytes, swap));
}

template <typename T> std::optional<double> decodeInteger(const char *bytes, bool swap) {
  constexpr auto limit = std::int64_t(1) << 53;
  T value = load<T>(bytes, swap);
  if constexpr (sizeof(T) == 8) {
    bool above = value > static_cast<T>(limit);
    bool below = std::is_signed_v<T> && value < static_cast<T>(-limit);
    if (above || below)
      return std::nullopt;
  }
  return static_cast<double>(value);
}

struct Type {
  std::string_view code;
  std::size_t size;
  Decode decode;
};
constexpr Type types[] = {
    {"f4", 4, decodeReal<float>},
    {"f8", 8, decodeReal<double>},
    {"i1", 1, decodeInteger<std::int8_t>},
    {"i2", 2, decodeInteger<std::int16_t>},
    {"i4", 4, decodeInteger<std::int32_t>},
    {"i8", 8, decodeInteger<std::int64_t>},
    {"u1", 1, decodeInteger<std::uint8_t>},
    {"u2", 2, decodeInteger<std::uint16_t>},
    {"u4", 4, decodeInteger<std::uint32_t>},
    {"u8", 8, decodeInteger<std::uint64_t>},
    {"b1", 1, decodeInteger<std::uint8_t>},
};

const Type *findType(const std::string &descr) {
  if (descr.size() == 3 && std::string_view("<>|=").find(descr[0]) != std::string_view::npos)
    for (const Type &type : types)
      if (std::string_view(descr).substr(1) == type.code)
        return &type;
  return nullptr;
}

/// Row-major position of element `i` of an array in Fortran order.
std::size_t rowMajor(std::size_t i, const std::vector<std::int64_t> &shape) {
  std::size_t result = 0, stride = 1;
  for (std::int64_t extent : shape)
    stride *= static_cast<std::size_t>(extent);
  for (std::int64_t extent : shape) { // the first index runs fastest
    auto n = static_cast<std::size_t>(extent);
    stride /= n;
    result += i % n * stride;
    i /= n;
  }
  return result;
}

} // namespace

std::optional<NumberArray> readNpy(std::string_view bytes, std::string &error) {
  auto fail = [&](std::string why) {
    error = std::move(why);
    return std::nullopt;
  };
  constexpr std::string_view magic = "\x93NUMPY";
  if (bytes.substr(0, magic.size()) != magic || bytes.size() < 10)
    return fail("expected a file in the .npy format");
  int version = bytes[6];
  if (version < 1 || version > 3)
    return fail(fmt::format("expected version 1 to 3 of the .npy format, got {}", version));
  std::size_t start = version == 1 ? 10 : 12;
  if (bytes.size() < start)
    return fail("the file is cut short");
  constexpr bool little = std::endian::native == std::endian::little;
  std::size_t length = version == 1 ? load<std::uint16_t>(bytes.data() + 8, !little)
                                    : load<std::uint32_t>(bytes.data() + 8, !little);
  if (length > bytes.size() - start)
    return fail("the file is cut short");
  Header header;
  if (!HeaderParser(bytes.substr(start, length)).parse(header))
    return fail("the header is damaged");
  const Type *type = findType(header.descr);
  if (!type)
    return fail(fmt::format("expected floats of 4 or 8 bytes, integers or booleans, got '{}'",
                            header.descr.substr(0, 40)));
  std::string_view content = bytes.substr(start + length);
  std::size_t count = 1;
  for (std::int64_t extent : header.shape) {
    if (extent == 0)
      return fail("expected an array with elements, got an empty one");
    if (static_cast<std::size_t>(extent) > content.size() / count)
      return fail("the file is cut short");
    count *= static_cast<std::size_t>(extent);
  }
  if (count * type->size != content.size())
    return fail(count * type->size > content.size() ? "the file is cut short"
                                                    : "there are bytes behind the array");
  bool swap = (header.descr[0] == '>') == little;
  NumberArray array{header.shape, std::vector<double>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    auto value = type->decode(content.data() + i * type->size, swap);
    if (!value)
      return fail("expected integers within 2^53");
    array.data[header.fortran ? rowMajor(i, header.shape) : i] = *value;
  }
  return array;
}

} // namespace deq
