#include "kernel/put_text.hpp"

#include <charconv>
#include <chrono>

namespace baedal {
namespace {

char* put_two(char* at, unsigned value) {
  at[0] = static_cast<char>('0' + value / 10);
  at[1] = static_cast<char>('0' + value % 10);
  return at + 2;
}

char* put_char(char* at, char c) {
  *at = c;
  return at + 1;
}

/// The four digits of a year, and the milliseconds of the day.
struct CivilTime {
  unsigned year, month, day, millis;
};

CivilTime civil(Timestamp time) {
  using namespace std::chrono;
  const sys_time<microseconds> point{microseconds{time.micros}};
  const auto day = floor<days>(point);
  const year_month_day date{day};
  return {static_cast<unsigned>(static_cast<int>(date.year())) % 10'000,
          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
          static_cast<unsigned>((point - day).count() / 1'000)};
}

}  // namespace

char* put_int(char* at, std::int64_t value) { return std::to_chars(at, at + kIntRoom, value).ptr; }

char* put_iso8601(char* at, Timestamp time) {
  const CivilTime c = civil(time);
  at = put_two(put_two(at, c.year / 100), c.year % 100);
  at = put_two(put_char(at, '-'), c.month);
  at = put_two(put_char(at, '-'), c.day);
  at = put_two(put_char(at, 'T'), c.millis / 3'600'000);
  at = put_two(put_char(at, ':'), c.millis / 60'000 % 60);
  at = put_two(put_char(at, ':'), c.millis / 1'000 % 60);
  at = put_char(at, '.');
  at = put_two(put_char(at, static_cast<char>('0' + c.millis / 100 % 10)), c.millis % 100);
  return put_char(at, 'Z');
}

char* put_compact_time(char* at, Timestamp time) {
  const CivilTime c = civil(time);
  at = put_two(put_two(at, c.year / 100), c.year % 100);
  at = put_two(put_two(at, c.month), c.day);
  at = put_two(put_two(at, c.millis / 3'600'000), c.millis / 60'000 % 60);
  return put_two(at, c.millis / 1'000 % 60);
}

}  // namespace baedal
