// A token and a key set, a line each: a header and claims that are signed by the issuer's key, and
// so tell what becomes of whatever an issuer may say; a token as it comes, which nobody has signed;
// a set of keys.
#include <algorithm>
#include <memory>
#include <string>

#include "fuzz.hpp"
#include "platform/auth/base64url.hpp"
#include "platform/auth/jwks.hpp"
#include "platform/auth/jws.hpp"
#include "platform/auth/keys.hpp"
#include "platform/auth/verifier.hpp"
#include "platform/clock/manual_clock.hpp"

using baedal::fuzz::promise;
using namespace baedal;

namespace {

constexpr std::int64_t kNow = 1'700'000'000;
constexpr std::int64_t kLeeway = 30;
constexpr std::string_view kIssuer = "https://id.example";

/// An issuer with a key of its own, and whoever takes its tokens.
struct Installation {
  auth::SigningKey key = auth::SigningKey::draw();
  ManualClock clock{Timestamp{kNow * 1'000'000}};
  auth::Verifier verifier{{{.issuer = std::string{kIssuer},
                            .audience = "baedal",
                            .roles_claim = "realm_access.roles",
                            .keys = std::make_shared<auth::FixedKeys>(
                                auth::KeySet{{{.id = "k1", .key = key.public_key()}}})}},
                          clock,
                          {.leeway = std::chrono::seconds{kLeeway}, .remembered_max = 64}};
};

Installation& installation() {
  static Installation made;
  return made;
}

std::optional<std::int64_t> integer_of(const json::Object& claims, std::string_view name) {
  const json::Value* value = claims.find(name);
  const auto* number = value == nullptr ? nullptr : value->get<std::int64_t>();
  return number == nullptr ? std::nullopt : std::optional{*number};
}

void check_taken(const auth::Principal& who, const std::string& token) {
  promise(!who.anonymous() && who.subject.size() <= auth::kSubjectBytesMax);
  promise(!who.roles.has(auth::kService));
  promise(who.roles.words().size() <= auth::Roles::kCountMax);
  promise(std::ranges::is_sorted(who.roles.words()));
  const auto read = auth::Jws::parse(token);
  promise(read && read->algorithm == "EdDSA");
  const json::Value* issuer = read->claims.find("iss");
  promise(issuer != nullptr && issuer->get<std::string>() != nullptr);
  promise(*issuer->get<std::string>() == kIssuer);
  if (const auto expires = integer_of(read->claims, "exp")) promise(*expires + kLeeway >= kNow);
  if (const auto begins = integer_of(read->claims, "nbf")) promise(*begins - kLeeway <= kNow);
}

void check_signed(std::string_view header, std::string_view claims) {
  const std::string text = auth::base64url_encode(header) + "." + auth::base64url_encode(claims);
  const std::string token = text + "." + auth::base64url_encode(installation().key.sign(text));
  const auto verdict = installation().verifier.verify(token);
  if (!verdict) return promise(!verdict.error().code.empty() && !verdict.error().detail.empty());
  check_taken(**verdict, token);
  const auto again = installation().verifier.verify(token);
  promise(again && (*again)->subject == (*verdict)->subject &&
          (*again)->roles == (*verdict)->roles);
}

void check_stranger(std::string_view token) {
  promise(!installation().verifier.verify(token));
  if (const auto bytes = auth::base64url_decode(token)) {
    promise(auth::base64url_encode(*bytes) == token);
  }
}

void check_keys(std::string_view text) {
  const auto keys = auth::KeySet::parse(text);
  if (!keys) return;
  promise(keys->size() > 0 && keys->size() <= 64);
  for (const std::string_view id : {"", "k1", "1", "2011-04-29"}) {
    if (const auth::PublicKey* key = keys->find(id)) {
      promise(!key->verifies("text", "") && !key->verifies("text", std::string(64, '\1')));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  const std::string_view header = fuzz::take_line(text);
  const std::string_view claims = fuzz::take_line(text);
  check_signed(header, claims);
  check_stranger(fuzz::take_line(text));
  check_keys(text);
  return 0;
}
