#include "services/accounts/outbound/login_tokens.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>

#include "kernel/assert.hpp"
#include "platform/auth/base64url.hpp"

namespace baedal::accounts {
namespace {

constexpr std::size_t kSecretBytes = 32;

}  // namespace

std::string OpensslSecrets::draw() {
  std::string bytes(kSecretBytes, '\0');
  auto* data = reinterpret_cast<unsigned char*>(bytes.data());
  BAEDAL_ASSERT(RAND_bytes(data, static_cast<int>(bytes.size())) == 1);
  return auth::base64url_encode(bytes);
}

Digest OpensslSecrets::digest_of(std::string_view secret) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
  unsigned size = 0;
  const int done =
      EVP_Digest(secret.data(), secret.size(), made.data(), &size, EVP_sha256(), nullptr);
  BAEDAL_ASSERT(done == 1);
  constexpr std::string_view kHex = "0123456789abcdef";
  Digest digest;
  for (unsigned i = 0; i < size; ++i) {
    digest.hex += kHex[made.at(i) >> 4U];
    digest.hex += kHex[made.at(i) & 15U];
  }
  return digest;
}

std::string IssuedTokens::issue(const Account& account, std::string_view login) const {
  auth::Principal principal{.subject = account.name.text(), .session = std::string{login}};
  for (const std::string_view role : account.roles.words()) principal.roles.add(role);
  return issuer_.issue(principal, lasts_);
}

}  // namespace baedal::accounts
