#include "platform/store/postgres/params.hpp"

#include <bit>
#include <cstring>

#include "kernel/text.hpp"

namespace baedal::store::postgres {
namespace {

// Types as PostgreSQL numbers them; fixed for ever.
constexpr std::int32_t kByteaType = 17;
constexpr std::int32_t kInt8Type = 20;
constexpr std::int32_t kTextType = 25;

template <class Integer>
void append_big_endian(std::string& out, Integer number) {
  for (int shift = static_cast<int>(sizeof number) * 8 - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xff);
  }
}

}  // namespace

Params& Params::add(std::int64_t number) {
  begin();
  append_big_endian(bytes_, number);
  end();
  return *this;
}

Params& Params::add(std::string_view text) {
  begin();
  bytes_.append(text);
  end();
  return *this;
}

Params& Params::add(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return add(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return add(std::string_view(*text));
  places_.push_back({bytes_.size(), -1});
  return *this;
}

Params& Params::add_array(std::span<const std::int64_t> numbers) {
  begin_array(kInt8Type, numbers.size());
  for (const std::int64_t number : numbers) element(number);
  end();
  return *this;
}

Params& Params::add_array(std::span<const std::string_view> texts) {
  begin_array(kTextType, texts.size());
  for (const std::string_view text : texts) element(text);
  end();
  return *this;
}

Params& Params::add_bytes_array(std::span<const std::string_view> blobs) {
  begin_array(kByteaType, blobs.size());
  for (const std::string_view blob : blobs) element(blob);
  end();
  return *this;
}

Params& Params::add_column(std::span<const Row* const> rows, std::size_t column, ColumnType type) {
  begin_array(type == ColumnType::kText ? kTextType : kInt8Type, rows.size());
  for (const Row* row : rows) {
    const Value& cell = (*row)[column];
    if (const auto* number = std::get_if<std::int64_t>(&cell)) {
      element(*number);
    } else if (const auto* text = std::get_if<std::string>(&cell)) {
      element(std::string_view(*text));
    } else {
      null_element();
    }
  }
  end();
  return *this;
}

Params::Raw Params::raw() const {
  Raw raw;
  raw.values.reserve(places_.size());
  for (const Place& place : places_) {
    raw.values.push_back(place.length < 0 ? nullptr : bytes_.data() + place.offset);
    raw.lengths.push_back(place.length < 0 ? 0 : place.length);
  }
  raw.formats.assign(places_.size(), 1);
  return raw;
}

void Params::begin() { places_.push_back({bytes_.size(), 0}); }

void Params::end() {
  places_.back().length = static_cast<int>(bytes_.size() - places_.back().offset);
}

void Params::begin_array(std::int32_t element_type, std::size_t size) {
  begin();
  append_big_endian(bytes_, std::int32_t{1});  // dimensions
  append_big_endian(bytes_, std::int32_t{1});  // may hold nulls
  append_big_endian(bytes_, element_type);
  append_big_endian(bytes_, static_cast<std::int32_t>(size));
  append_big_endian(bytes_, std::int32_t{1});  // the first index
}

void Params::element(std::string_view bytes) {
  append_big_endian(bytes_, static_cast<std::int32_t>(bytes.size()));
  bytes_.append(bytes);
}

void Params::element(std::int64_t number) {
  append_big_endian(bytes_, std::int32_t{sizeof number});
  append_big_endian(bytes_, number);
}

void Params::null_element() { append_big_endian(bytes_, std::int32_t{-1}); }

bool is_text(std::string_view text) {
  return text.find('\0') == std::string_view::npos && utf8_length(text).has_value();
}

bool is_storable(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr || is_text(*text);
}

std::int64_t read_int8(const char* bytes) {
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return std::bit_cast<std::int64_t>(number);
}

}  // namespace baedal::store::postgres
