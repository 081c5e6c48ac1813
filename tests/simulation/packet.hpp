#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/http/message.hpp"
#include "platform/http/upstream/upstream_client.hpp"

namespace baedal::simulation {

/// A request on its way; owns all of it.
struct Packet {
  http::Method method = http::Method::kGet;
  std::string target;
  std::vector<http::Header> headers;
  std::string body;

  /// As a server would have read it; views into this packet.
  [[nodiscard]] http::Request to_request() const;
};

/// A packet of what the client would have sent.
[[nodiscard]] Packet to_packet(const http::UpstreamRequest& request);

using Answer = std::function<void(http::UpstreamAnswer)>;

}  // namespace baedal::simulation
