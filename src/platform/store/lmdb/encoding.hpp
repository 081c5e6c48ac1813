#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/error.hpp"
#include "platform/store/store.hpp"

/// How ids, rows, index keys, events and answers look as bytes. Keys compare as bytes in the order
/// of what they mean; values are compact. Decoding trusts nothing: damaged bytes are kInternal.
namespace baedal::store::lmdb {

/// An id (or seq, or time) as a key: eight bytes, big-endian with the sign bit flipped, so that
/// byte order is numeric order.
using IdKey = std::array<char, 8>;

[[nodiscard]] IdKey id_key(std::int64_t id);
[[nodiscard]] inline std::string_view view(const IdKey& key) { return {key.data(), key.size()}; }
/// Reads what id_key() writes; `bytes` has eight of them.
[[nodiscard]] std::int64_t read_id(std::string_view bytes);

/// Text longer than this many bytes is cut in index keys; a hash of the whole text follows the cut,
/// so that different texts have different keys. Leaves room for an id within LMDB's 511 bytes.
inline constexpr std::size_t kIndexTextMax = 480;

/// A cell as an index key: NULL, then integers by number, then text by bytes. Equal cells have
/// equal keys, and the other way round (by 128 bits of hash, for cut texts).
[[nodiscard]] std::string index_key(const Value& value);
[[nodiscard]] std::string text_key(std::string_view text);
/// The part of an index key that sorts: all of it, except the hash of a cut text. Texts that agree
/// in it are in no order yet.
[[nodiscard]] std::string_view sorting_part(std::string_view index_key);
[[nodiscard]] inline bool is_cut(std::string_view index_key) {
  return index_key.size() > 1 + kIndexTextMax;
}

/// The cells after the id, as a value kept under id_key(id).
[[nodiscard]] std::string encode_row(const Row& row);
/// `columns` is the number of cells, the id included, and `always` how many of them every row has:
/// bytes that end between the two leave the rest null.
[[nodiscard]] Result<Row> decode_row(std::int64_t id, std::string_view bytes, std::size_t columns,
                                     std::size_t always);

[[nodiscard]] std::string encode_event(const OutboxEvent& event);
[[nodiscard]] Result<OutboxEvent> decode_event(std::string_view bytes);

/// What is kept of a once-key.
struct KeptAnswer {
  std::uint64_t fingerprint = 0;
  Timestamp created_at;
  std::string answer;
};

[[nodiscard]] std::string encode_answer(const KeptAnswer& kept);
[[nodiscard]] Result<KeptAnswer> decode_answer(std::string_view bytes);

/// The error of bytes that no encoder wrote.
[[nodiscard]] std::unexpected<Error> damaged(std::string_view what);

}  // namespace baedal::store::lmdb
