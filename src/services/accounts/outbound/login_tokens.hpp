#pragma once

#include <chrono>

#include "platform/auth/own_issuer.hpp"
#include "services/accounts/app/ports.hpp"

namespace baedal::accounts {

/// SecretSource by OpenSSL.
class OpensslSecrets final : public SecretSource {
 public:
  [[nodiscard]] std::string draw() override;
  [[nodiscard]] Digest digest_of(std::string_view secret) const override;
};

/// Access tokens of the installation's own issuer.
class IssuedTokens final : public AccessTokens {
 public:
  /// `issuer` outlives it.
  IssuedTokens(const auth::OwnIssuer& issuer, std::chrono::seconds lasts)
      : issuer_(issuer), lasts_(lasts) {}
  [[nodiscard]] std::string issue(const Account& account, std::string_view login) const override;

 private:
  const auth::OwnIssuer& issuer_;
  const std::chrono::seconds lasts_;
};

}  // namespace baedal::accounts
