#include "kernel/json/usual_object.hpp"

namespace baedal::json {
namespace {

constexpr int kDigitsMax = 18;  // of any number that an int64 holds

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Stands for itself in a text, and is one byte in UTF-8.
bool is_plain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

}  // namespace

UsualObject::UsualObject(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {
  skip_blanks();
  if (!take('{')) state_ = State::kUnusual;
}

std::optional<UsualObject::Member> UsualObject::next() {
  if (state_ == State::kWhole || state_ == State::kUnusual) return std::nullopt;
  skip_blanks();
  if (take('}')) {
    skip_blanks();
    return stop(at_ == end_);
  }
  if (state_ == State::kNext) {
    if (!take(',')) return stop(false);
    skip_blanks();
  }
  state_ = State::kNext;
  const auto name = text();
  skip_blanks();
  if (!name || !take(':')) return stop(false);
  skip_blanks();
  const auto scalar = value();
  if (!scalar) return stop(false);
  return Member{*name, *scalar};
}

std::optional<UsualObject::Member> UsualObject::stop(bool whole) {
  state_ = whole ? State::kWhole : State::kUnusual;
  return std::nullopt;
}

std::optional<UsualObject::Scalar> UsualObject::value() {
  if (at_ == end_) return std::nullopt;
  switch (*at_) {
    case '"':
      if (const auto found = text()) return Scalar{*found};
      return std::nullopt;
    case 't':
      if (take("true")) return Scalar{true};
      return std::nullopt;
    case 'f':
      if (take("false")) return Scalar{false};
      return std::nullopt;
    case 'n':
      if (take("null")) return Scalar{nullptr};
      return std::nullopt;
    default:
      if (const auto found = integer()) return Scalar{*found};
      return std::nullopt;
  }
}

std::optional<std::string_view> UsualObject::text() {
  if (!take('"')) return std::nullopt;
  const char* const from = at_;
  while (at_ < end_ && is_plain(*at_)) ++at_;
  const std::string_view found(from, at_);
  if (!take('"')) return std::nullopt;
  return found;
}

std::optional<std::int64_t> UsualObject::integer() {
  const bool negative = take('-');
  const char* const from = at_;
  std::int64_t value = 0;
  for (; at_ < end_ && is_digit(*at_); ++at_) {
    if (at_ - from == kDigitsMax) return std::nullopt;
    value = value * 10 + (*at_ - '0');
  }
  const bool leading_zero = at_ - from > 1 && *from == '0';
  const bool minus_zero = negative && value == 0;
  const bool goes_on = at_ < end_ && (*at_ == '.' || *at_ == 'e' || *at_ == 'E');
  if (at_ == from || leading_zero || minus_zero || goes_on) return std::nullopt;
  return negative ? -value : value;
}

void UsualObject::skip_blanks() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

bool UsualObject::take(char c) {
  if (at_ == end_ || *at_ != c) return false;
  ++at_;
  return true;
}

bool UsualObject::take(std::string_view word) {
  if (!std::string_view(at_, end_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

}  // namespace baedal::json
