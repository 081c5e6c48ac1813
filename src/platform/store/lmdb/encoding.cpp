#include "platform/store/lmdb/encoding.hpp"

#include <bit>
#include <cstring>
#include <optional>

#include "kernel/assert.hpp"
#include "kernel/text.hpp"

namespace baedal::store::lmdb {

namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

enum class Tag : char { kNull = 0, kInteger = 1, kText = 2 };

static_assert(std::endian::native == std::endian::little ||
              std::endian::native == std::endian::big);

std::uint64_t to_big_endian(std::uint64_t value) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

/// Small numbers of either sign become small unsigned numbers.
std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

void append_text(std::string& out, std::string_view text) {
  append_varint(out, text.size());
  out.append(text);
}

/// Reads forward; every step says whether the bytes were there.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  bool tag(Tag& out) {
    if (rest_.empty() || static_cast<unsigned char>(rest_.front()) > 2) return false;
    out = static_cast<Tag>(rest_.front());
    rest_.remove_prefix(1);
    return true;
  }

  bool varint(std::uint64_t& out) {
    out = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool integer(std::int64_t& out) {
    std::uint64_t raw = 0;
    if (!varint(raw)) return false;
    out = unzigzag(raw);
    return true;
  }

  bool text(std::string& out) {
    std::uint64_t size = 0;
    if (!varint(size) || size > rest_.size()) return false;
    out.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return true;
  }

 private:
  std::string_view rest_;
};

bool read_value(Reader& reader, Value& out) {
  Tag tag{};
  if (!reader.tag(tag)) return false;
  switch (tag) {
    case Tag::kNull:
      return true;
    case Tag::kInteger:
      return reader.integer(out.emplace<std::int64_t>());
    case Tag::kText:
      return reader.text(out.emplace<std::string>());
  }
  return false;
}

/// Two differently seeded hashes over the whole text.
void append_hash(std::string& out, std::string_view text) {
  const std::uint64_t first = stable_hash(text);
  const std::uint64_t second = stable_hash(text, ~first);
  out.append(view(id_key(static_cast<std::int64_t>(first))));
  out.append(view(id_key(static_cast<std::int64_t>(second))));
}

}  // namespace

IdKey id_key(std::int64_t id) {
  const std::uint64_t bits = to_big_endian(static_cast<std::uint64_t>(id) ^ kSignBit);
  return std::bit_cast<IdKey>(bits);
}

std::int64_t read_id(std::string_view bytes) {
  BAEDAL_ASSERT(bytes.size() == sizeof(std::uint64_t));
  std::uint64_t bits = 0;
  std::memcpy(&bits, bytes.data(), sizeof bits);
  return static_cast<std::int64_t>(to_big_endian(bits) ^ kSignBit);
}

std::string index_key(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return text_key(*text);
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (integer == nullptr) return {static_cast<char>(Tag::kNull)};
  std::string key(1, static_cast<char>(Tag::kInteger));
  key.append(view(id_key(*integer)));
  return key;
}

std::string text_key(std::string_view text) {
  std::string key;
  const std::string_view kept = text.substr(0, kIndexTextMax);
  const bool cut = kept.size() < text.size();
  key.reserve(1 + kept.size() + (cut ? 2 * sizeof(std::uint64_t) : 0));
  key.push_back(static_cast<char>(Tag::kText));
  key.append(kept);
  if (cut) append_hash(key, text);
  return key;
}

std::string_view sorting_part(std::string_view index_key) {
  return index_key.substr(0, 1 + kIndexTextMax);
}

std::string encode_row(const Row& row) {
  std::string out;
  for (std::size_t i = 1; i < row.size(); ++i) {
    if (const auto* integer = std::get_if<std::int64_t>(&row[i])) {
      out.push_back(static_cast<char>(Tag::kInteger));
      append_varint(out, zigzag(*integer));
    } else if (const auto* text = std::get_if<std::string>(&row[i])) {
      out.push_back(static_cast<char>(Tag::kText));
      append_text(out, *text);
    } else {
      out.push_back(static_cast<char>(Tag::kNull));
    }
  }
  return out;
}

Result<Row> decode_row(std::int64_t id, std::string_view bytes, std::size_t columns,
                       std::size_t always) {
  Row row(columns);
  row[0] = id;
  Reader reader(bytes);
  for (std::size_t i = 1; i < columns; ++i) {
    if (i >= always && reader.at_end()) break;
    if (!read_value(reader, row[i])) return damaged("a row");
  }
  if (!reader.at_end()) return damaged("a row");
  return row;
}

std::string encode_event(const OutboxEvent& event) {
  std::string out;
  out.reserve(event.type.size() + event.key.size() + event.data.size() + event.traceparent.size() +
              24);
  append_text(out, event.type);
  append_text(out, event.key);
  append_varint(out, zigzag(event.time.micros));
  append_text(out, event.data);
  append_text(out, event.traceparent);
  return out;
}

Result<OutboxEvent> decode_event(std::string_view bytes) {
  OutboxEvent event{};
  Reader reader(bytes);
  const bool whole = reader.text(event.type) && reader.text(event.key) &&
                     reader.integer(event.time.micros) && reader.text(event.data) &&
                     reader.text(event.traceparent) && reader.at_end();
  if (!whole) return damaged("an outbox row");
  return event;
}

std::string encode_answer(const KeptAnswer& kept) {
  std::string out;
  out.reserve(kept.answer.size() + 20);
  append_varint(out, kept.fingerprint);
  append_varint(out, zigzag(kept.created_at.micros));
  append_text(out, kept.answer);
  return out;
}

Result<KeptAnswer> decode_answer(std::string_view bytes) {
  KeptAnswer kept;
  Reader reader(bytes);
  const bool whole = reader.varint(kept.fingerprint) && reader.integer(kept.created_at.micros) &&
                     reader.text(kept.answer) && reader.at_end();
  if (!whole) return damaged("a kept answer");
  return kept;
}

std::unexpected<Error> damaged(std::string_view what) {
  return fail(
      ErrorKind::kInternal, "store-damaged",
      "The store holds " + std::string(what) +
          " that cannot be read: its files are damaged. Stop the service, restore them from "
          "a backup, or delete the folder if its content can be rebuilt from the events.");
}

}  // namespace baedal::store::lmdb
