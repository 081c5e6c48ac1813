#include "kernel/json/writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "kernel/text.hpp"

namespace baedal::json {
namespace {

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out += kHex[byte >> 4U];
  out += kHex[byte & 15U];
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text, plain, i - plain);
    append_escaped(out, text[i]);
    plain = i + 1;
  }
  out.append(text, plain);
  out += '"';
}

Writer& Writer::begin_object() {
  open('{', false);
  return *this;
}

Writer& Writer::end_object() {
  close('}');
  return *this;
}

Writer& Writer::begin_array() {
  open('[', true);
  return *this;
}

Writer& Writer::end_array() {
  close(']');
  return *this;
}

Writer& Writer::name(std::string_view name) {
  Level& level = levels_.back();
  if (!level.empty) out_ += ',';
  level.empty = false;
  if (pretty_) new_line();
  out_ += '"';
  out_ += name;
  out_ += pretty_ ? "\" : " : "\":";
  after_name_ = true;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  before_value();
  append_string(out_, text);
  return *this;
}

Writer& Writer::integer(std::int64_t value) {
  before_value();
  append_int(out_, value);
  return *this;
}

Writer& Writer::number(double value) {
  if (!std::isfinite(value)) return null();
  before_value();
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out_.append(digits.data(), end);
  // A double stays a double when it is read again.
  if (std::string_view{digits.data(), end}.find_first_of(".e") == std::string_view::npos)
    out_ += ".0";
  return *this;
}

Writer& Writer::boolean(bool value) {
  before_value();
  out_ += value ? "true" : "false";
  return *this;
}

Writer& Writer::null() {
  before_value();
  out_ += "null";
  return *this;
}

Writer& Writer::value(const Value& value) {
  struct Visitor {
    Writer& w;
    void operator()(std::nullptr_t) const { w.null(); }
    void operator()(bool v) const { w.boolean(v); }
    void operator()(std::int64_t v) const { w.integer(v); }
    void operator()(double v) const { w.number(v); }
    void operator()(const std::string& v) const { w.string(v); }
    void operator()(const Array& v) const {
      w.begin_array();
      for (const Value& element : v) w.value(element);
      w.end_array();
    }
    void operator()(const Object& v) const {
      w.begin_object();
      for (const auto& [member, inner] : v) {
        std::string quoted;
        append_string(quoted, member);
        w.name(std::string_view{quoted}.substr(1, quoted.size() - 2));
        w.value(inner);
      }
      w.end_object();
    }
  };
  std::visit(Visitor{*this}, value.data());
  return *this;
}

Writer& Writer::raw(std::string_view text) {
  before_value();
  out_ += text;
  return *this;
}

void Writer::before_value() {
  if (after_name_) {
    after_name_ = false;
    return;
  }
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (!level.empty)
    out_ += pretty_ ? ", " : ",";
  else if (pretty_)
    out_ += ' ';
  level.empty = false;
}

void Writer::open(char bracket, bool array) {
  before_value();
  out_ += bracket;
  levels_.push_back({array, true});
}

void Writer::close(char bracket) {
  const Level level = levels_.back();
  levels_.pop_back();
  if (pretty_) {
    if (level.array || level.empty) {
      out_ += ' ';
    } else {
      new_line();
    }
  }
  out_ += bracket;
}

void Writer::new_line() {
  std::size_t depth = 0;
  for (const Level& level : levels_) depth += level.array ? 0 : 1;
  out_ += '\n';
  out_.append(depth * 2, ' ');
}

std::string to_compact(const Value& value) {
  Writer writer(Writer::Layout::kCompact);
  writer.value(value);
  return writer.take();
}

}  // namespace baedal::json
