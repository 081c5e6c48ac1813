#include "platform/metrics/meter.hpp"

#include <algorithm>

namespace baedal::metrics {
namespace {

constexpr unsigned kMicrosBits = 40;
constexpr std::uint64_t kMicrosMask = (1ULL << kMicrosBits) - 1;
constexpr std::uint64_t kSpanMask = (1ULL << (64 - kMicrosBits)) - 1;
constexpr std::chrono::seconds kSpan{40};

std::uint64_t span_of(std::chrono::steady_clock::time_point time) {
  return static_cast<std::uint64_t>(time.time_since_epoch() / kSpan) & kSpanMask;
}

std::uint64_t millis_of(std::chrono::steady_clock::time_point time) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

}  // namespace

Timer::Timer(std::vector<std::chrono::nanoseconds> bounds) : bounds_(std::move(bounds)) {
  if (!bounds_.empty()) buckets_ = std::make_unique<std::atomic<std::uint64_t>[]>(bounds_.size());
}

void Timer::record(std::chrono::nanoseconds duration, TimePoint now) {
  duration = std::max(duration, std::chrono::nanoseconds{0});
  count_.fetch_add(1, std::memory_order_relaxed);
  total_.fetch_add(duration.count(), std::memory_order_relaxed);

  const std::uint64_t span = span_of(now);
  const auto micros = static_cast<std::uint64_t>(duration.count() / 1'000);
  const std::uint64_t word = (span << kMicrosBits) | std::min(micros, kMicrosMask);
  std::atomic<std::uint64_t>& slot = max_[span % kSlots];
  std::uint64_t present = slot.load(std::memory_order_relaxed);
  while (present < word && !slot.compare_exchange_weak(present, word, std::memory_order_relaxed)) {
  }

  if (bounds_.empty()) return;
  const auto bound = std::ranges::lower_bound(bounds_, duration);
  if (bound == bounds_.end()) return;
  buckets_[static_cast<std::size_t>(bound - bounds_.begin())].fetch_add(1,
                                                                        std::memory_order_relaxed);
}

std::chrono::microseconds Timer::max(TimePoint now) const {
  const std::uint64_t newest = span_of(now);
  std::uint64_t micros = 0;
  for (const auto& slot : max_) {
    const std::uint64_t word = slot.load(std::memory_order_relaxed);
    if (newest - (word >> kMicrosBits) < kSlots) micros = std::max(micros, word & kMicrosMask);
  }
  return std::chrono::microseconds{micros};
}

std::vector<std::uint64_t> Timer::cumulative() const {
  std::vector<std::uint64_t> counts;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    sum += buckets_[i].load(std::memory_order_relaxed);
    counts.push_back(sum);
  }
  return counts;
}

std::uint64_t ActiveTasks::of(TimePoint started) { return (millis_of(started) << kCountBits) + 1; }

ActiveTasks::Reading ActiveTasks::read(TimePoint now) const {
  const std::uint64_t word = word_.load(std::memory_order_relaxed);
  const std::uint64_t active = word & ((1ULL << kCountBits) - 1);
  const std::uint64_t all = active * ((millis_of(now) << kCountBits) + 1);
  return {active, std::chrono::milliseconds{static_cast<std::int64_t>((all - word) >> kCountBits)}};
}

}  // namespace baedal::metrics
