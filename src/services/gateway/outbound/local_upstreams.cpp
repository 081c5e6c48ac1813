#include "services/gateway/outbound/local_upstreams.hpp"

#include "platform/http/whole_body.hpp"

namespace baedal::gateway {

class LocalUpstreams::LocalUpstream final : public Upstream {
 public:
  LocalUpstream(http::HttpHandler& handler, std::size_t body_bytes_max)
      : handler_(handler, body_bytes_max) {}
  Task<http::Response> forward(const Route&, http::Request& request, ForwardOptions) override {
    return handler_.handle(request);
  }
  [[nodiscard]] bool labels_requests() const override { return true; }

 private:
  http::WholeBody handler_;
};

void LocalUpstreams::add(std::string host, http::HttpHandler& handler) {
  by_host_[std::move(host)] = std::make_shared<LocalUpstream>(handler, body_bytes_max_);
}

std::shared_ptr<Upstream> LocalUpstreams::find(const Route& route) {
  const auto found = by_host_.find(route.host);
  if (found != by_host_.end()) return found->second;
  return others_ == nullptr ? nullptr : others_->find(route);
}

}  // namespace baedal::gateway
