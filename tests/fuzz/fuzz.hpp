#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <source_location>
#include <string_view>

/// What libFuzzer calls with bytes of its own making. A target aborts when a promise is broken; the
/// sanitizers find the rest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace baedal::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the run, and libFuzzer keeps the input, when a promise does not hold. Says which, and the
/// last error of the system, which is the reason where a socket was asked.
inline void promise(bool holds, std::source_location where = std::source_location::current()) {
  if (holds) return;
  const char* reason = std::strerror(errno);
  std::fprintf(stderr, "%s:%u: not so (%s)\n", where.file_name(), where.line(), reason);
  std::abort();
}

/// Takes the text up to the next '\n' off the front.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return line;
}

}  // namespace baedal::fuzz
