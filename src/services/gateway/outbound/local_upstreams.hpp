#pragma once

#include <map>
#include <memory>
#include <string>

#include "platform/http/handler.hpp"
#include "services/gateway/routing/upstream.hpp"

namespace baedal::gateway {

/// The services of this process by their host name: a request goes to its handler as it is, without
/// a socket, with its body whole. Filled before serving.
class LocalUpstreams final : public Upstreams {
 public:
  explicit LocalUpstreams(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  /// `others`, which outlives this, is asked for what does not run here.
  void set_others(Upstreams& others) { others_ = &others; }
  /// `handler` must outlive this.
  void add(std::string host, http::HttpHandler& handler);
  [[nodiscard]] std::shared_ptr<Upstream> find(const Route& route) override;

 private:
  class LocalUpstream;
  const std::size_t body_bytes_max_;
  Upstreams* others_ = nullptr;
  std::map<std::string, std::shared_ptr<Upstream>, std::less<>> by_host_;
};

}  // namespace baedal::gateway
