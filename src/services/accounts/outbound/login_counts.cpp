#include "services/accounts/outbound/login_counts.hpp"

#include "platform/log/log.hpp"

namespace baedal::accounts {

void LoginCounts::login_ended(const Account& account, LoginVerdict verdict) {
  logins_.at(static_cast<std::size_t>(verdict)).fetch_add(1, std::memory_order_relaxed);
  const bool now_locked =
      verdict == LoginVerdict::kRefused && account.lockout.locked_until > account.lockout.tried_at;
  if (!now_locked || account.name.is_nobody()) return;
  log::warn("accounts", "an account is locked for a while: too many wrong passwords",
            {{"account", account.name.text()}, {"failures", account.lockout.failures}});
}

void LoginCounts::refresh_ended(const Account& account, RefreshVerdict verdict) {
  refreshes_.at(static_cast<std::size_t>(verdict)).fetch_add(1, std::memory_order_relaxed);
  if (verdict != RefreshVerdict::kReused) return;
  log::warn("accounts", "a used refresh token came again: its login is ended",
            {{"account", account.name.text()}});
}

}  // namespace baedal::accounts
