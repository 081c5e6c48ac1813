#include "main/access.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "main/accounts.hpp"
#include "main/api_documents.hpp"
#include "main/roles.hpp"
#include "platform/auth/session_filter.hpp"
#include "platform/http/trusted_proxies.hpp"

namespace baedal {
namespace {

using http::TrustedProxies;

constexpr std::chrono::seconds kUrlPause{10};

std::unexpected<Error> must_not(std::string detail) {
  return fail(ErrorKind::kInvalid, "must-not-start", std::move(detail));
}

const TrustedProxies& loopback() {
  static const TrustedProxies kNetworks{{"127.0.0.0/8", "::1/128"}};
  return kNetworks;
}

/// Networks whose addresses are not routed through the Internet.
const TrustedProxies& inside() {
  static const TrustedProxies kNetworks{{"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12",
                                         "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
                                         "fc00::/7", "fe80::/10"}};
  return kNetworks;
}

std::string text_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
  } else if (address->sa_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
    inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
  }
  return text.data();
}

/// The addresses that listening on `address` would open: of all interfaces for a wildcard.
std::vector<std::string> addresses_behind(const std::string& address) {
  if (address != "0.0.0.0" && address != "::") return {address};
  std::vector<std::string> addresses;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {address};
  for (const ifaddrs* at = list; at != nullptr; at = at->ifa_next) {
    if (at->ifa_addr == nullptr) continue;
    const std::string text = text_of(at->ifa_addr);
    if (!text.empty()) addresses.push_back(text);
  }
  freeifaddrs(list);
  return addresses;
}

Result<void> check_open_inside(const std::string& address) {
  for (const std::string& found : addresses_behind(address)) {
    if (inside().trusts(found)) continue;
    return must_not("auth.mode open-inside lets everybody do everything, and http.address " +
                    address + " is reached at the public address " + found +
                    ". Listen inside only, or have tokens asked for: auth.mode required.");
  }
  return {};
}

bool has_outside_issuer(const config::Settings& settings) {
  return !settings.text("auth.jwks").empty() && !settings.text("auth.issuer").empty();
}

bool has_own_issuer(const config::Settings& settings) {
  return !settings.secret("auth.issuer-key").expose().empty();
}

Result<void> check_required(const config::Settings& settings) {
  if (has_outside_issuer(settings) || has_own_issuer(settings)) return {};
  return must_not(
      "Nobody could be let in: give auth.issuer and auth.jwks, the maker of the tokens and its "
      "keys, or auth.issuer-key for tokens made by baedal token.\nTo try it out on this machine, "
      "open to everybody who is on it: --profile dev");
}

std::string subject_of(const std::vector<std::string>& roles) {
  std::string subject;
  for (const std::string& role : roles) subject += (subject.empty() ? "" : "+") + role;
  return subject;
}

Result<std::shared_ptr<auth::KeySource>> open_keys(const config::Settings& settings,
                                                   const Clock& clock) {
  const std::string& where = settings.text("auth.jwks");
  const http::ClientTrust trust{.ca_file = settings.text("auth.jwks-ca-file")};
  if (!trust.ca_file.empty() && !std::ifstream{trust.ca_file}) {
    return must_not("auth.jwks-ca-file: " + trust.ca_file + " cannot be read.");
  }
  if (where.starts_with("http://") || where.starts_with("https://")) {
    return std::make_shared<auth::UrlKeys>(
        where,
        auth::UrlKeys::Pace{.period = settings.duration("auth.jwks-period"), .pause = kUrlPause},
        trust);
  }
  auto file = auth::FileKeys::open(where, clock);
  if (!file) return pass_on(file);
  return std::shared_ptr<auth::KeySource>{std::move(*file)};
}

/// Null without its key.
Result<std::unique_ptr<auth::OwnIssuer>> make_issuer(const config::Settings& settings,
                                                     const Clock& clock) {
  if (!has_own_issuer(settings)) return nullptr;
  auto key = auth::SigningKey::from_pem(settings.secret("auth.issuer-key").expose());
  if (!key) return must_not("auth.issuer-key is " + key.error().detail + ".");
  return std::make_unique<auth::OwnIssuer>(std::move(*key), settings.text("auth.audience"), clock);
}

/// Whose tokens are taken, but for services.
Result<std::vector<auth::Trust>> make_trusts(const config::Settings& settings, const Clock& clock,
                                             const auth::OwnIssuer* own) {
  std::vector<auth::Trust> trusts;
  if (has_outside_issuer(settings)) {
    auto keys = open_keys(settings, clock);
    if (!keys) return pass_on(keys);
    trusts.push_back({.issuer = settings.text("auth.issuer"),
                      .audience = settings.text("auth.audience"),
                      .roles_claim = settings.text("auth.roles-claim"),
                      .keys = std::move(*keys)});
  }
  if (own != nullptr) trusts.push_back(own->trust());
  return trusts;
}

/// Every issuer is trusted for what it is only when none of them is two things.
Result<void> check_issuers(const std::vector<auth::Trust>& trusts) {
  for (const auth::Trust& trust : trusts) {
    if (std::ranges::count(trusts, trust.issuer, &auth::Trust::issuer) == 1) continue;
    return must_not("auth.issuer must not be " + trust.issuer + ", which is this installation's.");
  }
  return {};
}

/// A service among `roles` calls one that is not, over the network.
bool calls_others(const std::vector<std::string>& roles) {
  const auto plays = [&](std::string_view role) {
    return std::ranges::find(roles, role) != roles.end();
  };
  return std::ranges::any_of(roles, [&](const std::string& role) {
    return !std::ranges::all_of(find_role(role)->needs, plays);
  });
}

Result<std::unique_ptr<auth::ServiceTokens>> make_service_tokens(
    const config::Settings& settings, const std::vector<std::string>& roles, const Clock& clock) {
  const Secret<std::string> pem = settings.secret("auth.service-key");
  if (pem.expose().empty()) {
    if (!calls_others(roles)) return nullptr;
    return must_not(
        "This process calls services in others, which ask who it is: give the key they "
        "share, auth.service-key.");
  }
  auto key = auth::SigningKey::from_pem(pem.expose());
  if (!key) return must_not("auth.service-key is " + key.error().detail + ".");
  return std::make_unique<auth::ServiceTokens>(std::move(*key), subject_of(roles), clock);
}

}  // namespace

Result<bool> is_open(const config::Settings& settings) {
  const std::string& address = settings.text("http.address");
  if (settings.choice("profile") == "dev") {
    if (loopback().trusts(address)) return true;
    return must_not(
        "The profile dev lets everybody do everything, and so listens on a loopback "
        "address only, as 127.0.0.1; http.address is " +
        address + ".");
  }
  if (settings.choice("auth.mode") == "open-inside") {
    if (auto checked = check_open_inside(address); !checked) return pass_on(checked);
    return true;
  }
  if (auto checked = check_required(settings); !checked) return pass_on(checked);
  return false;
}

Result<std::string> issue_token(const config::Settings& settings, const std::string& subject,
                                const auth::Roles& roles, std::chrono::seconds lasts,
                                const Clock& clock) {
  if (!has_own_issuer(settings)) {
    return must_not("A token needs the key of this installation's issuer: auth.issuer-key.");
  }
  if (subject.empty() || subject.size() > auth::kSubjectBytesMax) {
    return must_not("A token is for somebody: a name of 1 to 128 bytes.");
  }
  const auto issuer = make_issuer(settings, clock);
  if (!issuer) return std::unexpected(issuer.error());
  return (*issuer)->issue({.subject = subject, .roles = roles}, lasts);
}

Result<std::unique_ptr<Access>> Access::make(const config::Settings& settings,
                                             const std::vector<std::string>& roles,
                                             const Clock& clock) {
  auto table = auth::AccessTable::parse(api_document("openapi/baedal.yaml"));
  if (!table) return pass_on(table);
  std::unique_ptr<Access> access{new Access(std::move(*table))};
  auto issuer = make_issuer(settings, clock);
  if (!issuer) return pass_on(issuer);
  access->issuer_ = std::move(*issuer);
  if (keeps_accounts(settings, roles)) {
    access->csrf_ = std::make_unique<auth::CsrfTokens>(access->issuer_->secret_for("csrf"));
  }
  auto trusts = make_trusts(settings, clock, access->issuer_.get());
  if (!trusts) return pass_on(trusts);
  auto tokens = make_service_tokens(settings, roles, clock);
  if (!tokens) return pass_on(tokens);
  access->service_tokens_ = std::move(*tokens);
  if (access->service_tokens_) trusts->push_back(access->service_tokens_->trust());
  if (auto checked = check_issuers(*trusts); !checked) return pass_on(checked);
  const auto remembered = settings.integer("auth.tokens-remembered-max");
  const auth::Verifier::Options options{
      .leeway = std::chrono::duration_cast<std::chrono::seconds>(settings.duration("auth.leeway")),
      .remembered_max = static_cast<std::size_t>(remembered)};
  access->verifier_ = std::make_unique<auth::Verifier>(std::move(*trusts), clock, options);
  return access;
}

http::HttpHandler& Access::first_door(http::HttpHandler& inner) {
  http::HttpHandler& identified =
      *doors_.emplace_back(std::make_unique<auth::IdentityFilter>(door(inner), *verifier_));
  if (!csrf_) return identified;
  return *doors_.emplace_back(
      std::make_unique<auth::SessionFilter>(identified, *verifier_, *csrf_));
}

http::HttpHandler& Access::door(http::HttpHandler& inner) {
  return *doors_.emplace_back(std::make_unique<auth::AccessFilter>(inner, table_));
}

}  // namespace baedal
