#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"
#include "platform/http/message.hpp"

namespace baedal::http {

/// What a server answered.
struct ClientResponse {
  int status = 0;
  std::vector<Header> headers;
  std::string body;

  /// First value of that header, compared without case; nullopt when absent.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

/// Answers larger than this are refused.
inline constexpr std::size_t kClientBodyBytesMax = 16 * 1024 * 1024;

/// Sends one HTTP/1.1 request to an http:// URL on a connection of its own and blocks this thread
/// until the answer is there or `timeout` has passed (resolving a name is not counted). For the
/// command line only: servers must not block. Host, Content-Length and Connection are added here.
/// kInvalid: the URL is no http:// URL; kUnavailable: no connection, no answer, or not in time.
///   auto answer = request("GET", "http://localhost:8080/menus", {}, {}, std::chrono::seconds{5});
[[nodiscard]] Result<ClientResponse> request(std::string_view method, std::string_view url,
                                             const std::vector<Header>& headers,
                                             std::string_view body,
                                             std::chrono::milliseconds timeout);

}  // namespace baedal::http
