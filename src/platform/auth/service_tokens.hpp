#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "kernel/clock.hpp"
#include "platform/auth/keys.hpp"
#include "platform/auth/verifier.hpp"

namespace baedal::auth {

/// What services of one installation say to each other who they are with: short tokens signed with
/// the key they share. Any thread.
class ServiceTokens {
 public:
  /// `service` is the subject: "order". `clock` outlives it.
  ServiceTokens(SigningKey key, std::string service, const Clock& clock);

  /// "Bearer …", good for at least half a minute; the same text for the next calls.
  [[nodiscard]] std::shared_ptr<const std::string> authorization();
  /// Takes such tokens, of whichever service of the installation.
  [[nodiscard]] Trust trust() const;

 private:
  const SigningKey key_;
  const std::string service_;
  const Clock& clock_;
  std::mutex mutex_;
  std::shared_ptr<const std::string> text_;  // both under mutex_
  std::int64_t renew_at_ = 0;                ///< seconds since the epoch
};

/// The token of those claims (a JSON object), signed by `key`.
[[nodiscard]] std::string sign_token(const SigningKey& key, std::string_view key_id,
                                     std::string_view claims);

}  // namespace baedal::auth
