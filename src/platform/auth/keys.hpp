#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "kernel/error.hpp"

namespace baedal::auth {

/// The signatures understood. Which one a key makes is fixed with the key, never by a token.
enum class Algorithm { kRs256, kEs256, kEdDsa };

/// RS256, ES256, EdDSA, as a token's header names them.
[[nodiscard]] std::string_view to_word(Algorithm algorithm);

/// A key that checks signatures. Immutable: any thread.
class PublicKey {
 public:
  /// Of the big-endian numbers of a JSON Web Key. kInvalid: a modulus below 2048 or above 8192
  /// bits, an even or tiny exponent.
  [[nodiscard]] static Result<PublicKey> rsa(std::string_view modulus, std::string_view exponent);
  /// Of a point of P-256, 32 bytes each. kInvalid when it is not on the curve.
  [[nodiscard]] static Result<PublicKey> p256(std::string_view x, std::string_view y);
  /// Of the 32 bytes of an Ed25519 key.
  [[nodiscard]] static Result<PublicKey> ed25519(std::string_view bytes);

  [[nodiscard]] Algorithm algorithm() const { return algorithm_; }
  /// Whether `signature`, in the form of JSON Web Signatures, is one of `text` by this key.
  [[nodiscard]] bool verifies(std::string_view text, std::string_view signature) const;

 private:
  friend class SigningKey;
  PublicKey(Algorithm algorithm, std::shared_ptr<void> key)
      : algorithm_(algorithm), key_(std::move(key)) {}

  Algorithm algorithm_;
  std::shared_ptr<void> key_;  ///< an EVP_PKEY
};

/// An Ed25519 key that makes signatures. Immutable: any thread. Its bytes are wiped at its end.
class SigningKey {
 public:
  /// Of a PEM text, unencrypted, as `openssl genpkey -algorithm ed25519` writes
  /// it; kInvalid for anything else. The error does not repeat any of it.
  [[nodiscard]] static Result<SigningKey> from_pem(std::string_view pem);
  /// A new one, from the system's random numbers.
  [[nodiscard]] static SigningKey draw();

  /// 64 bytes.
  [[nodiscard]] std::string sign(std::string_view text) const;
  [[nodiscard]] PublicKey public_key() const { return PublicKey{Algorithm::kEdDsa, key_}; }
  /// The 32 bytes of the public key.
  [[nodiscard]] std::string public_bytes() const;
  [[nodiscard]] std::string to_pem() const;

 private:
  explicit SigningKey(std::shared_ptr<void> key) : key_(std::move(key)) {}
  std::shared_ptr<void> key_;
};

}  // namespace baedal::auth
