#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"
#include "platform/auth/keys.hpp"

namespace baedal::auth {

/// The public keys of an issuer. Immutable: any thread.
class KeySet {
 public:
  struct Named {
    std::string id;  ///< "kid"; empty when it has none
    PublicKey key;
  };

  explicit KeySet(std::vector<Named> keys) : keys_(std::move(keys)) {}

  /// A JSON Web Key Set (RFC 7517). Taken are RSA keys for RS256, P-256 keys for ES256 and Ed25519
  /// keys for EdDSA, unless "use", "key_ops" or "alg" says they are for something else; all others
  /// are passed over. kInvalid: no JSON, no such set, two keys of one id, a key that is not sound,
  /// a private key, more than 64 keys, or none that is taken.
  [[nodiscard]] static Result<KeySet> parse(std::string_view json);

  /// The key of that id. A token without one (empty) means the only key there is; null otherwise.
  [[nodiscard]] const PublicKey* find(std::string_view id) const;
  [[nodiscard]] std::size_t size() const { return keys_.size(); }

 private:
  std::vector<Named> keys_;
};

}  // namespace baedal::auth
