#include "services/gateway/outbound/local_upstreams.hpp"

namespace baedal::gateway {

class LocalUpstreams::LocalUpstream final : public Upstream {
 public:
  explicit LocalUpstream(http::HttpHandler& handler) : handler_(handler) {}
  Task<http::Response> forward(const Route&, http::Request& request) override {
    return handler_.handle(request);
  }

 private:
  http::HttpHandler& handler_;
};

void LocalUpstreams::add(std::string host, http::HttpHandler& handler) {
  by_host_[std::move(host)] = std::make_unique<LocalUpstream>(handler);
}

Upstream* LocalUpstreams::find(const Route& route) {
  const auto found = by_host_.find(route.host);
  return found == by_host_.end() ? nullptr : found->second.get();
}

}  // namespace baedal::gateway
