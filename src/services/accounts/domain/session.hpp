#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/strong_id.hpp"
#include "kernel/timestamp.hpp"
#include "services/accounts/domain/account.hpp"

namespace baedal::accounts {

using SessionId = StrongId<struct SessionIdTag>;

/// What is kept of a secret: its SHA-256 in hexadecimal. Whoever reads it can do nothing with it.
struct Digest {
  std::string hex;
  friend bool operator==(const Digest&, const Digest&) = default;
};

/// What a browser holds to go on without a password: "<session>.<family>.<secret>". The family
/// secret stays the same as long as the login lasts, the last part changes at each use. So whoever
/// knows the family secret has had a token of this login, and whoever does not cannot end it.
struct RefreshToken {
  SessionId session{};
  std::string family;
  std::string secret;

  /// nullopt when it is none.
  [[nodiscard]] static std::optional<RefreshToken> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
};

/// One login that goes on; there is no row of one that is over.
struct Session {
  SessionId id{};
  AccountId account{};
  std::int64_t epoch = 1;  ///< of the account, when it began
  Digest family{};
  Digest current{};   ///< of the secret that is good now
  Digest previous{};  ///< of the one before; empty at first
  Timestamp created_at{};
  Timestamp refreshed_at{};
};

struct SessionPolicy {
  std::chrono::microseconds lasts{std::chrono::hours{30 * 24}};  ///< in all
  std::chrono::microseconds idle{std::chrono::hours{7 * 24}};    ///< without a refresh
  /// For so long the secret before the present one is a sign of two requests at once, as two pages
  /// of one browser make them, and not of a thief.
  std::chrono::microseconds grace{std::chrono::seconds{10}};
};

enum class RefreshVerdict {
  kRotated,  ///< a new secret is good from now on
  kRaced,    ///< the present secret has only just been given out: nothing changes
  kReused,   ///< a secret came again that was used long ago: somebody else has it, it is over
  kExpired,  ///< it is over
  kEnded,    ///< the account does not want it any more: it is over
};

/// Whether the session of that verdict is to be forgotten.
[[nodiscard]] bool is_over(RefreshVerdict verdict);

struct RefreshDecision {
  Session session;
  RefreshVerdict verdict;
};

/// When it will be over at the latest, as things are.
[[nodiscard]] Timestamp end_of(const Session& session, const SessionPolicy& policy);
/// Whether the account still wants its session.
[[nodiscard]] bool is_wanted(const Session& session, const Account& account);

/// A refresh token of this family came, with the secret `presented`; `next` is what is to be good
/// afterwards.
[[nodiscard]] RefreshDecision decide_refresh(const Session& session, const Account& account,
                                             const Digest& presented, const Digest& next,
                                             Timestamp now, const SessionPolicy& policy);

/// The name of the login in access tokens: no secret, and never that of another.
[[nodiscard]] std::string public_name(const Session& session);

}  // namespace baedal::accounts
