#include "platform/auth/own_issuer.hpp"

#include "kernel/json/writer.hpp"
#include "platform/auth/service_tokens.hpp"

namespace baedal::auth {
namespace {

constexpr std::string_view kKeyId = "baedal";
constexpr std::string_view kRolesClaim = "roles";

}  // namespace

OwnIssuer::OwnIssuer(SigningKey key, std::string audience, const Clock& clock)
    : key_(std::move(key)), audience_(std::move(audience)), clock_(clock) {}

std::string OwnIssuer::issue(const Principal& principal, std::chrono::seconds lasts) const {
  const std::int64_t now = clock_.now().micros / 1'000'000;
  json::Writer claims(json::Writer::Layout::kCompact);
  claims.begin_object().name("iss").string(kName).name("aud").string(audience_);
  claims.name("sub").string(principal.subject).name(kRolesClaim).begin_array();
  for (const std::string& role : principal.roles.words()) claims.string(role);
  claims.end_array();
  if (!principal.session.empty()) claims.name("sid").string(principal.session);
  claims.name("iat").integer(now).name("exp").integer(now + lasts.count());
  return sign_token(key_, kKeyId, claims.end_object().take());
}

Trust OwnIssuer::trust() const {
  std::vector<KeySet::Named> keys;
  keys.push_back({std::string{kKeyId}, key_.public_key()});
  return {.issuer = std::string{kName},
          .audience = audience_,
          .roles_claim = std::string{kRolesClaim},
          .keys = std::make_shared<FixedKeys>(KeySet{std::move(keys)})};
}

// Ed25519 signs the same text always with the same bytes, which nobody else can make. What is
// signed in tokens begins with base64url and never has a colon.
std::string OwnIssuer::secret_for(std::string_view purpose) const {
  return key_.sign("baedal-secret:" + std::string{purpose});
}

}  // namespace baedal::auth
