#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "platform/http/message.hpp"
#include "platform/log/log.hpp"

namespace baedal {

/// The order a request is about, as far as its path says it, or the answer's Location when it made
/// one.
[[nodiscard]] std::optional<std::int64_t> order_of(const http::Request& request,
                                                   const http::Response& response);

/// One line for each request, by logger `access`: what was asked, what came of it, and which trace
/// and order it belongs to. Never a query, a header, a body, or what a URL says of users; nor the
/// client's address, unless asked to. Any thread.
class AccessLog {
 public:
  explicit AccessLog(bool with_client) : with_client_(with_client) {}

  void write(const http::Request& request, const http::Response& response,
             std::chrono::nanoseconds took) const;

 private:
  void write_access(const http::Request& request, const http::Response& response,
                    std::chrono::nanoseconds took) const;
  static void write_exchange(const http::Request& request, const http::Response& response);

  const bool with_client_;
  const log::Gate access_{"access"};
  const log::Gate http_{"http"};
};

}  // namespace baedal
