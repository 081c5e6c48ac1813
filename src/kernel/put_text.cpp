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

}  // namespace

char* put_int(char* at, std::int64_t value) { return std::to_chars(at, at + kIntRoom, value).ptr; }

char* put_iso8601(char* at, Timestamp time) {
  using namespace std::chrono;
  const sys_time<microseconds> point{microseconds{time.micros}};
  const auto day = floor<days>(point);
  const year_month_day date{day};
  const auto millis = static_cast<unsigned>((point - day).count() / 1'000);
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  at = put_two(put_two(at, year / 100 % 100), year % 100);
  at = put_two(put_char(at, '-'), static_cast<unsigned>(date.month()));
  at = put_two(put_char(at, '-'), static_cast<unsigned>(date.day()));
  at = put_two(put_char(at, 'T'), millis / 3'600'000);
  at = put_two(put_char(at, ':'), millis / 60'000 % 60);
  at = put_two(put_char(at, ':'), millis / 1'000 % 60);
  at = put_char(at, '.');
  at = put_two(put_char(at, static_cast<char>('0' + millis / 100 % 10)), millis % 100);
  return put_char(at, 'Z');
}

}  // namespace baedal
