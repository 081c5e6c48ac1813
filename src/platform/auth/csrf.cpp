#include "platform/auth/csrf.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "kernel/assert.hpp"
#include "kernel/text.hpp"
#include "platform/auth/base64url.hpp"

namespace baedal::auth {

std::string CsrfTokens::of(std::string_view session) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
  unsigned size = 0;
  const auto* text = reinterpret_cast<const unsigned char*>(session.data());
  const auto* done = HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), text,
                          session.size(), made.data(), &size);
  BAEDAL_ASSERT(done != nullptr);
  return base64url_encode({reinterpret_cast<const char*>(made.data()), size});
}

bool CsrfTokens::is_of(std::string_view session, std::string_view token) const {
  const std::string right = of(session);
  return token.size() == right.size() &&
         CRYPTO_memcmp(token.data(), right.data(), right.size()) == 0;
}

bool is_of_another_site(const http::Request& request) {
  if (const auto site = request.header("Sec-Fetch-Site")) {
    return *site != "same-origin" && *site != "none";
  }
  const auto origin = request.header("Origin");
  return origin && !iequals(*origin, request.link_base);
}

}  // namespace baedal::auth
