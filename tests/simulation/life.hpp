#pragma once

#include "kernel/error.hpp"

namespace baedal::simulation {

/// Whether the process still lives. Once it does not, nothing it does reaches anybody: whatever it
/// asks for fails at once, so that its coroutines come to their ends.
struct Life {
  bool over = false;
};

[[nodiscard]] inline std::unexpected<Error> dead() {
  return unavailable("process-dead", "This process is dead.");
}

}  // namespace baedal::simulation
