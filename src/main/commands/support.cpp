#include "main/commands/support.hpp"

#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"
#include "main/access.hpp"
#include "main/configuration.hpp"
#include "platform/auth/principal.hpp"
#include "platform/clock/system_clock.hpp"
#include "platform/http/client.hpp"

namespace baedal::commands {
namespace {

/// Longer than any command takes.
constexpr std::chrono::minutes kOwnTokenLasts{10};

/// auth.token; without it, where the key of the installation's issuer is, a token of that: whoever
/// has the key may be anybody anyway. Empty: neither is there.
Secret<std::string> token_for_commands(const config::Settings& settings) {
  Secret<std::string> given = settings.secret("auth.token");
  if (!given.expose().empty() || settings.secret("auth.issuer-key").expose().empty()) return given;
  const SystemClock clock;
  auto made = issue_token(settings, "baedal", {auth::kOperator}, kOwnTokenLasts, clock);
  return made ? Secret<std::string>{std::move(*made)} : given;
}

/// Of this command; one process runs one.
Secret<std::string>& own_token() {
  static Secret<std::string> token;
  return token;
}

}  // namespace

void complain(std::string_view detail) {
  while (!detail.empty()) {
    const auto end = detail.find('\n');
    const std::string_view line = detail.substr(0, end);
    if (!line.empty())
      std::fprintf(stderr, "baedal: %.*s\n", static_cast<int>(line.size()), line.data());
    detail = end == std::string_view::npos ? std::string_view{} : detail.substr(end + 1);
  }
}

std::optional<config::Settings> settings_or_complain(const Flags& flags) {
  auto settings = load_settings(flags);
  if (settings) {
    own_token() = token_for_commands(*settings);
    return std::move(*settings);
  }
  complain(settings.error().detail);
  return std::nullopt;
}

std::string server_url(const std::string& url, const config::Settings& settings) {
  if (!url.empty()) return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
  std::string address = settings.text("http.address");
  if (address == "0.0.0.0" || address == "::") address = "127.0.0.1";
  if (address.find(':') != std::string::npos) address = "[" + address + "]";
  return "http://" + address + ":" + std::to_string(settings.integer("http.port"));
}

Result<Answer> ask(std::string_view method, const std::string& url, std::string_view body,
                   int timeout_seconds) {
  std::vector<http::Header> headers{{"Accept", "application/json"}};
  if (!body.empty()) headers.push_back({"Content-Type", "application/json"});
  if (const std::string& token = own_token().expose(); !token.empty()) {
    headers.push_back({"Authorization", "Bearer " + token});
  }
  auto response = http::request(method, url, headers, body, std::chrono::seconds{timeout_seconds});
  if (!response) {
    return fail(ErrorKind::kUnavailable, "no-server",
                "No server answers at " + url + " (" + response.error().detail +
                    ")\nStart one with: script/server, or baedal serve");
  }
  Answer answer{.status = response->status, .body = {}, .text = std::move(response->body)};
  if (auto parsed = json::parse(answer.text, {.depth_max = 32, .values_max = 1'000'000})) {
    answer.body = std::move(*parsed);
  }
  return answer;
}

std::string member(const json::Value& value, std::string_view name) {
  const auto* object = value.get<json::Object>();
  const json::Value* found = object == nullptr ? nullptr : object->find(name);
  if (found == nullptr) return "-";
  if (const auto* text = found->get<std::string>()) return *text;
  return json::to_compact(*found);
}

}  // namespace baedal::commands
