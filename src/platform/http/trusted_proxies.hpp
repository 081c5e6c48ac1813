#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/handler.hpp"

namespace baedal::http {

/// The networks whose word on the client's own address and host is taken. Immutable: any thread.
class TrustedProxies {
 public:
  /// Each like "10.0.0.0/8", "fd00::/8" or one address; checked by the settings already, so that a
  /// malformed one asserts.
  explicit TrustedProxies(const std::vector<std::string>& networks);
  [[nodiscard]] static bool is_network(std::string_view text);
  [[nodiscard]] bool trusts(std::string_view address) const;

 private:
  struct Network {
    std::array<unsigned char, 16> bytes;  ///< IPv4 as ::ffff:a.b.c.d
    int bits;
  };
  std::vector<Network> networks_;
};

/// A filter that makes links follow what a trusted proxy forwarded: Forwarded (RFC 7239: proto,
/// host), else X-Forwarded-Proto, -Host, -Port and -Prefix; and that takes the client's address
/// from X-Forwarded-For. From anybody else they are ignored.
class ForwardedFilter final : public HttpHandler {
 public:
  ForwardedFilter(HttpHandler& inner, TrustedProxies proxies)
      : inner_(inner), proxies_(std::move(proxies)) {}

  Task<Response> handle(Request& request) override;

 private:
  HttpHandler& inner_;
  TrustedProxies proxies_;
};

/// The client's address by X-Forwarded-For, without a port: the last one there that is no trusted
/// proxy, since what stands before it anybody may have written. Empty without one. A view into the
/// headers.
[[nodiscard]] std::string_view forwarded_client(const Request& request,
                                                const TrustedProxies& proxies);

/// The base of links by the forwarding headers; `otherwise` when there are none, or bad ones.
[[nodiscard]] std::string forwarded_base(const Request& request, std::string otherwise);

}  // namespace baedal::http
