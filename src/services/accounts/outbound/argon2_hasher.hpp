#pragma once

#include <cstddef>
#include <cstdint>

#include "services/accounts/app/ports.hpp"
#include "services/accounts/outbound/worker_threads.hpp"

namespace baedal::accounts {

/// What one look at a password costs whoever tries many (RFC 9106).
struct Argon2Cost {
  std::uint32_t memory_kib = 19 * 1024;
  std::uint32_t passes = 2;
};

/// PasswordHasher by libargon2. Each hash under way takes Argon2Cost's memory.
class Argon2Hasher final : public PasswordHasher {
 public:
  struct Options {
    Argon2Cost cost;
    std::size_t threads = 1;
    std::size_t waiting_max = 32;
  };

  explicit Argon2Hasher(const Options& options)
      : cost_(options.cost), threads_("baedal-argon2", options.threads, options.waiting_max) {}

  Task<Result<PasswordHash>> hash(const Password& password) override;
  Task<Result<bool>> matches(const Password& password, const PasswordHash& hash) override;
  [[nodiscard]] bool is_outdated(const PasswordHash& hash) const override;

 private:
  const Argon2Cost cost_;
  WorkerThreads threads_;
};

}  // namespace baedal::accounts
