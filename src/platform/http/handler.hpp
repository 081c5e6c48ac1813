#pragma once

#include "kernel/async/task.hpp"
#include "platform/http/message.hpp"

namespace baedal::http {

/// Anything that answers requests: a router, a filter around another handler, the gateway, an
/// upstream service in this process or behind a socket. Called on an I/O thread; `request` lives
/// until the task is done. Never throws for bad input.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  virtual Task<Response> handle(Request& request) = 0;
};

}  // namespace baedal::http
