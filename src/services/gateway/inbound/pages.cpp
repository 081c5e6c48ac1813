#include "services/gateway/inbound/pages.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "kernel/assert.hpp"
#include "platform/http/hal/negotiate.hpp"

namespace baedal::gateway {
namespace {

constexpr std::string_view kHtml = "text/html";
constexpr std::string_view kHal = "application/hal+json";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kOrders = "/orders/";
constexpr std::string_view kOrderRoute = "/orders/{id}";
constexpr std::string_view kFilesRoute = "/assets/{file}";
constexpr std::array<std::string_view, 6> kPagesOnly{"/courier", "/explorer", "/login",
                                                     "/me",      "/ops",      "/shop"};

/// Scripts, styles, pictures and answers of this server, and nothing else; no inline code at all.
constexpr const char* kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

std::string_view without_slash(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

bool is_order(std::string_view path) {
  if (!path.starts_with(kOrders)) return false;
  path.remove_prefix(kOrders.size());
  return !path.empty() && path.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The name of the page at that path; empty: there is none.
std::string_view page_at(std::string_view path) {
  if (path == "/") return path;
  path = without_slash(path);
  if (is_order(path)) return kOrderRoute;
  const auto found = std::ranges::find(kPagesOnly, path);
  return found == kPagesOnly.end() ? std::string_view{} : *found;
}

/// Clients of the API do not name HTML; that is looked for before the whole of Accept is weighed.
bool prefers_html(const http::Request& request) {
  const auto accept = request.header("Accept");
  if (!accept || accept->find(kHtml) == std::string_view::npos) return false;
  return http::negotiate(request, {kHal, kJson, kHtml}) == kHtml;
}

void guard(http::Response& response) {
  response.with("X-Content-Type-Options", "nosniff");
  response.with("Cross-Origin-Resource-Policy", "same-origin");
}

void guard_document(http::Response& response) {
  guard(response);
  response.with("Content-Security-Policy", kContentSecurityPolicy);
  response.with("Cross-Origin-Opener-Policy", "same-origin");
  response.with("Referrer-Policy", "same-origin");
  response.with("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
}

Task<http::Response> serve_file(const http::StaticFile& file, http::Request& request) {
  request.route = kFilesRoute;
  http::Response response = http::serve(file, request);
  guard(response);
  co_return response;
}

Task<http::Response> serve_page(const http::StaticFile& document, std::string_view route,
                                http::Request& request) {
  request.route = route;
  http::Response response = http::serve(document, request);
  for (http::Header& header : response.headers) {
    if (header.name == "Vary") header.value = "Accept, Accept-Encoding";
  }
  guard_document(response);
  co_return response;
}

/// The API's answer at an address where browsers get a page: caches must tell the two apart.
Task<http::Response> serve_api(http::HttpHandler& api, http::Request& request) {
  auto answering = api.handle(request);
  http::Response response = co_await answering;
  response.with("Vary", "Accept");
  co_return response;
}

}  // namespace

Pages::Pages(std::span<const http::StaticFile> files, http::HttpHandler& api)
    : files_(files), document_(http::find_file(files, "/index.html")), api_(api) {
  BAEDAL_ASSERT(document_ != nullptr);
}

Task<http::Response> Pages::handle(http::Request& request) {
  const bool reads = request.method == http::Method::kGet || request.method == http::Method::kHead;
  if (!reads) return api_.handle(request);
  const std::string_view page = page_at(request.path);
  if (!page.empty()) {
    if (prefers_html(request)) return serve_page(*document_, page, request);
    return serve_api(api_, request);
  }
  const http::StaticFile* file = http::find_file(files_, request.path);
  if (file == nullptr || file == document_) return api_.handle(request);
  return serve_file(*file, request);
}

}  // namespace baedal::gateway
