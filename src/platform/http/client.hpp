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

/// Whose word is taken for who the server of an https:// URL is.
struct ClientTrust {
  std::string ca_file{};  ///< certificates in PEM; empty: those that the system trusts
};

/// Sends one HTTP/1.1 request to an http:// or https:// URL on a connection of its own and blocks
/// this thread until the answer is there or `timeout` has passed (resolving a name is not counted).
/// For the command line only: servers must not block. Host, Content-Length and Connection are added
/// here. With https:// by TLS 1.2 or 1.3, and only to a server whose certificate is of the URL's
/// host. kInvalid: the URL is none of these; kUnavailable: no connection, a server that is not
/// trusted, no answer, or not in time.
///   auto answer = request("GET", "http://localhost:8080/menus", {}, {}, std::chrono::seconds{5});
[[nodiscard]] Result<ClientResponse> request(std::string_view method, std::string_view url,
                                             const std::vector<Header>& headers,
                                             std::string_view body,
                                             std::chrono::milliseconds timeout,
                                             const ClientTrust& trust = {});

}  // namespace baedal::http
