#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/table.hpp"

namespace baedal::store::postgres {

/// The parameters of one statement, in PostgreSQL's binary format: $1, $2, … in the order they are
/// added. The statement casts each one ($1::int8, $2::text[]), for types are not sent.
class Params {
 public:
  Params& add(std::int64_t number);
  Params& add(std::string_view text);
  Params& add(const Value& value);

  // One-dimensional arrays: int8[], text[], bytea[].
  Params& add_array(std::span<const std::int64_t> numbers);
  Params& add_array(std::span<const std::string_view> texts);
  Params& add_bytes_array(std::span<const std::string_view> blobs);
  /// The cells at `column` of all rows.
  Params& add_column(std::span<const Row* const> rows, std::size_t column, ColumnType type);

  [[nodiscard]] int size() const { return static_cast<int>(places_.size()); }
  /// As libpq wants them; valid until the next add or call.
  struct Raw {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
  };
  [[nodiscard]] Raw raw() const;

 private:
  struct Place {
    std::size_t offset;
    int length;  ///< -1: NULL
  };
  void begin();
  void end();
  void begin_array(std::int32_t element_type, std::size_t size);
  void element(std::string_view bytes);
  void element(std::int64_t number);
  void null_element();

  std::string bytes_;
  std::vector<Place> places_;
};

/// Whether PostgreSQL can hold it: its text has no zero byte, and is UTF-8.
[[nodiscard]] bool is_text(std::string_view text);
[[nodiscard]] bool is_storable(const Value& value);

/// The number in eight bytes of a binary answer.
[[nodiscard]] std::int64_t read_int8(const char* bytes);

}  // namespace baedal::store::postgres
