#pragma once

#include <chrono>
#include <cstdint>

#include "kernel/timestamp.hpp"

namespace baedal::accounts {

/// What is remembered of attempts to log in.
struct Lockout {
  std::int64_t failures = 0;  ///< since the last success
  Timestamp locked_until{};
  Timestamp tried_at{};  ///< the last attempt of all

  friend bool operator==(const Lockout&, const Lockout&) = default;
};

struct LockoutPolicy {
  std::int64_t failures_max = 10;                    ///< the last of these locks
  std::chrono::microseconds lock_first{60'000'000};  ///< doubled by each failure after a lock
  std::chrono::microseconds lock_max{900'000'000};
};

enum class LoginVerdict {
  kGranted,
  kRefused,  ///< the password is wrong
  kLocked,   ///< not even looked at; the right one is refused too
};

struct LoginDecision {
  Lockout lockout;
  LoginVerdict verdict;
};

/// A lock that would last longer than locks do was made by a clock that has been set back since,
/// and locks nothing.
[[nodiscard]] bool is_locked(const Lockout& present, Timestamp now, const LockoutPolicy& policy);

/// An attempt with the right password or a wrong one. Attempts during a lock do not make it longer:
/// who has forgotten nothing gets in when it ends. Every attempt is kept (tried_at), so that to
/// refuse costs the same whatever the reason.
[[nodiscard]] LoginDecision decide_login(const Lockout& present, bool right, Timestamp now,
                                         const LockoutPolicy& policy);

}  // namespace baedal::accounts
