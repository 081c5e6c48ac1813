#include "kernel/json/writer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include "kernel/assert.hpp"

namespace baedal::json {
namespace {

/// No byte becomes more than six, and there are two quotes.
constexpr std::size_t kEscapedMax = 6;
constexpr std::size_t kQuotes = 2;
constexpr std::size_t kNumberMax = 32;
constexpr std::size_t kAroundName = 7;  // comma, new line, quote, `" : `

char* put(char* at, std::string_view text) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

char* put_escaped(char* at, char c) {
  switch (c) {
    case '"':
      return put(at, "\\\"");
    case '\\':
      return put(at, "\\\\");
    case '\b':
      return put(at, "\\b");
    case '\f':
      return put(at, "\\f");
    case '\n':
      return put(at, "\\n");
    case '\r':
      return put(at, "\\r");
    case '\t':
      return put(at, "\\t");
    default:
      break;
  }
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  at = put(at, "\\u00");
  *at++ = kHex[byte >> 4U];
  *at++ = kHex[byte & 15U];
  return at;
}

bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

/// Whether none of eight bytes needs escaping: no control character, quote or backslash. A byte is
/// zero, or less than n, where subtracting sets its high bit and the byte itself had none.
bool are_plain(std::uint64_t eight) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  const std::uint64_t quotes = eight ^ (kOnes * '"');
  const std::uint64_t slashes = eight ^ (kOnes * '\\');
  const std::uint64_t found = ((eight - kOnes * 0x20) & ~eight) | ((quotes - kOnes) & ~quotes) |
                              ((slashes - kOnes) & ~slashes);
  return (found & kHighs) == 0;
}

/// Moves the front of `text` that needs no escaping to `at`.
char* put_plain(char* at, std::string_view& text) {
  std::size_t plain = 0;
  for (std::uint64_t eight = 0; text.size() - plain >= 8; plain += 8) {
    std::memcpy(&eight, text.data() + plain, 8);
    if (!are_plain(eight)) break;
    std::memcpy(at + plain, &eight, 8);
  }
  for (; plain < text.size() && is_plain(text[plain]); ++plain) at[plain] = text[plain];
  text.remove_prefix(plain);
  return at + plain;
}

char* put_escaped(char* at, std::string_view text) {
  for (const char c : text) {
    if (is_plain(c)) {
      *at++ = c;
    } else {
      at = put_escaped(at, c);
    }
  }
  return at;
}

/// Writes `text` as a JSON string to where `room` gives so many bytes; hands the end to `used`.
void write_string(std::string_view text, auto room, auto used) {
  char* at = room(text.size() + kQuotes);
  *at++ = '"';
  at = put_plain(at, text);
  if (!text.empty()) {
    used(at);
    at = put_escaped(room(text.size() * kEscapedMax + 1), text);
  }
  *at++ = '"';
  used(at);
}

}  // namespace

char* put_string(char* at, std::string_view text) {
  *at++ = '"';
  at = put_plain(at, text);
  at = put_escaped(at, text);
  *at++ = '"';
  return at;
}

std::size_t string_room(std::string_view text) { return text.size() * kEscapedMax + kQuotes; }

void append_string(std::string& out, std::string_view text) {
  std::size_t size = out.size();
  const auto room = [&](std::size_t bytes) {
    out.resize(size + bytes);
    return out.data() + size;
  };
  write_string(text, room,
               [&](const char* end) { size = static_cast<std::size_t>(end - out.data()); });
  out.resize(size);
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
  char* at = room(name.size() + indent_ + kAroundName);
  if ((filled_ & present()) != 0) *at++ = ',';
  filled_ |= present();
  if (pretty_) at = put_new_line(at);
  *at++ = '"';
  at = put(put(at, name), pretty_ ? "\" : " : "\":");
  used(at);
  after_name_ = true;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  before_value();
  write_string(
      text, [this](std::size_t bytes) { return room(bytes); },
      [this](const char* end) { used(end); });
  return *this;
}

Writer& Writer::integer(std::int64_t value) {
  before_value();
  char* const at = room(kNumberMax);
  used(std::to_chars(at, at + kNumberMax, value).ptr);
  return *this;
}

Writer& Writer::number(double value) {
  if (!std::isfinite(value)) return null();
  before_value();
  char* const at = room(kNumberMax + 2);
  char* end = std::to_chars(at, at + kNumberMax, value).ptr;
  // A double stays a double when it is read again.
  if (std::string_view{at, end}.find_first_of(".e") == std::string_view::npos) end = put(end, ".0");
  used(end);
  return *this;
}

Writer& Writer::boolean(bool value) {
  before_value();
  used(put(room(5), value ? "true" : "false"));
  return *this;
}

Writer& Writer::null() {
  before_value();
  used(put(room(4), "null"));
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
  used(put(room(text.size()), text));
  return *this;
}

void Writer::before_value() {
  if (std::exchange(after_name_, false) || depth_ == 0) return;
  char* at = room(2);
  const bool first = (filled_ & present()) == 0;
  if (!first) *at++ = ',';
  if (pretty_) *at++ = ' ';
  used(at);
  filled_ |= present();
}

void Writer::open(char bracket, bool array) {
  before_value();
  *room(1) = bracket;
  ++size_;
  BAEDAL_ASSERT(depth_ < kDepthMax);
  ++depth_;
  filled_ &= ~present();
  if (array) {
    arrays_ |= present();
  } else {
    arrays_ &= ~present();
    indent_ += 2;
  }
}

void Writer::close(char bracket) {
  const bool array = (arrays_ & present()) != 0;
  const bool empty = (filled_ & present()) == 0;
  --depth_;
  if (!array) indent_ -= 2;
  char* at = room(indent_ + 3);
  if (pretty_ && (array || empty)) {
    *at++ = ' ';
  } else if (pretty_) {
    at = put_new_line(at);
  }
  *at++ = bracket;
  used(at);
}

void Writer::grow(std::size_t bytes) { out_.resize(std::max(out_.size() * 2, size_ + bytes)); }

char* Writer::put_new_line(char* at) const {
  *at++ = '\n';
  std::memset(at, ' ', indent_);
  return at + indent_;
}

std::string to_compact(const Value& value) {
  Writer writer(Writer::Layout::kCompact);
  writer.value(value);
  return writer.take();
}

}  // namespace baedal::json
