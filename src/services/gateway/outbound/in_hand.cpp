#include "services/gateway/outbound/in_hand.hpp"

#include "platform/http/body_stream.hpp"

namespace baedal::gateway {
namespace {

class HeldStream final : public http::BodyStream {
 public:
  HeldStream(std::shared_ptr<http::BodyStream> inner, InHand in_hand)
      : in_hand_(std::move(in_hand)), inner_(std::move(inner)) {}
  Task<Result<std::string_view>> read() override { return inner_->read(); }
  void cancel() override { inner_->cancel(); }

 private:
  const InHand in_hand_;
  const std::shared_ptr<http::BodyStream> inner_;
};

class HeldTunnel final : public http::Tunnel {
 public:
  HeldTunnel(std::shared_ptr<http::Tunnel> inner, InHand in_hand)
      : in_hand_(std::move(in_hand)), inner_(std::move(inner)) {}
  Task<void> run(http::Socket& client, std::string_view early) override {
    return inner_->run(client, early);
  }
  void cancel() override { inner_->cancel(); }

 private:
  const InHand in_hand_;
  const std::shared_ptr<http::Tunnel> inner_;
};

}  // namespace

void hold_on(http::Response& response, InHand in_hand) {
  if (response.tunnel) {
    response.tunnel = std::make_shared<HeldTunnel>(std::move(response.tunnel), std::move(in_hand));
  } else if (response.stream) {
    response.stream = std::make_shared<HeldStream>(std::move(response.stream), std::move(in_hand));
  }
}

}  // namespace baedal::gateway
