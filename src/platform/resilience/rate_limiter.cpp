#include "platform/resilience/rate_limiter.hpp"

#include <algorithm>

#include "kernel/assert.hpp"

namespace baedal::resilience {
namespace {

constexpr std::uint64_t kToken = 1'000'000'000;

}  // namespace

RateLimiter::RateLimiter(const RateLimiterOptions& options, const Clock& clock)
    : options_(options), clock_(clock) {
  BAEDAL_ASSERT(options.replenish_rate > 0 && options.keys_max > 0);
}

RateLimiter::Verdict RateLimiter::try_take(std::string_view key) {
  const TimePoint now = clock_.monotonic();
  const std::uint64_t price = options_.requested_tokens * kToken;
  const std::lock_guard lock(mutex_);
  Bucket& bucket = bucket_of(key, now);
  fill(bucket, now);
  const bool allowed = bucket.tokens >= price;
  const auto wait = allowed ? std::chrono::nanoseconds{0} : wait_for(price - bucket.tokens);
  if (allowed) bucket.tokens -= price;
  return {allowed, static_cast<std::uint32_t>(bucket.tokens / kToken), wait};
}

/// Tokens come a nano-token for each nanosecond and token of the rate.
std::chrono::nanoseconds RateLimiter::wait_for(std::uint64_t missing) const {
  if (options_.requested_tokens > options_.burst_capacity) return std::chrono::nanoseconds{0};
  const std::uint64_t rate = options_.replenish_rate;
  return std::chrono::nanoseconds{static_cast<std::int64_t>((missing + rate - 1) / rate)};
}

RateLimiter::Bucket& RateLimiter::bucket_of(std::string_view key, TimePoint now) {
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, known->second);
    return buckets_.front();
  }
  if (buckets_.size() >= options_.keys_max) {
    by_key_.erase(buckets_.back().key);
    buckets_.pop_back();
  }
  buckets_.push_front({std::string{key}, options_.burst_capacity * kToken, now});
  by_key_.emplace(buckets_.front().key, buckets_.begin());
  return buckets_.front();
}

void RateLimiter::fill(Bucket& bucket, TimePoint now) const {
  const std::uint64_t full = options_.burst_capacity * kToken;
  const auto passed = std::chrono::nanoseconds{now - bucket.filled};
  bucket.filled = now;
  // Bounded before it is multiplied: what fills the bucket anyway need not be exact.
  const auto enough = full / options_.replenish_rate + 1;
  const auto nanos = std::min<std::uint64_t>(static_cast<std::uint64_t>(passed.count()), enough);
  bucket.tokens = std::min(full, bucket.tokens + nanos * options_.replenish_rate);
}

std::size_t RateLimiter::keys() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

}  // namespace baedal::resilience
