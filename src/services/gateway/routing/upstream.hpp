#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/async/task.hpp"
#include "platform/http/message.hpp"
#include "services/gateway/routing/route.hpp"

namespace baedal::gateway {

/// What filters say about passing a request on.
struct ForwardOptions {
  bool preserve_host = false;                     ///< the client's Host instead of the upstream's
  std::string_view prefix{};                      ///< cut off the path, for links
  std::chrono::milliseconds response_timeout{0};  ///< shorter than the route's; 0: the route's
  /// Set when the answer is the gateway's own, since the upstream gave none: why. A literal.
  std::string_view* failure = nullptr;
};

/// The failure of a request that its own client broke off: it says nothing about the upstream.
inline constexpr std::string_view kClientFailed = "request broken off";

/// A process behind a route, as the gateway sees it now.
struct InstanceState {
  std::string authority;  ///< "10.0.0.1:8080"
  bool available = true;  ///< false: left alone, since it failed or says that it is not ready
};

/// A service behind the gateway. Adapters: LocalUpstream (same process, no socket); RemoteUpstream.
/// Any I/O thread. Failures are answers (503 and 504 problem documents), never exceptions, and
/// carry no internal address.
class Upstream {
 public:
  virtual ~Upstream() = default;
  virtual Task<http::Response> forward(const Route& route, http::Request& request,
                                       ForwardOptions options) = 0;
  /// Whether it says itself what metrics call a request (http::Request::route).
  [[nodiscard]] virtual bool labels_requests() const { return false; }
  /// The processes that requests go to; none: they stay in this one.
  [[nodiscard]] virtual std::vector<InstanceState> instances() const { return {}; }
};

/// Finds the upstream of a route; null when it is not known.
class Upstreams {
 public:
  virtual ~Upstreams() = default;
  [[nodiscard]] virtual std::shared_ptr<Upstream> find(const Route& route) = 0;
};

}  // namespace baedal::gateway
