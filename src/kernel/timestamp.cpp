#include "kernel/timestamp.hpp"

#include <array>
#include <charconv>

#include "kernel/put_text.hpp"

namespace baedal {
namespace {

using namespace std::chrono;

std::optional<std::int64_t> digits(std::string_view text, std::size_t from, std::size_t count) {
  if (from + count > text.size()) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text.substr(from, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<Timestamp> from_civil(std::optional<std::int64_t> y, std::optional<std::int64_t> mo,
                                    std::optional<std::int64_t> d, std::optional<std::int64_t> h,
                                    std::optional<std::int64_t> mi, std::optional<std::int64_t> s) {
  if (!y || !mo || !d || !h || !mi || !s || *h > 23 || *mi > 59 || *s > 59) return std::nullopt;
  const year_month_day date{year{static_cast<int>(*y)}, month{static_cast<unsigned>(*mo)},
                            day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  const auto point = sys_days{date} + hours{*h} + minutes{*mi} + seconds{*s};
  return Timestamp{duration_cast<microseconds>(point.time_since_epoch()).count()};
}

/// Microseconds of a fraction ".123456"; moves `at` behind it.
std::optional<std::int64_t> fraction(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != '.') return 0;
  ++at;
  std::int64_t micros = 0;
  std::size_t count = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count) {
    if (count < 6) micros = micros * 10 + (text[at] - '0');
  }
  if (count == 0 || count > 9) return std::nullopt;
  for (; count < 6; ++count) micros *= 10;
  return micros;
}

std::optional<minutes> zone(std::string_view text) {
  if (text == "Z" || text == "z") return minutes{0};
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto h = digits(text, 1, 2);
  const auto m = digits(text, 4, 2);
  if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
  const minutes offset{*h * 60 + *m};
  return text[0] == '+' ? offset : -offset;
}

}  // namespace

std::string Timestamp::iso8601() const {
  std::string out;
  append_iso8601(out);
  return out;
}

void Timestamp::append_iso8601(std::string& out) const {
  std::array<char, kIso8601Room> text{};
  put_iso8601(text.data(), *this);
  out.append(text.data(), text.size());
}

std::string Timestamp::compact() const {
  std::array<char, kCompactTimeRoom> text{};
  put_compact_time(text.data(), *this);
  return {text.data(), text.size()};
}

std::optional<Timestamp> Timestamp::parse_iso8601(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' ||
      (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto base = from_civil(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2),
                               digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2));
  std::size_t at = 19;
  const auto micros = fraction(text, at);
  const auto offset = micros ? zone(text.substr(at)) : std::nullopt;
  if (!base || !offset) return std::nullopt;
  return *base + (microseconds{*micros} - *offset);
}

std::optional<Timestamp> Timestamp::parse_compact(std::string_view text) {
  if (text.size() != 14) return std::nullopt;
  return from_civil(digits(text, 0, 4), digits(text, 4, 2), digits(text, 6, 2), digits(text, 8, 2),
                    digits(text, 10, 2), digits(text, 12, 2));
}

}  // namespace baedal
