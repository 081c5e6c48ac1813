#include "services/gateway/outbound/local_upstreams.hpp"

namespace baedal::gateway {

class LocalUpstreams::LocalUpstream final : public Upstream {
 public:
  explicit LocalUpstream(http::HttpHandler& handler) : handler_(handler) {}
  Task<http::Response> forward(const Route&, http::Request& request, ForwardOptions) override {
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
  if (found != by_host_.end()) return found->second.get();
  return others_ == nullptr ? nullptr : others_->find(route);
}

}  // namespace baedal::gateway
