#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernel/async/sync.hpp"
#include "kernel/async/task.hpp"
#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "platform/audit/audit_log.hpp"
#include "platform/config/settings.hpp"
#include "platform/http/server.hpp"
#include "platform/http/tls.hpp"
#include "platform/metrics/registry.hpp"

namespace baedal {

/// What stands between this process and the outside, as the settings want it: TLS with its files,
/// the headers of all answers, the audit log.
class Edge {
 public:
  /// Reads the files. The error is a sentence that names a setting or a file.
  static Result<std::unique_ptr<Edge>> open(const config::Settings& settings, const Clock& clock,
                                            metrics::Registry& registry);

  /// Before the server listens.
  void dress(http::Server& server) const;
  /// Listens for TLS too, when there is a certificate.
  [[nodiscard]] Result<void> listen(http::Server& server) const;
  /// Where an observer of the server tells what was answered. Any thread.
  void observe(const http::Request& request, const http::Response& response) {
    if (audit_) audit_->write(request, response);
  }

  /// Looks after the files, on the current executor, until stop().
  void start();
  Task<void> stop();

 private:
  Edge(const config::Settings& settings, const Clock& clock) : settings_(settings), clock_(clock) {}
  Result<void> open_tls(metrics::Registry& registry);
  Result<void> open_audit(metrics::Registry& registry);
  Task<void> watch_files();

  const config::Settings& settings_;
  const Clock& clock_;
  std::shared_ptr<http::TlsContext> tls_;  ///< null: none
  std::optional<audit::AuditLog> audit_;
  std::vector<metrics::Registration> meters_;
  bool watching_ = false;
  bool stopping_ = false;
  Event ended_;
};

/// Keeps this process's memory to itself: no core dumps, no debuggers, unless the settings allow
/// it.
void guard_memory(const config::Settings& settings);

}  // namespace baedal
