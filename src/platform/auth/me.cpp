#include "platform/auth/me.hpp"

#include "kernel/json/writer.hpp"
#include "platform/auth/principal.hpp"

namespace baedal::auth {
namespace {

Task<http::Response> show(http::Request& request, const CsrfTokens* csrf) {
  const Principal* principal = request.principal.get();
  const bool open = principal == nullptr;
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_object().name("subject");
  open || principal->anonymous() ? out.null() : out.string(principal->subject);
  out.name("roles").begin_array();
  if (!open) {
    for (const std::string& role : principal->roles.words()) out.string(role);
  }
  out.end_array().name("open").boolean(open);
  if (csrf != nullptr) out.name("login").boolean(true);
  if (csrf != nullptr && !open && !principal->session.empty()) {
    out.name("csrfToken").string(csrf->of(principal->session));
  }
  out.end_object();
  http::Response response{.content_type = "application/json", .body = out.take()};
  response.with("Cache-Control", "no-store");
  co_return response;
}

}  // namespace

void add_me_route(http::Router& router, const CsrfTokens* csrf) {
  router.add(http::Method::kGet, "/me",
             [csrf](http::Request& request) { return show(request, csrf); });
}

}  // namespace baedal::auth
