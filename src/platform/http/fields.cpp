#include "platform/http/fields.hpp"

#include <algorithm>
#include <cmath>

#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"

namespace baedal::http {
namespace {

constexpr std::size_t kEchoMax = 100;  ///< bytes of a rejected value that an answer repeats

std::optional<std::int64_t> to_integer(const json::Value& value) {
  if (const auto* number = value.get<std::int64_t>()) return *number;
  if (const auto* number = value.get<double>()) {
    // The bounds are exact doubles; the upper one is 2^63 itself, which does not fit.
    if (*number >= -9223372036854775808.0 && *number < 9223372036854775808.0) {
      return static_cast<std::int64_t>(std::trunc(*number));
    }
    return std::nullopt;
  }
  if (const auto* text = value.get<std::string>()) return parse_int64(trim(*text));
  return std::nullopt;
}

std::optional<std::string> to_text(const json::Value& value) {
  if (const auto* text = value.get<std::string>()) return *text;
  if (value.get<json::Array>() != nullptr || value.get<json::Object>() != nullptr)
    return std::nullopt;
  return json::to_compact(value);
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

const json::Value* FieldReader::present(std::string_view name) const {
  const json::Value* value = body_.find(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::int64_t> FieldReader::integer(std::string_view name, std::int64_t min,
                                                 std::int64_t max) {
  const json::Value* value = present(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* text = value->get<std::string>(); text != nullptr && trim(*text).empty()) {
    return std::nullopt;
  }
  const auto number = to_integer(*value);
  if (!number) {
    reject(name, "must be a whole number");
    return std::nullopt;
  }
  if (*number < min || *number > max) {
    reject(name, "must be from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
  }
  return number;
}

std::optional<std::string> FieldReader::text(std::string_view name, std::size_t min,
                                             std::size_t max) {
  const json::Value* value = present(name);
  if (value == nullptr) return std::nullopt;
  auto text = to_text(*value);
  if (!text) {
    reject(name, "must be text");
    return std::nullopt;
  }
  const std::size_t length = utf8_length(*text).value_or(0);
  if (length < min || length > max) {
    reject(name, "must have " + std::to_string(min) + " to " + std::to_string(max) + " characters");
    return std::nullopt;
  }
  if (has_control(*text)) {
    reject(name, "must not contain control characters");
    return std::nullopt;
  }
  return text;
}

std::optional<bool> FieldReader::boolean(std::string_view name) {
  const json::Value* value = present(name);
  if (value == nullptr) return std::nullopt;
  if (const bool* flag = value->get<bool>()) return *flag;
  if (const auto* text = value->get<std::string>()) {
    if (iequals(*text, "true")) return true;
    if (iequals(*text, "false")) return false;
  }
  reject(name, "must be true or false");
  return std::nullopt;
}

void FieldReader::require(std::string_view name) {
  if (present(name) == nullptr) reject(name, "must not be null");
}

void FieldReader::reject(std::string_view name, std::string message) {
  const auto same = [&](const FieldError& error) { return error.property == name; };
  if (std::ranges::any_of(errors_, same)) return;
  const json::Value* value = name == secret_ ? nullptr : body_.find(name);
  std::string echo = value == nullptr ? "" : json::to_compact(*value);
  if (echo.size() > kEchoMax) echo = "\"(too long to repeat)\"";
  errors_.push_back({std::string{name}, std::move(message), std::move(echo)});
}

Result<void> FieldReader::finish() {
  if (errors_.empty()) return {};
  std::string detail;
  for (const FieldError& error : errors_) {
    if (!detail.empty()) detail += "; ";
    detail += error.property + " " + error.message;
  }
  return std::unexpected(
      Error{ErrorKind::kInvalid, "invalid-fields", detail + ".", std::move(errors_)});
}

}  // namespace baedal::http
