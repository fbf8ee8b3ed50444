// One description of an entry's parts, which writes them or reads them.
#include "Entry.h"

#include <bit>
#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <xxhash.h>

namespace deq {

namespace {

constexpr char magic[8] = {'d', 'e', 'q', ' ', 'c', 'o', 'd', 'e'};

class Writer {
public:
  explicit Writer(std::string &to) : to(to) {}
  void word(std::uint64_t &value) { to.append(reinterpret_cast<const char *>(&value), 8); }
  void text(std::string &value) {
    std::uint64_t size = value.size();
    word(size);
    to += value;
  }
  template <class List, class Each> void list(List &values, Each each) {
    std::uint64_t size = values.size();
    word(size);
    for (auto &value : values)
      each(value);
  }

private:
  std::string &to;
};

/// What does not fit fails it; later reads give zeros.
class Reader {
public:
  explicit Reader(std::string_view from) : from(from) {}
  bool ok = true;
  bool atEnd() const { return from.empty(); }

  void word(std::uint64_t &value) {
    value = 0;
    if (ok = ok && from.size() >= 8; !ok)
      return;
    std::memcpy(&value, from.data(), 8);
    from.remove_prefix(8);
  }
  void text(std::string &value) {
    std::uint64_t size;
    word(size);
    if (ok = ok && size <= from.size(); !ok)
      return;
    value = from.substr(0, size);
    from.remove_prefix(size);
  }
  template <class List, class Each> void list(List &values, Each each) {
    std::uint64_t size;
    word(size);
    // No element is shorter than a word.
    if (ok = ok && size <= from.size() / 8; !ok)
      return;
    values.resize(size);
    for (auto &value : values)
      each(value);
  }

private:
  std::string_view from;
};

template <class Archive> class Description {
public:
  explicit Description(Archive &archive) : archive(archive) {}

  void entry(Entry &e) {
    archive.list(e.key.fields, [&](KeyField &field) {
      texts(field.values);
      texts(field.shown);
      texts(field.names);
    });
    archive.text(e.field);
    archive.text(e.site.file);
    number(e.site.line);
    number(e.site.column);
    archive.text(e.stages);
    archive.text(e.identity);
    number(e.workspaceSlots);
    archive.text(e.emissionReason);
    step(e.step);
    number(e.ms);
    number(e.created);
    image(e.image);
  }

private:
  template <class Number> void number(Number &value) {
    std::uint64_t bits;
    if constexpr (std::is_floating_point_v<Number>) {
      bits = std::bit_cast<std::uint64_t>(value);
      archive.word(bits);
      value = std::bit_cast<double>(bits);
    } else {
      bits = static_cast<std::uint64_t>(value);
      archive.word(bits);
      value = static_cast<Number>(bits);
    }
  }

  void texts(std::vector<std::string> &list) {
    archive.list(list, [&](std::string &text) { archive.text(text); });
  }

  void step(std::optional<StepWork> &step) {
    std::uint64_t has = step.has_value();
    archive.word(has);
    if (has == 0)
      return;
    if (!step)
      step.emplace();
    for (std::int64_t *count : {&step->additions, &step->multiplications, &step->fusedMultiplyAdds,
                                &step->divisions, &step->squareRoots, &step->calls})
      number(*count);
    number(step->chainCycles);
  }

  void image(Image &image) {
    archive.text(image.bytes);
    number(image.codeBytes);
    number(image.entry);
    texts(image.imports);
    archive.list(image.addresses, [&](Image::Address &address) {
      number(address.at);
      number(address.import);
      number(address.addend);
    });
  }

  Archive &archive;
};

/// Of all but the header's hits and the checksum itself.
XXH128_hash_t checksumOf(std::string_view file) {
  XXH3_state_t *state = XXH3_createState();
  XXH3_128bits_reset(state);
  XXH3_128bits_update(state, file.data(), offsetof(EntryHeader, hits));
  XXH3_128bits_update(state, file.data() + offsetof(EntryHeader, size), 8);
  XXH3_128bits_update(state, file.data() + sizeof(EntryHeader), file.size() - sizeof(EntryHeader));
  const XXH128_hash_t result = XXH3_128bits_digest(state);
  XXH3_freeState(state);
  return result;
}

} // namespace

std::string encode(const Entry &entry) {
  std::string file(sizeof(EntryHeader), '\0');
  Writer writer(file);
  Entry copy = entry;
  Description(writer).entry(copy);
  EntryHeader header{};
  std::memcpy(header.magic, magic, sizeof magic);
  header.size = file.size();
  std::memcpy(file.data(), &header, sizeof header);
  const XXH128_hash_t sum = checksumOf(file);
  header.checksum[0] = sum.low64;
  header.checksum[1] = sum.high64;
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

std::optional<Entry> decode(std::string_view file, std::string &refusal) {
  EntryHeader header;
  if (file.size() < sizeof header || (std::memcpy(&header, file.data(), sizeof header),
                                      std::memcmp(header.magic, magic, sizeof magic) != 0)) {
    refusal = "it is no file of deq's cache";
    return std::nullopt;
  }
  if (header.size != file.size()) {
    refusal = fmt::format("it is cut off: expected {} bytes, got {}", header.size, file.size());
    return std::nullopt;
  }
  const XXH128_hash_t sum = checksumOf(file);
  if (sum.low64 != header.checksum[0] || sum.high64 != header.checksum[1]) {
    refusal = "it is damaged: its checksum is not that of its contents";
    return std::nullopt;
  }
  Reader reader(file.substr(sizeof header));
  std::optional<Entry> entry(std::in_place);
  Description(reader).entry(*entry);
  if (!reader.ok || !reader.atEnd() || !isComplete(entry->key)) {
    refusal = "it was written in another form";
    return std::nullopt;
  }
  entry->key.digest = digestOf(entry->key.fields);
  return entry;
}

} // namespace deq
