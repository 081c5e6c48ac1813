#pragma once

#include <array>
#include <atomic>
#include <chrono>

#include "kernel/clock.hpp"
#include "services/payment/app/ports.hpp"
#include "services/payment/domain/settling.hpp"

namespace baedal::payment {

/// What settling has learnt that the row does not say. Lost in a crash, and then learnt anew.
struct SettleProgress {
  std::optional<Payment> payment{};  ///< as last seen; none: to be read
  bool authorised = false;           ///< the provider has approved the authorisation
  std::int64_t calls = 0;            ///< of the provider since the last commit
  std::int64_t setbacks = 0;         ///< in a row: calls without a definite answer, failed commits
};

/// What is to be done after a step.
enum class SettleStep {
  kGoOn,      ///< the next step, at once
  kTryLater,  ///< the same again, after a pause
  kSettled,
};

/// Brings a payment one step further with the provider: read it unless it is known, decide what to
/// ask, ask, commit what the answer means. No transaction is open while the provider is asked. Any
/// step may be repeated, by this process or another: the provider's keys make each action happen
/// once, and the commit looks at the payment as it is by then.
class SettlePayment {
 public:
  SettlePayment(PaymentStore& store, PaymentProvider& provider, const Clock& clock,
                std::chrono::nanoseconds provider_timeout)
      : store_(store), provider_(provider), clock_(clock), provider_timeout_(provider_timeout) {}

  /// `progress` belongs to this payment; one step of a payment at a time.
  Task<SettleStep> step(PaymentId id, SettleProgress& progress);

  /// How many payments have come to that end here, since start. Any thread.
  [[nodiscard]] std::uint64_t ended(PaymentEvent::Type how) const {
    return ended_[static_cast<std::size_t>(how)].load(std::memory_order_relaxed);
  }

 private:
  Task<ProviderOutcome> ask(Action action, const Payment& payment);
  Task<ProviderAnswer> call(Action action, ProviderRequest request);
  Task<SettleStep> commit(PaymentId id, Action action, Verdict verdict, SettleProgress& progress);

  PaymentStore& store_;
  PaymentProvider& provider_;
  const Clock& clock_;
  const std::chrono::nanoseconds provider_timeout_;
  std::array<std::atomic<std::uint64_t>, 3> ended_{};  // by PaymentEvent::Type
};

/// "order-7-capture": what the provider knows the action by, for ever.
[[nodiscard]] std::string provider_key(OrderId order, Action action);

}  // namespace baedal::payment
