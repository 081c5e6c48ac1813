// The payment service plugged in as the program does it: events from the bus, reads over its
// routes.
#include <gtest/gtest.h>

#include "contracts/events.hpp"
#include "kernel/async/manual_executor.hpp"
#include "kernel/json/parse.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/config/load.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/messaging/store_parking.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/payment/module.hpp"

namespace baedal::payment {
namespace {

using namespace std::chrono_literals;
using http::Method;

class PaymentModuleTest : public testing::Test {
 protected:
  PaymentModuleTest() {
    auto opened = executor_.run(messaging::StoreParking::open(store_));
    parking_ = std::move(*opened);
    subscriber_ = std::make_unique<messaging::Subscriber>("payment", *parking_, clock_);
    module_->add_routes(router_);
    module_->add_handlers(*subscriber_);
    subscriber_->subscribe_to(bus_);
    executor_.post([this] {
      module_->start();
      EXPECT_TRUE(bus_.start());
    });
    executor_.run_ready();
  }

  ~PaymentModuleTest() override {
    executor_.run(bus_.stop());
    executor_.run(module_->stop());
    executor_.advance(1min);
  }

  void say(std::string_view type, const contracts::OrderEvent& event) {
    const std::string id = "order-store-" + std::to_string(++events_);
    const messaging::Envelope envelope{.id = id,
                                       .type = std::string{type},
                                       .source = "order",
                                       .key = std::to_string(event.id),
                                       .time = clock_.now(),
                                       .data = contracts::encode(type, clock_.now(), event)};
    const std::vector<messaging::Envelope> events{envelope};
    EXPECT_TRUE(executor_.run(bus_.publish(events)));
    executor_.run_ready();
  }

  void order(std::int64_t id, std::optional<std::int64_t> amount, std::string token) {
    contracts::OrderEvent event{.id = id, .menu_id = 1, .amount = amount};
    event.payment_token = std::move(token);
    say(contracts::event::kOrdered, event);
  }

  /// The members of a JSON answer.
  static json::Object members(const http::Response& response) {
    auto parsed = json::parse(response.body);
    const auto* object = parsed ? parsed->get<json::Object>() : nullptr;
    EXPECT_NE(object, nullptr) << response.body;
    return object == nullptr ? json::Object{} : *object;
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'700'000'000'000'000}};
  store::MemoryDisk disk_{"payment"};
  /// The reading operators see.
  double reading_of(std::string_view name, std::string_view outcome = {}) {
    for (const service::Reading& reading : module_->readings()) {
      if (reading.name != name) continue;
      if (outcome.empty() || reading.tags.front().second == outcome) return reading.read();
    }
    return -1;
  }
  double waiting() { return reading_of("baedal.payments.waiting"); }

  store::MemoryStore store_{disk_, clock_};
  messaging::MemoryBus bus_;
  std::unique_ptr<messaging::StoreParking> parking_;
  std::unique_ptr<messaging::Subscriber> subscriber_;
  http::hal::Presentation presentation_;
  std::unique_ptr<PaymentProvider> provider_ = make_sandbox_provider({});
  std::unique_ptr<service::Module> module_ = make_module(
      {.store = store_, .clock = clock_, .provider = *provider_, .presentation = presentation_});
  http::Router router_;
  http::HandClient client_{router_, executor_};
  int events_ = 0;
};

TEST_F(PaymentModuleTest, shows_a_paid_order_with_its_members_in_order_and_without_the_token) {
  order(7, 9000, "tok_approve");
  const auto answer = client_.get("/payments/1");
  EXPECT_EQ(answer.status, 200);
  std::string names;
  for (const auto& [name, value] : members(answer)) names += name + " ";
  EXPECT_EQ(names, "orderId amount currency status paymentId version createdAt updatedAt _links ");
  const json::Object payment = members(answer);
  EXPECT_EQ(*payment.find("orderId"), json::Value{7});
  EXPECT_EQ(*payment.find("amount"), json::Value{9000});
  EXPECT_EQ(*payment.find("currency"), json::Value{"KRW"});
  EXPECT_EQ(*payment.find("status"), json::Value{"paid"});
  EXPECT_EQ(*payment.find("paymentId"), json::Value{1});
  EXPECT_EQ(answer.body.find("tok_"), std::string::npos);
}

TEST_F(PaymentModuleTest, an_order_without_a_price_is_paid_with_nothing) {
  order(7, std::nullopt, "tok_approve");
  const json::Object payment = members(client_.get("/payments/1"));
  EXPECT_EQ(*payment.find("amount"), json::Value{0});
  EXPECT_EQ(*payment.find("status"), json::Value{"paid"});
}

TEST_F(PaymentModuleTest, is_found_by_its_order) {
  order(7, 9000, "tok_decline");
  const auto answer = client_.get("/payments/search/findByOrderId?orderId=7");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(*members(answer).find("status"), json::Value{"declined"});
  EXPECT_EQ(client_.get("/payments/search/findByOrderId?orderId=8").status, 404);
  EXPECT_EQ(client_.get("/payments/search/findByOrderId?orderId=x").status, 400);
}

TEST_F(PaymentModuleTest, is_found_by_its_status) {
  order(7, 9000, "tok_approve");
  order(8, 9000, "tok_decline");
  order(9, 9000, "tok_approve");
  const auto paid = client_.get("/payments/search/findByStatus?status=paid&sort=orderId,desc");
  EXPECT_EQ(paid.status, 200);
  EXPECT_LT(paid.body.find("payments/3"), paid.body.find("payments/1"));
  EXPECT_EQ(paid.body.find("payments/2"), std::string::npos);
  const auto none = client_.get("/payments/search/findByStatus?status=nonsense");
  EXPECT_EQ(none.status, 200);
  EXPECT_EQ(none.body.find("payments/1"), std::string::npos);
}

TEST_F(PaymentModuleTest, lists_all) {
  order(7, 9000, "tok_approve");
  order(8, 100, "tok_decline");
  const auto answer = client_.get("/payments?sort=paymentId,desc&size=1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find("payments/2"), std::string::npos);
  EXPECT_NE(answer.body.find("\"totalElements\" : 2"), std::string::npos) << answer.body;
}

TEST_F(PaymentModuleTest, cannot_be_written_from_outside) {
  order(7, 9000, "tok_approve");
  EXPECT_EQ(client_.post("/payments", R"({"orderId":8})").status, 405);
  for (const Method method : {Method::kPut, Method::kPatch, Method::kDelete}) {
    EXPECT_EQ(client_.send(method, "/payments/1", R"({"status":"paid"})").status, 405);
  }
}

TEST_F(PaymentModuleTest, gives_back_what_a_cancelled_order_paid) {
  order(7, 9000, "tok_approve");
  say(contracts::event::kOrderCancelled, {.id = 7, .menu_id = 1});
  EXPECT_EQ(*members(client_.get("/payments/1")).find("status"), json::Value{"refunded"});
}

TEST_F(PaymentModuleTest, counts_payments_that_wait_for_the_provider) {
  order(7, 9000, "tok_refund_fails_twice");
  EXPECT_EQ(waiting(), 0.0);
  say(contracts::event::kOrderCancelled, {.id = 7, .menu_id = 1});
  EXPECT_EQ(waiting(), 1.0);
  clock_.advance(90s);
  EXPECT_EQ(reading_of("baedal.payments.oldest.age"), 90.0);
  executor_.advance(1s);
  EXPECT_EQ(waiting(), 0.0);
  EXPECT_EQ(reading_of("baedal.payments.oldest.age"), 0.0);
}

TEST_F(PaymentModuleTest, parks_an_order_that_cannot_be_right) {
  order(7, -1, "tok_approve");
  order(8, 1, std::string(1'001, 'x'));
  executor_.advance(10min);
  EXPECT_EQ(subscriber_->stats().parked, 2U);
  EXPECT_EQ(client_.get("/payments/1").status, 404);
}

TEST(PaymentSettings, defaults_are_those_of_the_options) {
  config::Registry registry;
  ASSERT_TRUE(registry.add(settings()));
  const auto loaded = config::load(registry, {});
  ASSERT_TRUE(loaded) << loaded.error().detail;
  const PaymentOptions options = options_from(*loaded);
  const PaymentOptions defaults;
  EXPECT_EQ(options.provider_timeout, defaults.provider_timeout);
  EXPECT_EQ(options.retry_pause_first, defaults.retry_pause_first);
  EXPECT_EQ(options.retry_pause_max, defaults.retry_pause_max);
  EXPECT_EQ(options.sweep_interval, defaults.sweep_interval);
  EXPECT_EQ(options.concurrency, defaults.concurrency);
  EXPECT_EQ(options.in_hand_max, defaults.in_hand_max);
}

TEST_F(PaymentModuleTest, shows_operators_how_payments_ended) {
  order(7, 9000, "tok_approve");
  order(8, 9000, "tok_decline");
  EXPECT_EQ(reading_of("baedal.payments.ended", "paid"), 1);
  EXPECT_EQ(reading_of("baedal.payments.ended", "declined"), 1);
  EXPECT_EQ(reading_of("baedal.payments.ended", "refunded"), 0);
}

}  // namespace
}  // namespace baedal::payment
