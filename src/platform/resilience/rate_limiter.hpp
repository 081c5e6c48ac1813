#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kernel/clock.hpp"

namespace baedal::resilience {

/// The arguments of Spring Cloud Gateway's RequestRateLimiter.
struct RateLimiterOptions {
  std::uint32_t replenish_rate = 1;    ///< tokens a second
  std::uint32_t burst_capacity = 1;    ///< tokens a bucket holds
  std::uint32_t requested_tokens = 1;  ///< tokens a request takes
  /// Keys remembered; beyond it the one unused for the longest time is forgotten (and would begin
  /// with a full bucket again).
  std::size_t keys_max = 10'000;
};

/// A token bucket per key, filled evenly. The gateway's limiter without Redis: each process counts
/// for itself. Any thread; allocates only for a key not seen before.
class RateLimiter {
 public:
  struct Verdict {
    bool allowed = false;
    std::uint32_t remaining = 0;  ///< whole tokens left
    /// Until a request would be allowed again; 0: it is now, or never will be.
    std::chrono::nanoseconds wait{0};
  };

  RateLimiter(const RateLimiterOptions& options, const Clock& clock);

  [[nodiscard]] Verdict try_take(std::string_view key);
  [[nodiscard]] const RateLimiterOptions& options() const { return options_; }
  [[nodiscard]] std::size_t keys() const;

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Bucket {
    std::string key;
    /// In nano-tokens: exact, so that many small steps add up to what one large one gives.
    std::uint64_t tokens = 0;
    TimePoint filled;
  };
  Bucket& bucket_of(std::string_view key, TimePoint now);
  void fill(Bucket& bucket, TimePoint now) const;
  [[nodiscard]] std::chrono::nanoseconds wait_for(std::uint64_t missing) const;

  const RateLimiterOptions options_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::list<Bucket> buckets_;  ///< the one used last in front
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_key_;
};

}  // namespace baedal::resilience
