#include "services/payment/module.hpp"

#include <algorithm>

#include "platform/http/hal/controller.hpp"
#include "services/payment/app/follow_orders.hpp"
#include "services/payment/app/settle_worker.hpp"
#include "services/payment/inbound/payment_events.hpp"
#include "services/payment/inbound/payment_resources.hpp"
#include "services/payment/outbound/payment_store.hpp"
#include "services/payment/outbound/payment_tables.hpp"
#include "services/payment/outbound/sandbox_provider.hpp"

namespace baedal::payment {
namespace {

class PaymentModule final : public service::Module {
 public:
  explicit PaymentModule(const Dependencies& d)
      : clock_(d.clock),
        store_(d.store, d.clock),
        settle_(store_, d.provider, d.clock, d.options.provider_timeout),
        worker_(settle_, store_, d.options),
        follow_(store_, worker_, d.clock),
        queries_(store_),
        resources_(queries_),
        controller_(resources_, d.presentation) {}

  void add_routes(http::Router& router) override { controller_.add_routes(router); }
  void add_handlers(messaging::Subscriber& subscriber) override {
    register_events(subscriber, follow_);
  }
  void start() override { worker_.start(); }
  Task<void> stop() override { return worker_.stop(); }
  [[nodiscard]] std::vector<service::Reading> readings() const override {
    const auto reading = [this](const char* name, const char* text, bool counter, auto member) {
      return service::Reading{name, text, counter, [this, member] {
                                return static_cast<double>(worker_.stats().*member);
                              }};
    };
    return {
        reading("baedal.payments.open", "Payments with something left to settle", false,
                &SettleStats::in_hand),
        reading("baedal.payments.waiting", "Payments pausing before the provider is asked again",
                false, &SettleStats::waiting),
        reading("baedal.payments.setbacks", "Steps that had to be repeated", true,
                &SettleStats::setbacks),
        {.name = "baedal.payments.oldest.age",
         .description = "Age of the oldest payment with something left to settle",
         .counter = false,
         .read = [this] { return oldest_age(); },
         .unit = "seconds"},
        ended("paid", PaymentEvent::Type::kPaid),
        ended("declined", PaymentEvent::Type::kFailed),
        ended("refunded", PaymentEvent::Type::kRefunded)};
  }

 private:
  [[nodiscard]] service::Reading ended(const char* outcome, PaymentEvent::Type how) const {
    return {.name = "baedal.payments.ended",
            .description = "Payments that came to an end, by outcome",
            .counter = true,
            .read = [this, how] { return static_cast<double>(settle_.ended(how)); },
            .tags = {{"outcome", outcome}}};
  }
  /// Seconds; 0 when none is open.
  [[nodiscard]] double oldest_age() const {
    const auto since = worker_.stats().oldest_since;
    if (!since) return 0;
    return std::max(0.0, std::chrono::duration<double>{clock_.now() - *since}.count());
  }

  const Clock& clock_;
  StoredPayments store_;
  SettlePayment settle_;
  SettleWorker worker_;
  FollowOrders follow_;
  PaymentQueries queries_;
  PaymentResources resources_;
  http::hal::Controller controller_;
};

}  // namespace

const http::hal::ResourceType& resource_type() { return kPaymentResourceType; }

service::StoreSchema store_schema() { return {"payment", kTables, migrations()}; }

std::unique_ptr<PaymentProvider> make_sandbox_provider(const PaymentOptions& options) {
  return std::make_unique<SandboxProvider>(
      SandboxOptions{.slow_answer = 2 * options.provider_timeout});
}

std::unique_ptr<service::Module> make_module(const Dependencies& dependencies) {
  return std::make_unique<PaymentModule>(dependencies);
}

}  // namespace baedal::payment
