#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>

#include "platform/auth/base64url.hpp"

/// An issuer of tokens for tests: draws its keys at run time, and signs whatever it is given, good
/// or bad.
namespace baedal::auth::testing {

class Key {
 public:
  static Key rsa(unsigned bits = 2048) {
    return Key{"RS256", EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits))};
  }
  static Key p256() { return Key{"ES256", EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")}; }
  static Key ed25519() { return Key{"EdDSA", EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")}; }

  /// What its tokens name as their algorithm.
  [[nodiscard]] const std::string& algorithm() const { return algorithm_; }

  /// The public key as a JSON Web Key; `more` is members to append: `,"use":"enc"`.
  [[nodiscard]] std::string jwk(const std::string& id, const std::string& more = {}) const {
    const std::string head = R"({"kid":")" + id + R"(")";
    if (algorithm_ == "RS256") {
      return head + R"(,"kty":"RSA","n":")" + number(OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
             number(OSSL_PKEY_PARAM_RSA_E) + R"(")" + more + "}";
    }
    if (algorithm_ == "ES256") {
      return head + R"(,"kty":"EC","crv":"P-256","x":")" + number(OSSL_PKEY_PARAM_EC_PUB_X, 32) +
             R"(","y":")" + number(OSSL_PKEY_PARAM_EC_PUB_Y, 32) + R"(")" + more + "}";
    }
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
    return head + R"(,"kty":"OKP","crv":"Ed25519","x":")" + base64url_encode(raw) + R"(")" + more +
           "}";
  }

  /// The signature in the form of JSON Web Signatures.
  [[nodiscard]] std::string sign(std::string_view text) const {
    const std::string made = raw_signature(text);
    return algorithm_ == "ES256" ? two_numbers(made) : made;
  }

  /// A token of exactly that header and those claims.
  [[nodiscard]] std::string token(std::string_view header, std::string_view claims) const {
    const std::string text = base64url_encode(header) + "." + base64url_encode(claims);
    return text + "." + base64url_encode(sign(text));
  }
  [[nodiscard]] std::string token_of(const std::string& id, std::string_view claims) const {
    return token(R"({"alg":")" + algorithm_ + R"(","kid":")" + id + R"(","typ":"JWT"})", claims);
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  Key(std::string algorithm, EVP_PKEY* key) : algorithm_(std::move(algorithm)), key_(key) {}

  [[nodiscard]] std::string number(const char* name, int bytes = 0) const {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &value);
    std::string raw(static_cast<std::size_t>(bytes > 0 ? bytes : BN_num_bytes(value)), '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(raw.data()), static_cast<int>(raw.size()));
    BN_free(value);
    return base64url_encode(raw);
  }
  [[nodiscard]] std::string raw_signature(std::string_view text) const {
    EVP_MD_CTX* digest = EVP_MD_CTX_new();
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSignInit(digest, nullptr, algorithm_ == "EdDSA" ? nullptr : EVP_sha256(), nullptr,
                       key_.get());
    std::size_t size = 0;
    EVP_DigestSign(digest, nullptr, &size, bytes, text.size());
    std::string made(size, '\0');
    EVP_DigestSign(digest, reinterpret_cast<unsigned char*>(made.data()), &size, bytes,
                   text.size());
    EVP_MD_CTX_free(digest);
    made.resize(size);
    return made;
  }
  static std::string two_numbers(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* both = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string raw(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(both), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(both), out + 32, 32);
    ECDSA_SIG_free(both);
    return raw;
  }

  std::string algorithm_;
  std::unique_ptr<EVP_PKEY, Free> key_;
};

inline std::string key_set(std::initializer_list<std::string> keys) {
  std::string text = R"({"keys":[)";
  for (const std::string& key : keys) text += (text.back() == '[' ? "" : ",") + key;
  return text + "]}";
}

}  // namespace baedal::auth::testing
