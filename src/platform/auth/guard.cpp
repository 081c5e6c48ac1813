#include "platform/auth/guard.hpp"

#include "kernel/text.hpp"
#include "platform/http/problem.hpp"

namespace baedal::auth {
namespace {

Task<http::Response> ready(http::Response response) { co_return response; }

http::Response unauthorized(const http::Request& request) {
  http::Response response =
      http::problem(401, "unauthorized",
                    "Say who you are: send a token as \"Authorization: Bearer …\".", request);
  response.with("WWW-Authenticate", "Bearer realm=\"baedal\"");
  return response;
}

http::Response not_taken(const Refusal& refusal, const http::Request& request) {
  http::Response response = http::problem(401, refusal.code, refusal.detail, request);
  // RFC 6750 section 3: why, in words without quotes.
  response.with("WWW-Authenticate",
                "Bearer realm=\"baedal\", error=\"invalid_token\", error_description=\"" +
                    refusal.code + "\"");
  return response;
}

http::Response forbidden(const http::Request& request) {
  http::Response response =
      http::problem(403, "forbidden", "This is not for your roles to do.", request);
  response.with("WWW-Authenticate", "Bearer realm=\"baedal\", error=\"insufficient_scope\"");
  return response;
}

/// The one value of that header; nullopt in `value` without it. False: sent more than once, so that
/// two readers might take different ones.
bool read_once(const http::Request& request, std::string_view name,
               std::optional<std::string_view>& value) {
  for (const http::HeaderView& header : request.headers) {
    if (!iequals(header.name, name)) continue;
    if (value) return false;
    value = header.value;
  }
  return true;
}

const std::shared_ptr<const Principal>& nobody() {
  static const auto kNobody = std::make_shared<const Principal>();
  return kNobody;
}

}  // namespace

Task<http::Response> AccessFilter::handle(http::Request& request) {
  if (request.method == http::Method::kOptions) return inner_.handle(request);
  const Rule* rule = table_.find(request.method, request.path);
  if (rule != nullptr && rule->anyone) return inner_.handle(request);
  const Principal* principal = request.principal.get();
  if (principal == nullptr || principal->anonymous()) return ready(unauthorized(request));
  if (rule != nullptr && !rule->roles.meets(principal->roles)) return ready(forbidden(request));
  return inner_.handle(request);
}

Task<http::Response> IdentityFilter::handle(http::Request& request) {
  if (const auto refusal = identify(request)) return ready(not_taken(*refusal, request));
  return inner_.handle(request);
}

std::optional<Refusal> IdentityFilter::identify(http::Request& request) const {
  std::optional<std::string_view> sent;
  if (!read_once(request, "Authorization", sent)) {
    return Refusal{"token-malformed", "Authorization is sent more than once."};
  }
  if (!sent) {
    request.principal = nobody();
    return std::nullopt;
  }
  constexpr std::string_view kScheme = "Bearer ";
  if (sent->size() <= kScheme.size() || !iequals(sent->substr(0, kScheme.size()), kScheme)) {
    return Refusal{"token-malformed", "Authorization is not of the form: Bearer TOKEN."};
  }
  auto verdict = verifier_.verify(trim(sent->substr(kScheme.size())));
  if (!verdict) return std::move(verdict.error());
  request.principal = std::move(*verdict);
  return std::nullopt;
}

}  // namespace baedal::auth
