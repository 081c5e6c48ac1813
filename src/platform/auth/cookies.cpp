#include "platform/auth/cookies.hpp"

#include <optional>

#include "kernel/text.hpp"

namespace baedal::auth {
namespace {

struct Pair {
  std::string_view name;
  std::string_view value;
  std::string_view text;  ///< both, as sent
};

/// Takes the first pair off `rest`.
Pair next_pair(std::string_view& rest) {
  const auto end = rest.find(';');
  const std::string_view text = trim(rest.substr(0, end));
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return {"", text, text};
  return {trim(text.substr(0, equals)), trim(text.substr(equals + 1)), text};
}

}  // namespace

std::string_view cookie_of(const http::Request& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (const http::HeaderView& header : request.headers) {
    if (!iequals(header.name, "Cookie")) continue;
    for (std::string_view rest = header.value; !rest.empty();) {
      const Pair pair = next_pair(rest);
      if (pair.name != name) continue;
      if (found && *found != pair.value) return {};
      found = pair.value;
    }
  }
  return found.value_or(std::string_view{});
}

std::string without_login(std::string_view cookies) {
  std::string kept;
  for (std::string_view rest = cookies; !rest.empty();) {
    const Pair pair = next_pair(rest);
    if (pair.text.empty() || pair.name == kSessionCookie || pair.name == kRefreshCookie) continue;
    kept.append(kept.empty() ? "" : "; ").append(pair.text);
  }
  return kept;
}

std::string set_cookie(std::string_view name, std::string_view value, std::chrono::seconds lasts) {
  std::string text{name};
  text.append("=").append(value).append("; Path=/; Max-Age=");
  append_int(text, lasts.count());
  return text.append("; Secure; HttpOnly; SameSite=Strict");
}

}  // namespace baedal::auth
