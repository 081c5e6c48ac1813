#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "kernel/clock.hpp"
#include "platform/auth/keys.hpp"
#include "platform/auth/principal.hpp"
#include "platform/auth/verifier.hpp"

namespace baedal::auth {

/// An installation's own maker of tokens, beside or instead of a provider. Any thread.
class OwnIssuer {
 public:
  /// What stands in the tokens as "iss".
  static constexpr std::string_view kName = "baedal";

  /// `clock` outlives it.
  OwnIssuer(SigningKey key, std::string audience, const Clock& clock);

  /// A token that says to be of `principal`, good for `lasts` from now.
  [[nodiscard]] std::string issue(const Principal& principal, std::chrono::seconds lasts) const;
  /// Takes such tokens.
  [[nodiscard]] Trust trust() const;
  /// 64 bytes that only holders of the key can make, the same each time and for each purpose
  /// others.
  [[nodiscard]] std::string secret_for(std::string_view purpose) const;

 private:
  const SigningKey key_;
  const std::string audience_;
  const Clock& clock_;
};

}  // namespace baedal::auth
