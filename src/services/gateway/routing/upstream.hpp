#pragma once

#include "kernel/async/task.hpp"
#include "platform/http/message.hpp"
#include "services/gateway/routing/route.hpp"

namespace baedal::gateway {

/// A service behind the gateway. Adapters: LocalUpstream (same process, no socket); over the
/// network in the distributed mode. Any I/O thread. Failures are answers (503 problem documents),
/// never exceptions, and carry no internal address.
class Upstream {
 public:
  virtual ~Upstream() = default;
  virtual Task<http::Response> forward(const Route& route, http::Request& request) = 0;
};

/// Finds the upstream of a route; null when it is not known.
class Upstreams {
 public:
  virtual ~Upstreams() = default;
  [[nodiscard]] virtual Upstream* find(const Route& route) = 0;
};

}  // namespace baedal::gateway
