#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/clock.hpp"
#include "services/mypage/app/projection.hpp"

namespace baedal::mypage {

/// What an order without a delivery waits for, as far as its customer can see.
enum class WaitingFor {
  kPayment,   ///< nothing is known of its payment yet
  kDelivery,  ///< the payment has said its word, the delivery has not
};

/// An order that has no delivery yet.
struct WaitingOrder {
  OrderId order{};
  std::string menu_name{};
  WaitingFor what = WaitingFor::kPayment;
  Timestamp placed{};
};

/// Watches for orders that do not get on: looks into the view every few seconds, at the orders of
/// which no delivery is known. The view sorts them first. Those that ended without a delivery,
/// which stay there for ever, are passed over once they are old, so a look costs about the same at
/// any size. The view knows of them whichever of the other services is away, and after a restart
/// too.
class WaitingOrders {
 public:
  /// Borrows both.
  WaitingOrders(const Projection& projection, const Clock& clock);
  WaitingOrders(const WaitingOrders&) = delete;
  WaitingOrders& operator=(const WaitingOrders&) = delete;
  ~WaitingOrders();

  /// Starts on the current executor; once.
  void start();
  /// Ends after the look in hand, if there is one.
  Task<void> stop();

  /// How long the oldest has waited since it was placed, as of the last look; 0: none waits. Any
  /// thread.
  [[nodiscard]] std::chrono::microseconds oldest_age(WaitingFor what) const;
  /// Those that have waited longest, as of the last look: the oldest first, kListMax at most. Never
  /// null. Any thread.
  [[nodiscard]] std::shared_ptr<const std::vector<WaitingOrder>> oldest() const;
  static constexpr std::size_t kListMax = 100;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace baedal::mypage
