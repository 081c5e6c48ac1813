#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/payment/app/follow_orders.hpp"
#include "services/payment/outbound/faulty_provider.hpp"
#include "services/payment/outbound/payment_store.hpp"
#include "services/payment/outbound/sandbox_provider.hpp"

/// A payment service in a world where everything is under the test's hand: time, faults, deaths.
namespace baedal::payment {

/// Counts the moments at which a process may die: before and after each commit and each call of the
/// provider. From the chosen one on, nothing it does has any effect, and everything fails for it.
class Life {
 public:
  /// Ends at the `n`-th moment from now; 0: never.
  void end_at(std::int64_t n) { left_ = n; }
  [[nodiscard]] bool ended() const { return ended_; }
  /// Whether it goes on after this moment.
  bool goes_on() {
    if (left_ > 0 && --left_ == 0) ended_ = true;
    return !ended_;
  }
  /// Does `action` as the provider is called for the `n`-th time, 1 being the first.
  void at_call(std::int64_t n, std::function<void()> action) {
    calls_left_ = n;
    action_ = std::move(action);
  }
  void note_call() {
    if (calls_left_ > 0 && --calls_left_ == 0) action_();
  }

 private:
  std::int64_t calls_left_ = 0;
  std::function<void()> action_;
  std::int64_t left_ = 0;
  bool ended_ = false;
};

class MortalStore final : public PaymentStore {
 public:
  MortalStore(PaymentStore& inner, Life& life) : inner_(inner), life_(life) {}

  /// How many turns of the executor later commits are answered.
  int late_answer_hops = 0;

  Task<Result<void>> commit(FunctionRef<Result<void>(PaymentTx&)> body) override;
  Task<Result<std::optional<Payment>>> find(PaymentId id) override;
  Task<Result<std::optional<Payment>>> find_by_order(OrderId order) override;
  Task<Result<PaymentList>> list(const PaymentListRequest& request) override;
  Task<Result<PaymentSlice>> list_by_status(PaymentStatus status,
                                            const PaymentListRequest& request) override;

 private:
  PaymentStore& inner_;
  Life& life_;
};

/// Lets others run before and after each call, as a network does.
class MortalProvider final : public PaymentProvider {
 public:
  MortalProvider(PaymentProvider& inner, Life& life) : inner_(inner), life_(life) {}
  Task<ProviderAnswer> authorise(ProviderRequest request) override;
  Task<ProviderAnswer> capture(ProviderRequest request) override;
  Task<ProviderAnswer> void_payment(ProviderRequest request) override;
  Task<ProviderAnswer> refund(ProviderRequest request) override;

 private:
  using Call = Task<ProviderAnswer> (PaymentProvider::*)(ProviderRequest);
  Task<ProviderAnswer> pass(Call call, ProviderRequest request);

  PaymentProvider& inner_;
  Life& life_;
};

/// One process of the service: what is lost when it dies.
struct Process {
  Process(PaymentStore& shared_store, PaymentProvider& shared_provider, const Clock& clock,
          const PaymentOptions& options)
      : store(shared_store, life),
        provider(shared_provider, life),
        settle(store, provider, clock, options.provider_timeout),
        worker(settle, store, options),
        follow(store, worker, clock) {}

  Life life;
  MortalStore store;
  MortalProvider provider;
  SettlePayment settle;
  SettleWorker worker;
  FollowOrders follow;
};

/// What stays: the store's disk, the provider and its books, the events that still have to come.
class PaymentWorld {
 public:
  explicit PaymentWorld(PaymentOptions options = {});
  /// Stops every process and lets late answers of the provider come.
  ~PaymentWorld();

  /// Starts a process; the world keeps it.
  Process& start_process();
  /// Ends it as far as it has not ended itself.
  void stop_process(Process& process);

  /// Runs `task` by itself from now on.
  void start(Task<void> task);
  void run_ready() { executor.run_ready(); }
  void advance(std::chrono::nanoseconds time) { executor.advance(time); }

  /// Hands an event of that order to `process`, again and again until it has taken effect or the
  /// process is dead. `hops`: turns of the executor to wait before.
  Task<void> deliver_ordered(Process& process, std::int64_t order, std::string token,
                             std::int64_t amount = 4500);
  Task<void> deliver_cancelled(Process& process, std::int64_t order, int hops = 0);

  [[nodiscard]] std::optional<Payment> payment_of(std::int64_t order);
  /// How often each type of event was committed, by the end.
  [[nodiscard]] std::map<std::string, int> events();

  PaymentOptions options;
  ManualExecutor executor;
  ManualClock clock{Timestamp{1'700'000'000'000'000}};
  store::MemoryDisk disk{"payment"};
  store::MemoryStore memory{disk, clock};
  store::FaultyStore faulty_store{memory};
  StoredPayments payments{faulty_store, clock};
  SandboxProvider sandbox;
  FaultyProvider provider{sandbox};
  int deliveries_pending = 0;  ///< events on their way to a living process

 private:
  Task<void> deliver(Process& process, std::function<Task<Result<void>>()> take);

  std::vector<std::unique_ptr<Process>> processes_;
};

/// Asserts what must hold of an order whose events have all been delivered, once everything has
/// settled: it is charged at most once, nothing is kept of a cancelled one, each outcome is told
/// once, and the payment agrees with the provider's books.
void expect_settled(PaymentWorld& world, std::int64_t order, bool cancelled, bool payable);

}  // namespace baedal::payment
