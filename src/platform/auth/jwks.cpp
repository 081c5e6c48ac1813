#include "platform/auth/jwks.hpp"

#include <algorithm>
#include <optional>

#include "kernel/json/parse.hpp"
#include "platform/auth/base64url.hpp"

namespace baedal::auth {
namespace {

constexpr std::size_t kKeysMax = 64;
constexpr std::size_t kIdBytesMax = 256;

std::unexpected<Error> bad_set(std::string detail) {
  return fail(ErrorKind::kInvalid, "bad-key-set", std::move(detail));
}

std::string_view text_of(const json::Object& key, std::string_view name) {
  const json::Value* value = key.find(name);
  const auto* text = value == nullptr ? nullptr : value->get<std::string>();
  return text == nullptr ? std::string_view{} : std::string_view{*text};
}

/// Bytes that are no base64url count as none: what makes a key of them says what is wrong.
std::string bytes_of(const json::Object& key, std::string_view name) {
  return base64url_decode(text_of(key, name)).value_or(std::string{});
}

bool for_checking(const json::Object& key) {
  if (key.find("use") != nullptr && text_of(key, "use") != "sig") return false;
  const json::Value* operations = key.find("key_ops");
  if (operations == nullptr) return true;
  const auto* list = operations->get<json::Array>();
  return list != nullptr && std::ranges::any_of(*list, [](const json::Value& operation) {
           const auto* word = operation.get<std::string>();
           return word != nullptr && *word == "verify";
         });
}

/// The algorithm a key of that kind is for; nothing when it is of none of ours.
std::optional<Algorithm> algorithm_of(const json::Object& key) {
  const std::string_view type = text_of(key, "kty");
  const std::string_view curve = text_of(key, "crv");
  if (type == "RSA") return Algorithm::kRs256;
  if (type == "EC" && curve == "P-256") return Algorithm::kEs256;
  if (type == "OKP" && curve == "Ed25519") return Algorithm::kEdDsa;
  return std::nullopt;
}

Result<PublicKey> make_key(const json::Object& key, Algorithm algorithm) {
  if (key.find("d") != nullptr) return bad_set("a private key");
  switch (algorithm) {
    case Algorithm::kRs256:
      return PublicKey::rsa(bytes_of(key, "n"), bytes_of(key, "e"));
    case Algorithm::kEs256:
      return PublicKey::p256(bytes_of(key, "x"), bytes_of(key, "y"));
    case Algorithm::kEdDsa:
      return PublicKey::ed25519(bytes_of(key, "x"));
  }
  return bad_set("a key of an unknown kind");
}

}  // namespace

Result<KeySet> KeySet::parse(std::string_view text) {
  const auto parsed = json::parse(text);
  const auto* document = parsed ? parsed->get<json::Object>() : nullptr;
  const json::Value* member = document == nullptr ? nullptr : document->find("keys");
  const auto* list = member == nullptr ? nullptr : member->get<json::Array>();
  if (list == nullptr) return bad_set("it is no JSON object with \"keys\"");
  if (list->size() > kKeysMax) return bad_set("it has more than 64 keys");
  std::vector<Named> keys;
  for (const json::Value& value : *list) {
    const auto* key = value.get<json::Object>();
    if (key == nullptr) return bad_set("one of its keys is no object");
    const auto algorithm = algorithm_of(*key);
    if (!algorithm || !for_checking(*key)) continue;
    if (key->find("alg") != nullptr && text_of(*key, "alg") != to_word(*algorithm)) continue;
    std::string id{text_of(*key, "kid")};
    if (id.size() > kIdBytesMax) return bad_set("a key's id is longer than 256 bytes");
    if (std::ranges::find(keys, id, &Named::id) != keys.end()) {
      return bad_set("two of its keys have one id");
    }
    auto made = make_key(*key, *algorithm);
    if (!made) return bad_set("it holds " + made.error().detail);
    keys.push_back({std::move(id), std::move(*made)});
  }
  if (keys.empty()) return bad_set("it has no RSA, P-256 or Ed25519 key for signatures");
  return KeySet{std::move(keys)};
}

const PublicKey* KeySet::find(std::string_view id) const {
  if (id.empty()) return keys_.size() == 1 ? &keys_.front().key : nullptr;
  const auto found = std::ranges::find(keys_, id, &Named::id);
  return found == keys_.end() ? nullptr : &found->key;
}

}  // namespace baedal::auth
