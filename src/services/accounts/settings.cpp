#include "services/accounts/settings.hpp"

#include <array>

namespace baedal::accounts {
namespace {

using config::Setting;
using config::Type;

constexpr std::array kSettings{
    Setting{.name = "accounts.access-lasts",
            .type = Type::kDuration,
            .default_value = "10m",
            .min = "1m",
            .max = "1h",
            .description = "How long an access token of a login is good: so long a role that was "
                           "taken away is still there."},
    Setting{.name = "accounts.argon2-memory",
            .type = Type::kSize,
            .default_value = "19MiB",
            .min = "8MiB",
            .max = "1GiB",
            .description = "What Argon2id takes for each password that is looked at."},
    Setting{.name = "accounts.argon2-passes",
            .type = Type::kInteger,
            .default_value = "2",
            .min = "1",
            .max = "100",
            .unit = "passes",
            .description = "How often Argon2id goes over that memory. Passwords kept with another "
                           "cost are hashed anew when they are next used."},
    Setting{.name = "accounts.argon2-threads",
            .type = Type::kInteger,
            .default_value = "1",
            .min = "1",
            .max = "64",
            .unit = "threads",
            .description = "Passwords looked at at the same time, each on a thread of its own."},
    Setting{.name = "accounts.argon2-waiting-max",
            .type = Type::kInteger,
            .default_value = "32",
            .min = "1",
            .max = "10000",
            .unit = "passwords",
            .description = "Passwords that wait to be looked at; more are answered 503 at once."},
    Setting{.name = "accounts.failures-max",
            .type = Type::kInteger,
            .default_value = "10",
            .min = "1",
            .max = "1000",
            .unit = "passwords",
            .description = "Wrong passwords one after the other that lock an account for a while."},
    Setting{.name = "accounts.lock-first",
            .type = Type::kDuration,
            .default_value = "1m",
            .min = "1s",
            .max = "24h",
            .description = "How long the first lock lasts; each wrong password after a lock locks "
                           "again, twice as long."},
    Setting{.name = "accounts.lock-max",
            .type = Type::kDuration,
            .default_value = "15m",
            .min = "1s",
            .max = "24h",
            .description = "The longest lock: so long a stranger can keep somebody out."},
    Setting{.name = "accounts.login-burst",
            .type = Type::kInteger,
            .default_value = "10",
            .min = "1",
            .max = "10000",
            .unit = "logins",
            .description = "Logins that one client (an address, of IPv6 a /64) may try at once."},
    Setting{.name = "accounts.login-interval",
            .type = Type::kDuration,
            .default_value = "6s",
            .min = "1s",
            .max = "1h",
            .description =
                "Until one client may try one login more, once `accounts.login-burst` is "
                "used up."},
    Setting{.name = "accounts.session-grace",
            .type = Type::kDuration,
            .default_value = "10s",
            .min = "0s",
            .max = "1m",
            .description =
                "For so long after a refresh the token before is taken for a second page "
                "that asked at the same time, and not for a thief."},
    Setting{.name = "accounts.session-idle",
            .type = Type::kDuration,
            .default_value = "7d",
            .min = "1m",
            .max = "365d",
            .description = "A login that was not refreshed for so long is over."},
    Setting{.name = "accounts.session-lasts",
            .type = Type::kDuration,
            .default_value = "30d",
            .min = "1m",
            .max = "365d",
            .description = "How long a login lasts in all, however often it is refreshed."},
    Setting{.name = "accounts.sessions-max",
            .type = Type::kInteger,
            .default_value = "20",
            .min = "1",
            .max = "900",
            .unit = "logins",
            .description = "Logins of one account that go on side by side; the oldest gives way."},
};

}  // namespace

std::span<const Setting> settings() { return kSettings; }

AccountOptions options_from(const config::Settings& settings) {
  const auto seconds = [&](std::string_view name) {
    return std::chrono::duration_cast<std::chrono::seconds>(settings.duration(name));
  };
  const auto count = [&](std::string_view name) {
    return static_cast<std::size_t>(settings.integer(name));
  };
  return {.login = {.lockout = {.failures_max = settings.integer("accounts.failures-max"),
                                .lock_first = settings.duration("accounts.lock-first"),
                                .lock_max = settings.duration("accounts.lock-max")},
                    .session = {.lasts = settings.duration("accounts.session-lasts"),
                                .idle = settings.duration("accounts.session-idle"),
                                .grace = settings.duration("accounts.session-grace")},
                    .sessions_max = count("accounts.sessions-max")},
          .access_lasts = seconds("accounts.access-lasts"),
          .gate = {.burst = static_cast<std::uint32_t>(settings.integer("accounts.login-burst")),
                   .interval = seconds("accounts.login-interval")},
          .hasher = {.cost = {.memory_kib = static_cast<std::uint32_t>(
                                  settings.size("accounts.argon2-memory") / 1024),
                              .passes = static_cast<std::uint32_t>(
                                  settings.integer("accounts.argon2-passes"))},
                     .threads = count("accounts.argon2-threads"),
                     .waiting_max = count("accounts.argon2-waiting-max")}};
}

}  // namespace baedal::accounts
