#include "platform/auth/service_tokens.hpp"

#include "kernel/json/writer.hpp"
#include "platform/auth/base64url.hpp"

namespace baedal::auth {
namespace {

constexpr std::string_view kIssuer = "baedal-services";
constexpr std::string_view kAudience = "baedal-services";
constexpr std::string_view kKeyId = "service";
constexpr std::int64_t kLifeSeconds = 90;
constexpr std::int64_t kRenewSeconds = 45;

}  // namespace

std::string sign_token(const SigningKey& key, std::string_view key_id, std::string_view claims) {
  json::Writer header(json::Writer::Layout::kCompact);
  header.begin_object().name("alg").string("EdDSA").name("kid").string(key_id);
  header.name("typ").string("at+jwt").end_object();
  std::string token = base64url_encode(header.take()) + "." + base64url_encode(claims);
  const std::string signature = key.sign(token);
  return token + "." + base64url_encode(signature);
}

ServiceTokens::ServiceTokens(SigningKey key, std::string service, const Clock& clock)
    : key_(std::move(key)), service_(std::move(service)), clock_(clock) {}

std::shared_ptr<const std::string> ServiceTokens::authorization() {
  const std::int64_t now = clock_.now().micros / 1'000'000;
  const std::lock_guard lock(mutex_);
  // A clock that was set back would make tokens "of the future" of those kept.
  if (!text_ || now >= renew_at_ || now < renew_at_ - kRenewSeconds) {
    json::Writer claims(json::Writer::Layout::kCompact);
    claims.begin_object().name("iss").string(kIssuer).name("aud").string(kAudience);
    claims.name("sub").string(service_).name("iat").integer(now);
    claims.name("exp").integer(now + kLifeSeconds).end_object();
    text_ =
        std::make_shared<const std::string>("Bearer " + sign_token(key_, kKeyId, claims.take()));
    renew_at_ = now + kRenewSeconds;
  }
  return text_;
}

Trust ServiceTokens::trust() const {
  std::vector<KeySet::Named> keys;
  keys.push_back({std::string{kKeyId}, key_.public_key()});
  return {.issuer = std::string{kIssuer},
          .audience = std::string{kAudience},
          .roles_claim = {},
          .of_services = true,
          .keys = std::make_shared<FixedKeys>(KeySet{std::move(keys)})};
}

}  // namespace baedal::auth
