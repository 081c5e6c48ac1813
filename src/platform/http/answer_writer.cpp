#include "platform/http/answer_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <ctime>

#include "kernel/text.hpp"

namespace baedal::http {
namespace {

void append_two_digits(std::string& out, unsigned value) {
  out += static_cast<char>('0' + value / 10);
  out += static_cast<char>('0' + value % 10);
}

std::string format_date(std::chrono::sys_seconds time) {
  constexpr std::array kDays = {"Sun, ", "Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, "};
  constexpr std::array kMonths = {" Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ",
                                  " Jul ", " Aug ", " Sep ", " Oct ", " Nov ", " Dec "};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::string out = kDays[std::chrono::weekday{day}.c_encoding()];
  append_two_digits(out, static_cast<unsigned>(date.day()));
  out += kMonths[static_cast<unsigned>(date.month()) - 1];
  append_int(out, static_cast<int>(date.year()));
  out += ' ';
  append_two_digits(out, static_cast<unsigned>(clock.hours().count()));
  out += ':';
  append_two_digits(out, static_cast<unsigned>(clock.minutes().count()));
  out += ':';
  append_two_digits(out, static_cast<unsigned>(clock.seconds().count()));
  return out += " GMT";
}

/// Eight bytes at a time, for nearly no value has one: whether a byte is below that of CR, or (no
/// matter) of those just behind.
bool may_have_line_ends(std::string_view value) {
  constexpr std::uint64_t kBehindLineEnds = 0x0E0E'0E0E'0E0E'0E0E;
  constexpr std::uint64_t kTopBits = 0x8080'8080'8080'8080;
  std::uint64_t found = 0;
  while (value.size() >= sizeof found) {
    std::uint64_t word = 0;
    std::memcpy(&word, value.data(), sizeof word);
    found |= (word - kBehindLineEnds) & ~word;
    value.remove_prefix(sizeof word);
  }
  return (found & kTopBits) != 0 || std::ranges::any_of(value, is_line_end);
}

void append_length(std::string& out, const Response& response, const AnswerFraming& framing) {
  if (!may_have_body(response.status)) return;
  // A HEAD handler that has no body to measure says nothing about GET's length.
  if (framing.to_head && response.body.empty() && !response.length) return;
  if (framing.chunked) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (!response.stream || response.length) {
    out += "Content-Length: ";
    append_int(out, static_cast<std::int64_t>(response.length.value_or(response.body.size())));
    out += "\r\n";
  }
}

void append_extra(std::string& out, const Response& response, const ExtraHeaders& extra) {
  for (const auto& [name, value] : extra) {
    const auto has_it = [&name](const Header& header) { return iequals(header.name, name); };
    if (std::ranges::none_of(response.headers, has_it)) append_header(out, name, value);
  }
}

}  // namespace

std::string_view HttpDate::now() {
  // The coarse clock is a few milliseconds behind and costs next to nothing.
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &time);
  if (time.tv_sec != second_) {
    second_ = time.tv_sec;
    text_ = format_date(std::chrono::sys_seconds{std::chrono::seconds{second_}});
  }
  return text_;
}

void append_all(std::string& out, std::initializer_list<std::string_view> parts) {
  const std::size_t from = out.size();
  std::size_t size = from;
  for (const std::string_view part : parts) size += part.size();
  out.resize_and_overwrite(size, [&](char* bytes, std::size_t) {
    char* at = bytes + from;
    for (const std::string_view part : parts) at += part.copy(at, part.size());
    return size;
  });
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  const std::size_t from = out.size();
  const std::size_t size = from + name.size() + value.size() + 4;
  out.resize_and_overwrite(size, [&](char* bytes, std::size_t) {
    char* at = bytes + from;
    at += name.copy(at, name.size());
    *at++ = ':';
    *at++ = ' ';
    char* const end = at + value.copy(at, value.size());
    if (may_have_line_ends(value)) std::replace_if(at, end, is_line_end, ' ');
    end[0] = '\r';
    end[1] = '\n';
    return size;
  });
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

void append_chunk_size(std::string& out, std::size_t size) {
  std::array<char, 16> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16);
  out.append(digits.data(), end).append("\r\n");
}

void append_head(std::string& out, const Response& response, const AnswerFraming& framing,
                 std::string_view date) {
  out += "HTTP/1.1 ";
  append_int(out, response.status);
  append_all(out, {" ", reason_phrase(response.status), "\r\n"});
  if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
  append_length(out, response, framing);
  append_all(out, {"Date: ", date, "\r\n"});
  if (response.tunnel) {
    out += "Connection: Upgrade\r\n";
  } else if (framing.close) {
    out += "Connection: close\r\n";
  } else if (framing.say_keep_alive) {
    out += "Connection: keep-alive\r\n";
  }
  for (const Header& header : response.headers) append_header(out, header.name, header.value);
  if (framing.extra != nullptr && !framing.extra->empty())
    append_extra(out, response, *framing.extra);
  out += "\r\n";
}

}  // namespace baedal::http
