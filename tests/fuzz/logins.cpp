// What a browser sends of a login, a line each: cookies, a refresh token, a name.
#include <string>

#include "fuzz.hpp"
#include "platform/auth/cookies.hpp"
#include "services/accounts/domain/session.hpp"

using baedal::fuzz::promise;
using namespace baedal;

namespace {

void check_cookies(std::string_view value) {
  http::Request request;
  request.headers.push_back({"Cookie", value});
  const std::string_view session = auth::cookie_of(request, auth::kSessionCookie);
  promise(session.find(';') == std::string_view::npos);
  const std::string kept = auth::without_login(value);
  promise(kept.size() <= value.size() * 2);
  promise(auth::without_login(kept) == kept);
  request.headers.front().value = kept;
  promise(auth::cookie_of(request, auth::kSessionCookie).empty());
  promise(auth::cookie_of(request, auth::kRefreshCookie).empty());
}

void check_token(std::string_view text) {
  const auto token = accounts::RefreshToken::parse(text);
  if (!token) return;
  const std::string plain = token->text();
  const auto again = accounts::RefreshToken::parse(plain);
  promise(again && again->text() == plain && again->session == token->session);
  promise(again->family == token->family && again->secret == token->secret);
}

void check_name(std::string_view text) {
  const auto name = accounts::AccountName::parse(text);
  if (!name) return;
  promise(!name->is_nobody());
  promise(accounts::AccountName::parse(name->text()) == *name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  check_cookies(fuzz::take_line(text));
  check_token(fuzz::take_line(text));
  check_name(text);
  return 0;
}
