#include "platform/resilience/bulkhead.hpp"

namespace baedal::resilience {

Bulkhead::Place::~Place() {
  if (bulkhead_ != nullptr) bulkhead_->inside_.fetch_sub(1, std::memory_order_release);
}

std::optional<Bulkhead::Place> Bulkhead::try_enter() {
  std::uint32_t inside = inside_.load(std::memory_order_relaxed);
  while (inside < max_) {
    if (inside_.compare_exchange_weak(inside, inside + 1, std::memory_order_acquire,
                                      std::memory_order_relaxed)) {
      return Place{*this};
    }
  }
  refused_.fetch_add(1, std::memory_order_relaxed);
  return std::nullopt;
}

std::uint32_t Bulkhead::available() const { return max_ - inside_.load(std::memory_order_relaxed); }

}  // namespace baedal::resilience
