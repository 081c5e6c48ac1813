#pragma once

#include <span>

#include "platform/http/handler.hpp"
#include "platform/http/static_files.hpp"

namespace baedal::gateway {

/// The browser's pages in front of the API. `/`, `/me`, `/orders/{id}`, `/courier`, `/shop`,
/// `/ops`, `/explorer` and `/login` are one document, which a program in the browser makes into the
/// page; it is given to whoever prefers HTML, so that an order's page and the order itself share
/// their address, and both answers say so by Vary. Everything else, and every other client, goes on
/// to the API.
class Pages final : public http::HttpHandler {
 public:
  /// `files` have "/index.html" and are sorted by path. Both outlive this.
  Pages(std::span<const http::StaticFile> files, http::HttpHandler& api);

  /// Requests that are not for a page cost a comparison of the method, or of the path's length and
  /// first letters.
  Task<http::Response> handle(http::Request& request) override;

 private:
  std::span<const http::StaticFile> files_;
  const http::StaticFile* document_;
  http::HttpHandler& api_;
};

}  // namespace baedal::gateway
