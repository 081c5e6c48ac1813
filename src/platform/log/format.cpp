#include "platform/log/format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"

namespace baedal::log {
namespace {

constexpr std::string_view kReset = "\033[0m";

std::string_view colour_of(Level level) {
  switch (level) {
    case Level::kTrace:
      return "\033[2m";
    case Level::kDebug:
      return "\033[36m";
    case Level::kInfo:
      return "\033[32m";
    case Level::kWarn:
      return "\033[33m";
    case Level::kError:
      return "\033[1;31m";
    case Level::kOff:
      break;
  }
  return "";
}

/// `text` as a JSON string. Bytes that are no UTF-8 become '?': a line must stay readable by every
/// reader, whatever a client sent.
void append_quoted(std::string& out, std::string_view text) {
  if (utf8_length(text)) {
    json::append_string(out, text);
    return;
  }
  std::string readable{text};
  std::ranges::replace_if(
      readable, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  json::append_string(out, readable);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

/// Whether text can stand in a text line without quotes.
bool is_plain(std::string_view text) {
  return !text.empty() && utf8_length(text) && std::ranges::none_of(text, [](char c) {
    return is_control(c) || c == ' ' || c == '"' || c == '=' || c == '\\';
  });
}

template <class T>
void append_number(std::string& out, T value) {
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

/// JSON has no word for infinity and not-a-number.
void append_double(std::string& out, double value) {
  if (std::isfinite(value)) {
    append_number(out, value);
  } else {
    out += "null";
  }
}

void append_value(std::string& out, const FieldValue& value, bool quote_always) {
  struct Visitor {
    std::string& out;
    bool quote_always;
    void operator()(bool v) const { out += v ? "true" : "false"; }
    void operator()(std::int64_t v) const { append_number(out, v); }
    void operator()(std::uint64_t v) const { append_number(out, v); }
    void operator()(double v) const { append_double(out, v); }
    void operator()(std::string_view v) const {
      if (!quote_always && is_plain(v)) {
        out += v;
      } else {
        append_quoted(out, v);
      }
    }
  };
  std::visit(Visitor{out, quote_always}, value.data());
}

/// The message of a text line: as it is, unless it would break the line.
void append_message(std::string& out, std::string_view message) {
  if (utf8_length(message) && std::ranges::none_of(message, is_control)) {
    out += message;
  } else {
    append_quoted(out, message);
  }
}

}  // namespace

std::string format_text(const Record& record, bool colour) {
  constexpr std::size_t kLevelWidth = 5;
  const std::string_view level = to_string(record.level);
  std::string line = record.time.iso8601();
  line += ' ';
  if (colour) line += colour_of(record.level);
  line += level;
  if (colour) line += kReset;
  line.append(kLevelWidth - std::min(kLevelWidth, level.size()) + 1, ' ');
  append_message(line, record.logger);
  line += ": ";
  append_message(line, record.message);
  for (const Field& field : record.fields) {
    line += ' ';
    line += field.name;
    line += '=';
    append_value(line, field.value, false);
  }
  if (record.trace != nullptr) {
    line.append(" trace_id=").append(record.trace->trace_text());
    line.append(" span_id=").append(record.trace->span_text());
  }
  return line;
}

std::string format_json(const Record& record) {
  std::string line = R"({"timestamp":")";
  line += record.time.iso8601();
  line += R"(","level":")";
  line += to_string(record.level);
  line += R"(","logger":)";
  append_quoted(line, record.logger);
  line += R"(,"message":)";
  append_quoted(line, record.message);
  if (record.trace != nullptr) {
    line.append(R"(,"trace_id":")").append(record.trace->trace_text());
    line.append(R"(","span_id":")").append(record.trace->span_text()).append("\"");
  }
  for (const Field& field : record.fields) {
    line += ',';
    append_quoted(line, field.name);
    line += ':';
    append_value(line, field.value, true);
  }
  line += '}';
  return line;
}

}  // namespace baedal::log
