#pragma once

#include <chrono>
#include <span>

#include "platform/config/settings.hpp"
#include "services/accounts/app/login.hpp"
#include "services/accounts/outbound/address_gate.hpp"
#include "services/accounts/outbound/argon2_hasher.hpp"

namespace baedal::accounts {

/// How logins are dealt with.
struct AccountOptions {
  LoginPolicy login;
  std::chrono::seconds access_lasts{600};
  AddressGate::Options gate;
  Argon2Hasher::Options hasher;
};

/// The table `accounts.*`, but for the store, and what a configuration makes of it.
[[nodiscard]] std::span<const config::Setting> settings();
[[nodiscard]] AccountOptions options_from(const config::Settings& settings);

}  // namespace baedal::accounts
