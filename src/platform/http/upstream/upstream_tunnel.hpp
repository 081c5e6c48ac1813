#pragma once

#include "platform/http/body_stream.hpp"
#include "platform/http/upstream/pool.hpp"

namespace baedal::http {

/// The connection to an upstream that has switched protocols: bytes both ways as they come.
class UpstreamTunnel final : public Tunnel {
 public:
  explicit UpstreamTunnel(UpstreamLease lease) : lease_(std::move(lease)) {}

  Task<void> run(Socket& client, std::string_view early) override;
  void cancel() override;

 private:
  Task<void> to_upstream(Socket& client, std::string_view early);
  Task<void> to_client(Socket& client);

  UpstreamLease lease_;
};

}  // namespace baedal::http
