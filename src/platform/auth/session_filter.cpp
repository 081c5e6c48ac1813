#include "platform/auth/session_filter.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "kernel/text.hpp"
#include "platform/auth/cookies.hpp"
#include "platform/http/problem.hpp"

namespace baedal::auth {
namespace {

bool is_cookie(const http::HeaderView& header) { return iequals(header.name, "Cookie"); }

/// Both cookies of a login begin alike.
bool has_login(const http::Request& request) {
  return std::ranges::any_of(request.headers, [](const http::HeaderView& header) {
    return is_cookie(header) && header.value.find(kSessionCookie) != std::string_view::npos;
  });
}

bool deals_with_cookies(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path == kLoginPath || path == kRefreshPath || path == kLogoutPath;
}

bool is_safe(http::Method method) {
  return method == http::Method::kGet || method == http::Method::kHead ||
         method == http::Method::kOptions;
}

/// The headers without the cookies of a login; what is new of them is in `kept`.
std::vector<http::HeaderView> without_login(const std::vector<http::HeaderView>& headers,
                                            std::vector<std::string>& kept) {
  std::vector<http::HeaderView> result;
  result.reserve(headers.size() + 1);
  kept.reserve(headers.size());  // views point into it: it must not move
  for (const http::HeaderView& header : headers) {
    if (!is_cookie(header)) {
      result.push_back(header);
      continue;
    }
    std::string rest = auth::without_login(header.value);
    if (rest.empty()) continue;
    kept.push_back(std::move(rest));
    result.push_back({header.name, kept.back()});
  }
  return result;
}

}  // namespace

Task<http::Response> SessionFilter::handle(http::Request& request) {
  if (!has_login(request) || deals_with_cookies(request.path)) return inner_.handle(request);
  return handle_with_cookies(request);
}

const char* SessionFilter::find_fault(const http::Request& request,
                                      std::string_view session) const {
  if (is_safe(request.method)) return nullptr;
  if (is_of_another_site(request)) return "Another site's page must not do this in your name.";
  if (csrf_.is_of(session, request.header(kCsrfHeader).value_or(""))) return nullptr;
  return "A page repeats in X-CSRF-Token what GET /me gives as csrfToken.";
}

Task<http::Response> SessionFilter::handle_with_cookies(http::Request& request) {
  const std::string token{cookie_of(request, kSessionCookie)};
  const bool has_authorization = request.header("Authorization").has_value();
  std::vector<std::string> kept;
  std::string authorization;
  std::vector<http::HeaderView> headers = without_login(request.headers, kept);
  if (!token.empty() && !has_authorization) {
    const Verifier::Verdict verdict = verifier_.verify(token);
    if (verdict && !(*verdict)->session.empty()) {
      if (const char* fault = find_fault(request, (*verdict)->session)) {
        co_return http::problem(403, "csrf", fault, request);
      }
      authorization = "Bearer " + token;
      headers.push_back({"Authorization", authorization});
    }
  }
  std::swap(request.headers, headers);
  auto answering = inner_.handle(request);
  http::Response response = co_await answering;
  // As they came: what was put in their place ends with this frame.
  std::swap(request.headers, headers);
  co_return response;
}

}  // namespace baedal::auth
