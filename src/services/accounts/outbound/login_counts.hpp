#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "services/accounts/app/ports.hpp"

namespace baedal::accounts {

/// Witness that counts, and writes what an operator should look at into the log: locks, and refresh
/// tokens that came again. Never a name that somebody only typed.
class LoginCounts final : public Witness {
 public:
  void login_ended(const Account& account, LoginVerdict verdict) override;
  void refresh_ended(const Account& account, RefreshVerdict verdict) override;

  [[nodiscard]] std::uint64_t logins(LoginVerdict verdict) const {
    return logins_.at(static_cast<std::size_t>(verdict)).load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t refreshes(RefreshVerdict verdict) const {
    return refreshes_.at(static_cast<std::size_t>(verdict)).load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<std::uint64_t>, 3> logins_{};
  std::array<std::atomic<std::uint64_t>, 5> refreshes_{};
};

}  // namespace baedal::accounts
