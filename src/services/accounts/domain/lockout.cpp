#include "services/accounts/domain/lockout.hpp"

namespace baedal::accounts {
namespace {

/// The lock that the failure of that number sets.
std::chrono::microseconds lock_of(std::int64_t failures, const LockoutPolicy& policy) {
  auto lock = policy.lock_first;
  for (auto more = failures - policy.failures_max; more > 0 && lock < policy.lock_max; --more) {
    lock *= 2;
  }
  return lock < policy.lock_max ? lock : policy.lock_max;
}

}  // namespace

bool is_locked(const Lockout& present, Timestamp now, const LockoutPolicy& policy) {
  return now < present.locked_until && present.locked_until - now <= policy.lock_max;
}

LoginDecision decide_login(const Lockout& present, bool right, Timestamp now,
                           const LockoutPolicy& policy) {
  Lockout next = present;
  next.tried_at = now;
  if (is_locked(present, now, policy)) return {next, LoginVerdict::kLocked};
  next.locked_until = {};
  if (right) {
    next.failures = 0;
    return {next, LoginVerdict::kGranted};
  }
  ++next.failures;
  if (next.failures >= policy.failures_max) {
    next.locked_until = now + lock_of(next.failures, policy);
  }
  return {next, LoginVerdict::kRefused};
}

}  // namespace baedal::accounts
