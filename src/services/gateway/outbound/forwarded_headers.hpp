#pragma once

#include <string>
#include <string_view>

#include "platform/http/message.hpp"
#include "platform/http/upstream/upstream_client.hpp"

namespace baedal::gateway {

/// What the next server is to know of where a request came from: X-Forwarded-For, -Proto, -Host,
/// -Port, -Prefix and Forwarded, in place of what the client itself wrote there, which is kept only
/// when it is `trusted`. Borrows both arguments.
class ForwardedHeaders final : public http::HeaderLines {
 public:
  ForwardedHeaders(const http::Request& request, std::string_view prefix, bool trusted)
      : request_(request), prefix_(prefix), trusted_(trusted) {}

  [[nodiscard]] bool replaces(std::string_view name) const override;
  void append_to(std::string& out) const override;

 private:
  void append_earlier(std::string& out, std::string_view name) const;

  const http::Request& request_;
  const std::string_view prefix_;
  const bool trusted_;
};

}  // namespace baedal::gateway
