#include "platform/auth/verifier.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "kernel/assert.hpp"
#include "kernel/text.hpp"

namespace baedal::auth {
namespace {

const std::string* text_of(const json::Object& claims, std::string_view name) {
  const json::Value* value = claims.find(name);
  return value == nullptr ? nullptr : value->get<std::string>();
}

/// Whole seconds since the epoch of a NumericDate; nullopt when it is none.
std::optional<std::int64_t> seconds_of(const json::Value& value) {
  if (const auto* whole = value.get<std::int64_t>()) return *whole;
  const auto* number = value.get<double>();
  // Far beyond any date, and within what an integer holds.
  constexpr double kMost = 1e15;
  if (number == nullptr || !(std::abs(*number) <= kMost)) return std::nullopt;
  return static_cast<std::int64_t>(std::floor(*number));
}

bool is_for(const json::Object& claims, const std::string& audience) {
  const json::Value* value = claims.find("aud");
  if (value == nullptr) return false;
  if (const auto* one = value->get<std::string>()) return *one == audience;
  const auto* several = value->get<json::Array>();
  return several != nullptr && std::ranges::any_of(*several, [&](const json::Value& item) {
           const auto* name = item.get<std::string>();
           return name != nullptr && *name == audience;
         });
}

/// By its whole name first: some providers' names of claims have dots.
const json::Value* find_claim(const json::Object& claims, std::string_view path) {
  if (const json::Value* whole = claims.find(path)) return whole;
  const auto dot = path.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const json::Value* outer = claims.find(path.substr(0, dot));
  const auto* inner = outer == nullptr ? nullptr : outer->get<json::Object>();
  return inner == nullptr ? nullptr : find_claim(*inner, path.substr(dot + 1));
}

/// An array of words, or words with blanks between.
Roles roles_in(const json::Object& claims, std::string_view path) {
  Roles roles;
  const json::Value* claim = find_claim(claims, path);
  if (claim == nullptr) return roles;
  if (const auto* list = claim->get<json::Array>()) {
    for (const json::Value& item : *list) {
      if (const auto* word = item.get<std::string>()) roles.add(*word);
    }
  } else if (const auto* text = claim->get<std::string>()) {
    for (std::string_view rest = *text; !rest.empty();) {
      const auto end = std::min(rest.find(' '), rest.size());
      roles.add(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return roles;
}

/// It is kept with orders and shown to operators: nothing that plays tricks there.
bool sound_subject(const std::string& subject) {
  return !subject.empty() && subject.size() <= kSubjectBytesMax && utf8_length(subject) &&
         std::ranges::none_of(
             subject, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::expected<Principal, Refusal> principal_of(const Trust& trust, const json::Object& claims) {
  const std::string* subject = text_of(claims, "sub");
  if (subject == nullptr || !sound_subject(*subject)) {
    return refuse("token-malformed", "The token has no subject of 1 to 128 bytes.");
  }
  Principal principal{.subject = *subject};
  if (trust.of_services) {
    principal.roles.add(kService);
  } else {
    principal.roles = roles_in(claims, trust.roles_claim);
    principal.roles.remove(kService);
  }
  const std::string* session = text_of(claims, "sid");
  if (session != nullptr && session->size() <= kSessionBytesMax) principal.session = *session;
  return principal;
}

}  // namespace

Verifier::Verifier(std::vector<Trust> trusts, const Clock& clock, Options options)
    : trusts_(std::move(trusts)), clock_(clock), options_(options) {
  for (const Trust& trust : trusts_) {
    BAEDAL_ASSERT(trust.keys && !trust.issuer.empty() && !trust.audience.empty());
    BAEDAL_ASSERT(std::ranges::count(trusts_, trust.issuer, &Trust::issuer) == 1);
  }
}

std::int64_t Verifier::now() const { return clock_.now().micros / 1'000'000; }

Verifier::Verdict Verifier::verify(std::string_view token) {
  if (auto known = recall(token)) return known;
  const auto jws = Jws::parse(token);
  if (!jws) return std::unexpected(jws.error());
  const Trust* trust = trust_of(jws->claims);
  if (trust == nullptr) return refuse("token-foreign", "The token is of an unknown issuer.");
  // Nothing else of the claims is looked at before the signature has been found good.
  auto keys = check_signature(*trust, *jws);
  if (!keys) return std::unexpected(keys.error());
  if (!is_for(jws->claims, trust->audience)) {
    return refuse("token-foreign", "The token is for another audience.");
  }
  const auto until = check_times(jws->claims);
  if (!until) return std::unexpected(until.error());
  auto made = principal_of(*trust, jws->claims);
  if (!made) return std::unexpected(made.error());
  auto principal = std::make_shared<const Principal>(std::move(*made));
  remember(token, {principal, trust, std::move(*keys), *until});
  return principal;
}

const Trust* Verifier::trust_of(const json::Object& claims) const {
  const std::string* issuer = text_of(claims, "iss");
  if (issuer == nullptr) return nullptr;
  const auto found = std::ranges::find(trusts_, *issuer, &Trust::issuer);
  return found == trusts_.end() ? nullptr : &*found;
}

std::expected<std::shared_ptr<const KeySet>, Refusal> Verifier::check_signature(const Trust& trust,
                                                                                const Jws& jws) {
  auto keys = trust.keys->keys();
  const PublicKey* key = keys->find(jws.key_id);
  if (key == nullptr) {
    trust.keys->want_newer();
    return refuse("token-key-unknown", "The token is signed by a key that is not known here.");
  }
  // The key says how it signs. A token that says otherwise ("none", "HS256") is not even tried.
  if (jws.algorithm != to_word(key->algorithm()) ||
      !key->verifies(jws.signed_text, jws.signature)) {
    return refuse("token-forged", "The token's signature is not good.");
  }
  return keys;
}

/// Until when the token holds.
std::expected<std::int64_t, Refusal> Verifier::check_times(const json::Object& claims) const {
  const std::int64_t leeway = options_.leeway.count();
  const std::int64_t present = now();
  const json::Value* expires = claims.find("exp");
  const auto end = expires == nullptr ? std::nullopt : seconds_of(*expires);
  if (!end) return refuse("token-malformed", "The token does not say when it expires.");
  const std::int64_t until =
      *end > std::numeric_limits<std::int64_t>::max() - leeway ? *end : *end + leeway;
  if (present >= until) return refuse("token-expired", "The token has expired.");
  for (const std::string_view name : {"nbf", "iat"}) {
    const json::Value* value = claims.find(name);
    if (value == nullptr) continue;
    const auto begin = seconds_of(*value);
    if (!begin) return refuse("token-malformed", "The token's times are malformed.");
    if (*begin > present + leeway) return refuse("token-early", "The token does not hold yet.");
  }
  return until;
}

std::shared_ptr<const Principal> Verifier::recall(std::string_view token) {
  const std::lock_guard lock(mutex_);
  auto found = recent_.find(token);
  const bool is_recent = found != recent_.end();
  if (!is_recent) {
    found = older_.find(token);
    if (found == older_.end()) return nullptr;
  }
  const Known& known = found->second;
  if (now() >= known.until || known.trust->keys->keys() != known.keys) {
    (is_recent ? recent_ : older_).erase(found);
    return nullptr;
  }
  auto principal = known.principal;
  if (!is_recent && recent_.size() < options_.remembered_max / 2) {
    recent_.insert(older_.extract(found));
  }
  return principal;
}

void Verifier::remember(std::string_view token, Known known) {
  const std::lock_guard lock(mutex_);
  if (recent_.size() >= std::max<std::size_t>(options_.remembered_max / 2, 1)) {
    older_ = std::move(recent_);
    recent_.clear();
  }
  recent_.insert_or_assign(std::string{token}, std::move(known));
}

std::size_t Verifier::remembered() const {
  const std::lock_guard lock(mutex_);
  return recent_.size() + older_.size();
}

}  // namespace baedal::auth
