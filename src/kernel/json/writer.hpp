#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/json/value.hpp"

namespace baedal::json {

/// Appends `text` as a JSON string, quotes included. UTF-8 passes through unescaped.
void append_string(std::string& out, std::string_view text);

/// The same, written to where there is room for string_room(text) bytes; gives its end.
char* put_string(char* at, std::string_view text);
[[nodiscard]] std::size_t string_room(std::string_view text);

/// Writes JSON into one string by hand. kPretty is byte for byte the layout of the seed's answers
/// (Jackson's INDENT_OUTPUT: two spaces, `"name" : value`, `[ {`, empty containers `{ }` `[ ]`);
/// kCompact has no blanks at all. Calls must nest properly, kDepthMax deep at most.
///
/// Every order is written twice, as an event and as an answer: the text grows in place, and its
/// structure is kept in two words, so that a small text costs one allocation.
class Writer {
 public:
  enum class Layout { kPretty, kCompact };
  static constexpr unsigned kDepthMax = 64;

  explicit Writer(Layout layout = Layout::kPretty) : pretty_(layout == Layout::kPretty) {
    out_.resize(512);
  }

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  /// The name of the next value, inside an object. `name` must need no escaping.
  Writer& name(std::string_view name);
  Writer& string(std::string_view text);
  Writer& integer(std::int64_t value);
  Writer& number(double value);
  Writer& boolean(bool value);
  Writer& null();
  Writer& value(const Value& value);
  /// One value that is JSON text already, in the layout of this place.
  Writer& raw(std::string_view text);

  /// The text so far; the writer is done with.
  [[nodiscard]] std::string take() {
    out_.resize(size_);
    return std::move(out_);
  }

 private:
  void before_value();
  void open(char bracket, bool array);
  void close(char bracket);
  /// Room for `bytes` more; used() what of it was written.
  char* room(std::size_t bytes) {
    if (out_.size() - size_ < bytes) grow(bytes);
    return out_.data() + size_;
  }
  void grow(std::size_t bytes);
  void used(const char* end) { size_ = static_cast<std::size_t>(end - out_.data()); }
  char* put_new_line(char* at) const;
  [[nodiscard]] std::uint64_t present() const { return std::uint64_t{1} << (depth_ - 1); }

  std::string out_;  ///< longer than what is written
  std::size_t size_ = 0;
  std::uint64_t arrays_ = 0;  ///< a bit per open container, the outermost lowest
  std::uint64_t filled_ = 0;  ///< those that have a member already
  unsigned depth_ = 0;
  unsigned indent_ = 0;  ///< of a new line: two blanks per open object
  bool pretty_;
  bool after_name_ = false;
};

/// `value` without blanks.
[[nodiscard]] std::string to_compact(const Value& value);

}  // namespace baedal::json
