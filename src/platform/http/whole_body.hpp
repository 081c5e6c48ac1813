#pragma once

#include <cstddef>

#include "platform/http/handler.hpp"

namespace baedal::http {

/// A filter for handlers that want every body whole, behind a server that streams them: collects
/// what still comes, and answers 413 beyond `bytes_max`. What is whole already passes untouched.
class WholeBody final : public HttpHandler {
 public:
  /// `inner` outlives it.
  WholeBody(HttpHandler& inner, std::size_t bytes_max) : inner_(inner), bytes_max_(bytes_max) {}

  Task<Response> handle(Request& request) override;

 private:
  Task<Response> collect(Request& request);
  static Task<Response> refuse(Request& request);

  HttpHandler& inner_;
  const std::size_t bytes_max_;
};

}  // namespace baedal::http
