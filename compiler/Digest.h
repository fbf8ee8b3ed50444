// A digest of 128 bits, for the parts of a key that are too long to keep.
// Not for adversaries: two structures meet by accident with a chance of 2^-128 times their pairs.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace deq {

class Digest {
public:
  void add(std::uint64_t word) {
    low = mixed(low ^ word) + 0x9e3779b97f4a7c15;
    high = mixed((high + word) * 0xd6e8feb86659fd93) ^ std::rotl(low, 23);
  }
  void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
  void add(std::string_view text) {
    add(std::uint64_t(text.size()));
    for (char c : text)
      add(std::uint64_t(static_cast<unsigned char>(c)));
  }
  template <class List> void addAll(const List &list) {
    add(std::uint64_t(list.size()));
    for (const auto &element : list)
      add(static_cast<std::uint64_t>(element));
  }

  bool operator==(const Digest &) const = default;
  std::uint64_t word() const { return low; }
  /// 32 hexadecimal digits.
  std::string text() const {
    std::string digits;
    for (std::uint64_t half : {high, low})
      for (int shift = 60; shift >= 0; shift -= 4)
        digits += "0123456789abcdef"[half >> shift & 15];
    return digits;
  }

private:
  /// The finalizer of SplitMix64: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number
  /// generators (2014).
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t low = 0x243f6a8885a308d3, high = 0x13198a2e03707344;
};

} // namespace deq
