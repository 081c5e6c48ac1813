#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernel/error.hpp"
#include "platform/config/settings.hpp"

namespace baedal {

/// The whole process: every chosen role, wired and running.
///   auto system = System::start(settings, roles);
///   … (*system)->port() …
///   (*system)->run_until_signal();
class System {
 public:
  /// Opens stores and bus, starts the services, begins to serve. The error is a sentence for the
  /// operator; nothing is left running then. `before_listening` is called when all but the port is
  /// ready.
  static Result<std::unique_ptr<System>> start(const config::Settings& settings,
                                               const std::vector<std::string>& roles,
                                               const std::function<void()>& before_listening = {});
  ~System();

  [[nodiscard]] std::uint16_t port() const;
  /// 0 when it speaks no TLS.
  [[nodiscard]] std::uint16_t tls_port() const;
  /// Blocks until SIGTERM or SIGINT; then: not ready, no new connections, requests in hand finish
  /// within shutdown.grace, everything committed is handed to the bus, stores are closed.
  void run_until_signal();

 private:
  struct Impl;
  explicit System(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal
