#include "kernel/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace baedal {

void assertion_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "baedal: assertion failed: %s (%s:%d)\n", expression, file, line);
  std::abort();
}

}  // namespace baedal
