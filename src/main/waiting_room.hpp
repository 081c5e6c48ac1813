#pragma once

#include <memory>

#include "kernel/error.hpp"
#include "platform/config/settings.hpp"

namespace baedal {

/// Listens where the system will, while that cannot start yet: an orchestrator's probes find the
/// process alive and not ready, and everything else is answered 503 at once.
class WaitingRoom {
 public:
  /// The error is that of listening: the port is taken.
  static Result<std::unique_ptr<WaitingRoom>> open(const config::Settings& settings);
  /// Gives the port free.
  ~WaitingRoom();

 private:
  struct Impl;
  explicit WaitingRoom(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal
