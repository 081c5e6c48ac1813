#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/json/value.hpp"

namespace baedal::json {

/// Appends `text` as a JSON string, quotes included. UTF-8 passes through unescaped.
void append_string(std::string& out, std::string_view text);

/// Writes JSON into one string by hand. kPretty is byte for byte the layout of the seed's answers
/// (Jackson's INDENT_OUTPUT: two spaces, `"name" : value`, `[ {`, empty containers `{ }` `[ ]`);
/// kCompact has no blanks at all. Calls must nest properly; they are not checked in release.
class Writer {
 public:
  enum class Layout { kPretty, kCompact };

  explicit Writer(Layout layout = Layout::kPretty) : pretty_(layout == Layout::kPretty) {
    out_.reserve(512);
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

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void before_value();
  void open(char bracket, bool array);
  void close(char bracket);
  void new_line();

  struct Level {
    bool array;
    bool empty;
  };
  std::string out_;
  std::vector<Level> levels_;
  bool pretty_;
  bool after_name_ = false;
};

/// `value` without blanks.
[[nodiscard]] std::string to_compact(const Value& value);

}  // namespace baedal::json
