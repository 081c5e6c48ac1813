#include "services/accounts/inbound/logins.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"
#include "platform/auth/cookies.hpp"
#include "platform/auth/principal.hpp"
#include "platform/auth/session_filter.hpp"
#include "platform/http/client_network.hpp"
#include "platform/http/fields.hpp"
#include "platform/http/hal/negotiate.hpp"
#include "platform/http/problem.hpp"

namespace baedal::accounts {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kAsCookie = "cookie";
constexpr std::string_view kAsToken = "token";
constexpr std::size_t kNameCharactersMax = 128;

http::Response unauthorized(std::string_view code, std::string_view detail,
                            const http::Request& request) {
  http::Response response = http::problem(401, code, detail, request);
  return response.with("WWW-Authenticate", "Bearer realm=\"baedal\"");
}

http::Response without_accounts(const http::Request& request) {
  return http::problem(404, "no-accounts", "Nobody has an account here: there is no login.",
                       request);
}

http::Response too_often(std::chrono::seconds wait, const http::Request& request) {
  http::Response response = http::problem(
      429, "too-many-logins", "More logins were tried than may come from one client.", request);
  return response.with("Retry-After", std::to_string(wait.count()));
}

void take_cookies_away(http::Response& response) {
  for (const std::string_view name : {auth::kSessionCookie, auth::kRefreshCookie}) {
    response.with("Set-Cookie", auth::set_cookie(name, "", std::chrono::seconds{0}));
  }
}

/// So that whoever looks at the request afterwards, as the audit log, knows who made it. Never by a
/// name that was only typed: it may be a stranger's, or a password in the wrong field.
void tell_who(const Account& account, http::Request& request) {
  auth::Principal principal{.subject = account.name.text()};
  request.principal = std::make_shared<const auth::Principal>(std::move(principal));
}

/// What is wrong with how a request comes, before its body is looked at; nullopt: nothing.
std::optional<http::Response> find_fault(const http::Request& request, bool with_body) {
  if (auth::is_of_another_site(request)) {
    return http::problem(403, "another-site", "A page of another site must not do this.", request);
  }
  // A page of another site may send a body that says nothing of its type without asking first.
  const bool says_type = request.header("Content-Type").has_value();
  if (!with_body || (says_type && http::content_type_of(request, {kJson}))) return std::nullopt;
  http::Response refused =
      http::problem(415, "unsupported-media-type", "The body must be application/json.", request);
  return std::move(refused.with("Accept-Post", std::string{kJson}));
}

Result<LoginCommand> read_command(std::string_view text) {
  auto parsed = json::parse(text);
  if (!parsed) return pass_on(parsed);
  const json::Object* body = parsed->get<json::Object>();
  if (body == nullptr) {
    return fail(ErrorKind::kInvalid, "not-an-object", "The body must be a JSON object.");
  }
  http::FieldReader read(*body);
  read.keep_secret("password");
  read.require("name");
  read.require("password");
  auto name = read.text("name", 1, kNameCharactersMax);
  auto password = read.text("password", 1, Password::kBytesMax);
  const auto as = read.text("as", 0, kAsCookie.size());
  if (as && *as != kAsCookie && *as != kAsToken) {
    read.reject("as", R"(must be "cookie" or "token")");
  }
  if (auto ok = read.finish(); !ok) return pass_on(ok);
  return LoginCommand{.name = std::move(*name),
                      .password = Password{std::move(*password)},
                      .go_on = as != kAsToken};
}

struct Refusal {
  std::string_view code;
  std::string_view detail;
};

Refusal refusal_of(RefreshVerdict verdict) {
  switch (verdict) {
    case RefreshVerdict::kReused:
      return {"refresh-reused",
              "What the login is renewed with was used before, by you or somebody else: it is "
              "ended. Log in again."};
    case RefreshVerdict::kExpired:
      return {"login-expired", "The login has lasted its time. Log in again."};
    case RefreshVerdict::kRotated:
    case RefreshVerdict::kRaced:
    case RefreshVerdict::kEnded:
      break;
  }
  return {"login-ended", "There is no such login, or not any more. Log in again."};
}

http::Response not_refreshed(RefreshVerdict verdict, const http::Request& request) {
  if (verdict == RefreshVerdict::kRaced) {
    // The browser has the new cookies already, by the answer to its other request.
    http::Response raced = http::problem(
        409, "refresh-raced", "The login was renewed a moment ago: go on with that.", request);
    return raced.with("Retry-After", "1");
  }
  const auto [code, detail] = refusal_of(verdict);
  http::Response response = unauthorized(code, detail, request);
  take_cookies_away(response);
  return response;
}

std::string render(const Granted& granted, std::chrono::seconds lasts, std::string_view csrf) {
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_object().name("subject").string(granted.account.name.text());
  out.name("roles").begin_array();
  for (const std::string_view word : granted.account.roles.words()) out.string(word);
  out.end_array().name("expiresIn").integer(lasts.count());
  if (granted.refresh) {
    out.name("csrfToken").string(csrf);
  } else {
    out.name("accessToken").string(granted.access_token).name("tokenType").string("Bearer");
  }
  return out.end_object().take();
}

}  // namespace

// There the cookies of a login come through.
static_assert(auth::kLoginPath == "/login" && auth::kRefreshPath == "/refresh" &&
              auth::kLogoutPath == "/logout");

void Logins::add_routes(http::Router& router) {
  router.add(http::Method::kPost, "/login", [this](http::Request& r) { return post_login(r); });
  router.add(http::Method::kPost, "/refresh", [this](http::Request& r) { return post_refresh(r); });
  router.add(http::Method::kPost, "/logout", [this](http::Request& r) { return post_logout(r); });
  router.add_options_header(auth::kLoginPath, "Accept-Post", std::string{kJson});
}

http::Response Logins::let_in(const Granted& granted) const {
  const std::string csrf = granted.refresh ? tools_->csrf.of(granted.login) : std::string{};
  http::Response response{.content_type = std::string{kJson},
                          .body = render(granted, tools_->access_lasts, csrf)};
  response.with("Cache-Control", "no-store");
  if (!granted.refresh) return response;
  const auto left =
      std::chrono::duration_cast<std::chrono::seconds>(granted.ends_at - tools_->clock.now());
  response.with("Set-Cookie", auth::set_cookie(auth::kSessionCookie, granted.access_token,
                                               std::min(tools_->access_lasts, left)));
  response.with("Set-Cookie",
                auth::set_cookie(auth::kRefreshCookie, granted.refresh->text(), left));
  return response;
}

Task<http::Response> Logins::post_login(http::Request& request) {
  if (auto fault = find_fault(request, true)) co_return std::move(*fault);
  const auto command = read_command(request.body);
  if (!command) co_return http::problem(command.error(), request);
  if (!tools_) co_return without_accounts(request);
  const std::string client = http::client_network(request.client());
  const auto wait = tools_->gate.try_enter(client);
  if (wait.count() > 0) co_return too_often(wait, request);
  auto logging_in = tools_->login.run(*command);
  const auto granted = co_await logging_in;
  if (!granted) co_return http::problem(granted.error(), request);
  if (*granted) {
    tell_who((*granted)->account, request);
    co_return let_in(**granted);
  }
  co_return unauthorized("login-refused",
                         "Name and password do not belong together, or were tried too often: then "
                         "wait a while.",
                         request);
}

Task<http::Response> Logins::post_refresh(http::Request& request) {
  if (auto fault = find_fault(request, false)) co_return std::move(*fault);
  if (!tools_) co_return without_accounts(request);
  const std::string token{auth::cookie_of(request, auth::kRefreshCookie)};
  auto refreshing = tools_->refresh.run(token);
  const auto refreshed = co_await refreshing;
  if (!refreshed) co_return http::problem(refreshed.error(), request);
  if (refreshed->granted) {
    tell_who(refreshed->granted->account, request);
    co_return let_in(*refreshed->granted);
  }
  co_return not_refreshed(refreshed->verdict, request);
}

Task<http::Response> Logins::post_logout(http::Request& request) {
  if (auto fault = find_fault(request, false)) co_return std::move(*fault);
  if (tools_) {
    const std::string token{auth::cookie_of(request, auth::kRefreshCookie)};
    auto ending = tools_->logout.run(token);
    auto ended = co_await ending;
    if (!ended) co_return http::problem(ended.error(), request);
    if (*ended) tell_who(**ended, request);
  }
  http::Response response{.status = 204};
  take_cookies_away(response);
  co_return response;
}

}  // namespace baedal::accounts
