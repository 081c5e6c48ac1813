#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

namespace baedal::resilience {

/// At most so many calls at the same time (resilience4j's semaphore bulkhead with maxWaitDuration
/// 0: who finds no place is refused at once). Any thread, without a lock.
///   auto place = bulkhead.try_enter();
///   if (!place) return overloaded;
class Bulkhead {
 public:
  /// A place among the calls under way; its end gives it back. Must not outlive the bulkhead.
  class Place {
   public:
    Place(Place&& other) noexcept : bulkhead_(std::exchange(other.bulkhead_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    friend class Bulkhead;
    explicit Place(Bulkhead& bulkhead) : bulkhead_(&bulkhead) {}
    Bulkhead* bulkhead_;
  };

  static constexpr std::uint32_t kDefaultConcurrentCallsMax = 25;

  explicit Bulkhead(std::uint32_t concurrent_calls_max = kDefaultConcurrentCallsMax)
      : max_(concurrent_calls_max) {}
  Bulkhead(const Bulkhead&) = delete;
  Bulkhead& operator=(const Bulkhead&) = delete;

  /// nullopt: full, and counted as such.
  [[nodiscard]] std::optional<Place> try_enter();

  [[nodiscard]] std::uint32_t concurrent_calls_max() const { return max_; }
  [[nodiscard]] std::uint32_t available() const;
  [[nodiscard]] std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  const std::uint32_t max_;
  std::atomic<std::uint32_t> inside_{0};
  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace baedal::resilience
