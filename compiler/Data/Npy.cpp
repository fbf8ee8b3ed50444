// Reads NumPy's array files.
// Bytes are assembled by arithmetic, so the order of this machine's does not matter.
#include "Npy.h"
#include "NpyHeader.h"
#include "Text.h"

#include <bit>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace deq {

namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::int64_t largestExact = std::int64_t(1) << 53;

struct ElementType {
  bool bigEndian = false;
  char kind = 'f'; ///< f, i, u or b
  int size = 8;    ///< bytes
};

std::optional<ElementType> elementType(const std::string &descr, std::string &error) {
  constexpr std::string_view known[] = {"f4", "f8", "i1", "i2", "i4", "i8",
                                        "u1", "u2", "u4", "u8", "b1"};
  for (std::string_view name : known) {
    bool bytes = name[1] == '1';
    bool order =
        descr.starts_with('<') || descr.starts_with('>') || (bytes && descr.starts_with('|'));
    if (order && descr.substr(1) == name)
      return ElementType{descr[0] == '>', name[0], name[1] - '0'};
  }
  error = fmt::format("expected elements of type {} with a byte order '<' or '>', got {}",
                      fmt::join(known, ", "), excerpt(descr));
  return std::nullopt;
}

std::uint64_t assemble(const char *bytes, int count, bool bigEndian) {
  std::uint64_t bits = 0;
  for (int i = 0; i < count; ++i) {
    auto byte = static_cast<unsigned char>(bytes[bigEndian ? count - 1 - i : i]);
    bits |= std::uint64_t(byte) << (8 * i);
  }
  return bits;
}

/// One element; false if a double does not hold it exactly.
bool decode(const char *bytes, const ElementType &type, double &value) {
  std::uint64_t bits = assemble(bytes, type.size, type.bigEndian);
  switch (type.kind) {
  case 'f':
    value = type.size == 4 ? std::bit_cast<float>(static_cast<std::uint32_t>(bits))
                           : std::bit_cast<double>(bits);
    return true;
  case 'i': {
    int unused = 64 - 8 * type.size;
    std::int64_t number = static_cast<std::int64_t>(bits << unused) >> unused; // the sign follows
    value = static_cast<double>(number);
    return -largestExact <= number && number <= largestExact;
  }
  case 'u':
    value = static_cast<double>(bits);
    return bits <= std::uint64_t(largestExact);
  default:
    value = bits ? 1 : 0;
    return bits <= 1;
  }
}

/// From first index fastest to last index fastest.
std::vector<double> toRowMajor(const std::vector<double> &data,
                               const std::vector<std::int64_t> &shape) {
  std::vector<double> result(data.size());
  std::vector<std::int64_t> stride(shape.size(), 1), index(shape.size(), 0);
  for (std::size_t axis = shape.size(); axis-- > 1;)
    stride[axis - 1] = stride[axis] * shape[axis];
  std::int64_t target = 0;
  for (double value : data) {
    result[static_cast<std::size_t>(target)] = value;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      target += stride[axis];
      if (++index[axis] < shape[axis])
        break;
      target -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

/// Splits a file into the text of its header and its data.
bool split(std::string_view bytes, std::string_view &header, std::string_view &data,
           std::string &error) {
  if (!bytes.starts_with(magic)) {
    error = "expected an npy file, its first bytes are different";
    return false;
  }
  bytes.remove_prefix(magic.size());
  int major = bytes.size() < 2 ? 0 : static_cast<unsigned char>(bytes[0]);
  int minor = bytes.size() < 2 ? 0 : static_cast<unsigned char>(bytes[1]);
  if (major < 1 || major > 3 || minor != 0) {
    error =
        fmt::format("expected npy version 1.0, 2.0 or 3.0, got {}",
                    bytes.size() < 2 ? "the end of the file" : fmt::format("{}.{}", major, minor));
    return false;
  }
  bytes.remove_prefix(2);
  std::size_t field = major == 1 ? 2 : 4;
  std::uint64_t length =
      bytes.size() < field ? 0 : assemble(bytes.data(), static_cast<int>(field), false);
  if (bytes.size() < field || bytes.size() - field < length) {
    error = "npy header: expected all of it, got the end of the file";
    return false;
  }
  header = bytes.substr(field, length);
  data = bytes.substr(field + length);
  return true;
}

/// Whether `data` is what `shape` needs. Nothing overflows: the count stays below data.size().
bool checkSize(const NpyHeader &header, std::string_view data, int size, std::string &error) {
  std::uint64_t room = data.size() / static_cast<std::uint64_t>(size), count = 1;
  bool fits = room > 0;
  for (std::int64_t extent : header.shape) {
    fits = fits && static_cast<std::uint64_t>(extent) <= room / count;
    if (fits)
      count *= static_cast<std::uint64_t>(extent);
  }
  if (fits && count * static_cast<std::uint64_t>(size) == data.size())
    return true;
  error = fmt::format("expected {} bytes of data for shape [{}] of {}, got {}",
                      fits ? std::to_string(count * static_cast<std::uint64_t>(size)) : "more",
                      fmt::join(header.shape, ", "), header.descr, data.size());
  return false;
}

} // namespace

std::optional<NumberArray> readNpy(std::string_view bytes, std::string &error) {
  std::string_view text, data;
  if (!split(bytes, text, data, error))
    return std::nullopt;
  std::optional<NpyHeader> header = readNpyHeader(text, error);
  if (!header)
    return std::nullopt;
  std::optional<ElementType> type = elementType(header->descr, error);
  if (!type || !checkSize(*header, data, type->size, error))
    return std::nullopt;
  std::vector<double> values(data.size() / static_cast<std::size_t>(type->size));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (decode(data.data() + i * static_cast<std::size_t>(type->size), *type, values[i]))
      continue;
    error = fmt::format("element {} in the file: expected {}", i,
                        type->kind == 'b' ? "a bool of 0 or 1"
                                          : "an integer that a double holds exactly, at most 2^53");
    return std::nullopt;
  }
  if (header->fortran)
    values = toRowMajor(values, header->shape);
  return NumberArray{std::move(header->shape), std::move(values)};
}

} // namespace deq
