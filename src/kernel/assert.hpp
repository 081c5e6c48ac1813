#pragma once

namespace baedal {

/// Ends the process with a message: for programmer errors only, on in every build.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace baedal

/// States what the code relies on. Never for input or I/O: those are Errors.
#define BAEDAL_ASSERT(expression)      \
  ((expression) ? static_cast<void>(0) \
                : ::baedal::assertion_failed(#expression, __FILE__, __LINE__))
