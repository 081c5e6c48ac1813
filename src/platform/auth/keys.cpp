#include "platform/auth/keys.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <algorithm>

#include "kernel/assert.hpp"

namespace baedal::auth {
namespace {

constexpr int kRsaBitsMin = 2048;
constexpr int kRsaBitsMax = 8192;
constexpr std::size_t kP256Bytes = 32;
constexpr std::size_t kEd25519Bytes = 32;
constexpr std::size_t kEd25519SignatureBytes = 64;
constexpr std::size_t kPemBytesMax = 4096;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using KeyPointer = std::shared_ptr<void>;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

EVP_PKEY* evp(const KeyPointer& key) { return static_cast<EVP_PKEY*>(key.get()); }

KeyPointer own(EVP_PKEY* key) {
  return {key, [](void* made) { EVP_PKEY_free(static_cast<EVP_PKEY*>(made)); }};
}

Number number(std::string_view big_endian) {
  return Number{BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr)};
}

/// OpenSSL keeps errors per thread until somebody takes them: nobody here looks at them later.
std::unexpected<Error> bad_key(std::string detail) {
  ERR_clear_error();
  return fail(ErrorKind::kInvalid, "bad-key", std::move(detail));
}

/// Null when OpenSSL does not take it, or finds that it is no sound public key.
KeyPointer public_key_of(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters{OSSL_PARAM_BLD_to_param(builder)};
  const Context context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
  EVP_PKEY* made = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  KeyPointer key = own(made);
  const Context check{EVP_PKEY_CTX_new_from_pkey(nullptr, made, nullptr)};
  return check && EVP_PKEY_public_check(check.get()) == 1 ? key : nullptr;
}

/// r and s one behind the other, as a token has them, in the form OpenSSL wants; empty on failure.
std::string der_of(std::string_view signature) {
  if (signature.size() != 2 * kP256Bytes) return {};
  const std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>> both{ECDSA_SIG_new()};
  Number r = number(signature.substr(0, kP256Bytes));
  Number s = number(signature.substr(kP256Bytes));
  if (!both || !r || !s || ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(both.get(), &der);
  if (size <= 0) return {};
  std::string text{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
  OPENSSL_free(der);
  return text;
}

}  // namespace

std::string_view to_word(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kRs256:
      return "RS256";
    case Algorithm::kEs256:
      return "ES256";
    case Algorithm::kEdDsa:
      return "EdDSA";
  }
  return {};
}

Result<PublicKey> PublicKey::rsa(std::string_view modulus, std::string_view exponent) {
  const Number n = number(modulus.substr(0, kRsaBitsMax));
  const Number e = number(exponent.substr(0, kRsaBitsMax));
  if (!n || !e) return bad_key("an RSA key without numbers");
  const int bits = BN_num_bits(n.get());
  if (bits < kRsaBitsMin || bits > kRsaBitsMax) {
    return bad_key("an RSA key of " + std::to_string(bits) + " bits, where 2048 to 8192 are taken");
  }
  if (BN_is_odd(e.get()) != 1 || BN_num_bits(e.get()) < 2 || BN_num_bits(e.get()) > 64) {
    return bad_key("an RSA key with a bad exponent");
  }
  const Builder builder{OSSL_PARAM_BLD_new()};
  const bool built = builder &&
                     OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
                     OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1;
  KeyPointer key = built ? public_key_of("RSA", builder.get()) : nullptr;
  if (!key) return bad_key("an RSA key that is not sound");
  return PublicKey{Algorithm::kRs256, std::move(key)};
}

Result<PublicKey> PublicKey::p256(std::string_view x, std::string_view y) {
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) {
    return bad_key("a P-256 key whose numbers do not have 32 bytes");
  }
  const std::string point = "\x04" + std::string{x} + std::string{y};
  const Builder builder{OSSL_PARAM_BLD_new()};
  const bool built = builder &&
                     OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                                     "prime256v1", 0) == 1 &&
                     OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                                      point.data(), point.size()) == 1;
  KeyPointer key = built ? public_key_of("EC", builder.get()) : nullptr;
  if (!key) return bad_key("a P-256 key that is no point of the curve");
  return PublicKey{Algorithm::kEs256, std::move(key)};
}

Result<PublicKey> PublicKey::ed25519(std::string_view raw) {
  EVP_PKEY* made =
      raw.size() == kEd25519Bytes
          ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(raw), raw.size())
          : nullptr;
  if (made == nullptr) return bad_key("an Ed25519 key that does not have 32 bytes");
  return PublicKey{Algorithm::kEdDsa, own(made)};
}

bool PublicKey::verifies(std::string_view text, std::string_view signature) const {
  const Digest digest{EVP_MD_CTX_new()};
  const EVP_MD* hash = algorithm_ == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  const std::string der = algorithm_ == Algorithm::kEs256 ? der_of(signature) : std::string{};
  if (algorithm_ == Algorithm::kEs256) signature = der;
  const bool valid = digest && !signature.empty() &&
                     EVP_DigestVerifyInit(digest.get(), nullptr, hash, nullptr, evp(key_)) == 1 &&
                     EVP_DigestVerify(digest.get(), bytes(signature), signature.size(), bytes(text),
                                      text.size()) == 1;
  if (!valid) ERR_clear_error();
  return valid;
}

Result<SigningKey> SigningKey::from_pem(std::string_view pem) {
  EVP_PKEY* made = nullptr;
  if (pem.size() <= kPemBytesMax) {
    const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    // Without a passphrase: a key that wants one is refused, instead of asking the terminal.
    const auto none = [](char*, int, int, void*) { return -1; };
    if (bio) made = PEM_read_bio_PrivateKey(bio.get(), nullptr, none, nullptr);
  }
  KeyPointer key = own(made);
  if (made == nullptr || EVP_PKEY_get_base_id(made) != EVP_PKEY_ED25519) {
    return bad_key(
        "no Ed25519 private key in PEM; make one with: openssl genpkey -algorithm "
        "ed25519");
  }
  return SigningKey{std::move(key)};
}

SigningKey SigningKey::draw() {
  EVP_PKEY* made = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  BAEDAL_ASSERT(made != nullptr);
  return SigningKey{own(made)};
}

std::string SigningKey::sign(std::string_view text) const {
  std::string signature(kEd25519SignatureBytes, '\0');
  std::size_t size = signature.size();
  const Digest digest{EVP_MD_CTX_new()};
  const bool done = digest &&
                    EVP_DigestSignInit(digest.get(), nullptr, nullptr, nullptr, evp(key_)) == 1 &&
                    EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()),
                                   &size, bytes(text), text.size()) == 1;
  BAEDAL_ASSERT(done && size == kEd25519SignatureBytes);
  return signature;
}

std::string SigningKey::public_bytes() const {
  std::string raw(kEd25519Bytes, '\0');
  std::size_t size = raw.size();
  const int done =
      EVP_PKEY_get_raw_public_key(evp(key_), reinterpret_cast<unsigned char*>(raw.data()), &size);
  BAEDAL_ASSERT(done == 1 && size == kEd25519Bytes);
  return raw;
}

std::string SigningKey::to_pem() const {
  const Bio bio{BIO_new(BIO_s_mem())};
  const int done =
      PEM_write_bio_PKCS8PrivateKey(bio.get(), evp(key_), nullptr, nullptr, 0, nullptr, nullptr);
  BAEDAL_ASSERT(done == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace baedal::auth
