#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/message.hpp"

namespace baedal::gateway {

/// The headers of a request as the next server is to see them: the client's, and X-Forwarded-For,
/// -Proto, -Host, -Port, -Prefix and Forwarded, made from where the request came from. What the
/// client itself wrote there is kept only when it is `trusted`. Must outlive the use of headers().
class ForwardedHeaders {
 public:
  ForwardedHeaders(const http::Request& request, std::string_view prefix, bool trusted);
  ForwardedHeaders(const ForwardedHeaders&) = delete;
  ForwardedHeaders& operator=(const ForwardedHeaders&) = delete;

  [[nodiscard]] const std::vector<http::HeaderView>& headers() const { return headers_; }

 private:
  std::string for_, prefix_, forwarded_;
  std::vector<http::HeaderView> headers_;
};

}  // namespace baedal::gateway
