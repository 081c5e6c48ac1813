#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace baedal::messaging {

// A record of the log: [u32 length][u32 crc32c of length and payload][payload], little endian.

inline constexpr std::size_t kRecordHeaderBytes = 8;
inline constexpr std::size_t kPayloadBytesMax = std::size_t{16} << 20;

/// What the first bytes of some text are.
struct ParsedRecord {
  enum class State {
    kWhole,    ///< a record of `size` bytes with a matching checksum
    kShort,    ///< perhaps a record of `size` bytes, more than there are
    kDamaged,  ///< no record
  };
  State state = State::kDamaged;
  std::size_t size = 0;
  std::string_view payload{};
};
[[nodiscard]] ParsedRecord parse_record(std::string_view bytes);

/// Records back to back, to be written by one call. Reused: clear() keeps the memory.
class RecordBatch {
 public:
  /// Where the next record's payload is to be appended; end it with finish_record().
  [[nodiscard]] std::string& begin_record();
  /// False, and the record dropped, when its payload is empty or above kPayloadBytesMax.
  bool finish_record();
  bool add(std::string_view payload);

  void clear();
  /// Drops all records but the first `count`.
  void keep_first(std::size_t count);
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  /// Where each record begins within bytes().
  [[nodiscard]] const std::vector<std::size_t>& starts() const { return starts_; }
  [[nodiscard]] std::size_t size() const { return starts_.size(); }

 private:
  std::string bytes_;
  std::vector<std::size_t> starts_;
};

}  // namespace baedal::messaging
