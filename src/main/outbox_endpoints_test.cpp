// What an operator does with events that are held up, through a router over a memory store and a
// memory bus.
#include "main/outbox_endpoints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "platform/clock/manual_clock.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A memory bus that takes nothing in while it is told so.
class RefusingBus final : public messaging::MemoryBus {
 public:
  using MemoryBus::MemoryBus;
  Task<Result<void>> publish_all(std::vector<messaging::Envelope> events) override {
    if (refuses) co_return unavailable("bus-full", "The bus takes nothing in.");
    co_return co_await MemoryBus::publish_all(std::move(events));
  }

  bool refuses = false;
};

/// Service "maker", which publishes and listens; and "looker", which does neither.
class OutboxEndpointsTest : public ::testing::Test {
 protected:
  OutboxEndpointsTest() {
    store_ = std::make_shared<store::MemoryStore>(disk_, clock_);
    ServiceHost& maker = hosts_.emplace_back();
    maker.name = "maker";
    maker.store = store_;
    maker.parking = executor_.run(messaging::StoreParking::open(*store_)).value();
    const messaging::RetryPolicy once{.attempts_max = 1};
    maker.subscriber =
        std::make_unique<messaging::Subscriber>("maker", *maker.parking, clock_, once);
    maker.subscriber->on("Heard", [this](const messaging::Envelope& event) { return hear(event); });
    maker.subscriber->subscribe_to(bus_);
    maker.relay = std::make_unique<messaging::Relay>("maker", *store_, bus_, clock_);
    ServiceHost& looker = hosts_.emplace_back();
    looker.name = "looker";
    looker.store = std::make_shared<store::MemoryStore>(other_disk_, clock_);
    looker.parking = executor_.run(messaging::StoreParking::open(*looker.store)).value();
    endpoints_.add_routes(router_);
  }

  Task<Result<void>> hear(const messaging::Envelope& event) {
    if (deaf_) co_return fail(ErrorKind::kInvalid, "deaf", "Not understood.");
    heard_.push_back(event.id);
    co_return Result<void>{};
  }
  void commit(const std::string& key) {
    auto body = [&](store::Tx& tx) -> Result<std::string> {
      auto added = tx.append({.type = "Made", .key = key, .time = clock_.now(), .data = "{}"});
      if (!added) return pass_on(added);
      return std::string{};
    };
    const OnceKey no_key;
    ASSERT_TRUE(executor_.run(store_->commit_once(no_key, body)));
  }
  void park_by_subscriber(const std::string& id) {
    messaging::ParkedEvent event;
    event.group = "maker";
    event.envelope = {.id = id, .type = "Heard", .source = "elsewhere", .key = "k" + id};
    event.reason = "deaf: Not understood.";
    event.attempts = 8;
    event.parked_at = clock_.now();
    ASSERT_TRUE(executor_.run(hosts_[0].parking->park(std::move(event))));
  }
  void run_relay() {
    executor_.post([this] { hosts_[0].relay->start(); });
    executor_.run_ready();
    executor_.run(hosts_[0].relay->stop());
  }
  std::vector<std::string> published() {
    std::vector<std::string> ids;
    for (const auto& delivery : topic_->events) ids.push_back(delivery.envelope.id);
    return ids;
  }
  std::size_t parked() { return executor_.run(hosts_[0].parking->list(5'000)).value().size(); }
  http::Response post(const std::string& what) {
    return client_.post("/actuator/outbox/" + what, "");
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'614'070'595'000'000}};
  store::MemoryDisk disk_{"test"};
  store::MemoryDisk other_disk_{"other"};
  std::shared_ptr<store::MemoryStore> store_;
  std::shared_ptr<messaging::MemoryTopic> topic_ = std::make_shared<messaging::MemoryTopic>();
  RefusingBus bus_{{}, topic_};
  std::vector<ServiceHost> hosts_;
  OutboxEndpoints endpoints_{hosts_, bus_, clock_};
  http::Router router_;
  http::HandClient client_{router_, executor_};
  bool deaf_ = false;
  std::vector<std::string> heard_;
};

TEST_F(OutboxEndpointsTest, lists_what_each_service_has_unsent_and_parked) {
  commit("7");
  park_by_subscriber("e-9");
  clock_.advance(std::chrono::milliseconds{2'500});
  const http::Response list = client_.get("/actuator/outbox");
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(list.content_type, "application/json");
  EXPECT_EQ(
      list.body,
      R"({"services":[{"service":"maker","relaying":false,"oldestUnsentMillis":2500,)"
      R"("group":"maker","lag":0,"lagUnit":"events","unsent":[{"seq":1,"type":"Made","key":"7",)"
      R"("time":"2021-02-23T08:56:35.000Z"}],"parked":[{"id":1,"group":"maker",)"
      R"("type":"Heard","key":"ke-9","eventId":"e-9","attempts":8,)"
      R"("reason":"deaf: Not understood.","parkedAt":"2021-02-23T08:56:35.000Z"}]},)"
      R"({"service":"looker","unsent":[],"parked":[]}]})");
}

TEST_F(OutboxEndpointsTest, a_parked_event_lets_the_others_out_and_goes_out_itself_when_retried) {
  commit("7");
  commit("8");
  clock_.advance(std::chrono::seconds{10});
  const http::Response parked_one = post("maker/park/1");
  EXPECT_EQ(parked_one.status, 200);
  EXPECT_EQ(parked_one.body, R"({"parked":1})");
  EXPECT_THAT(client_.get("/actuator/outbox").body,
              HasSubstr(R"("parkedAt":"2021-02-23T08:56:45.000Z")"));
  EXPECT_EQ(post("maker/park/1").status, 200) << "again is the same";
  EXPECT_EQ(parked(), 1U);
  run_relay();
  EXPECT_THAT(published(), ElementsAre("test-2"));
  EXPECT_EQ(post("maker/retry").body, R"({"retried":1})");
  EXPECT_THAT(published(), ElementsAre("test-2", "test-1"));
  EXPECT_EQ(topic_->events[1].envelope.source, "maker");
  EXPECT_EQ(parked(), 0U);
  EXPECT_EQ(post("maker/retry").body, R"({"retried":0})");
}

TEST_F(OutboxEndpointsTest, what_is_not_there_cannot_be_parked) {
  commit("7");
  const std::string smallest = std::to_string(std::numeric_limits<std::int64_t>::min());
  for (const std::string& what :
       {std::string{"maker/park/2"}, std::string{"maker/park/0"}, std::string{"maker/park/-1"},
        "maker/park/" + smallest, std::string{"maker/park/x"}, std::string{"looker/park/1"},
        std::string{"nobody/park/1"}, std::string{"nobody/retry"}}) {
    const http::Response refused = post(what);
    EXPECT_EQ(refused.status, 404) << what;
    EXPECT_EQ(refused.content_type, "application/problem+json");
  }
  EXPECT_EQ(parked(), 0U);
  run_relay();
  EXPECT_EQ(post("maker/park/1").status, 404) << "it has gone out";
}

TEST_F(OutboxEndpointsTest, retry_gives_parked_events_to_the_service_again) {
  park_by_subscriber("e-1");
  park_by_subscriber("e-2");
  deaf_ = true;
  EXPECT_EQ(post("maker/retry").body, R"({"retried":0})");
  EXPECT_EQ(parked(), 2U);
  deaf_ = false;
  EXPECT_EQ(post("maker/retry").body, R"({"retried":2})");
  EXPECT_THAT(heard_, ElementsAre("e-1", "e-2"));
  EXPECT_EQ(parked(), 0U);
  EXPECT_EQ(post("looker/retry").body, R"({"retried":0})") << "listens to nothing";
}

TEST_F(OutboxEndpointsTest, a_bus_that_refuses_leaves_the_event_parked) {
  commit("7");
  EXPECT_EQ(post("maker/park/1").status, 200);
  bus_.refuses = true;
  EXPECT_EQ(post("maker/retry").status, 503);
  EXPECT_EQ(parked(), 1U);
  bus_.refuses = false;
  EXPECT_EQ(post("maker/retry").body, R"({"retried":1})");
  EXPECT_THAT(published(), ElementsAre("test-1"));
}

TEST_F(OutboxEndpointsTest, retry_reaches_an_event_behind_a_thousand_others) {
  for (int i = 0; i < 1'000; ++i) park_by_subscriber("e-" + std::to_string(i));
  commit("7");
  EXPECT_EQ(post("maker/park/1").status, 200);
  EXPECT_EQ(post("maker/retry").body, R"({"retried":1001})");
  EXPECT_THAT(published(), ElementsAre("test-1"));
  EXPECT_EQ(heard_.size(), 1'000U);
}

TEST_F(OutboxEndpointsTest, a_store_that_cannot_be_read_is_a_problem) {
  store::FaultyStore faulty{*store_};
  hosts_[0].store = std::shared_ptr<store::Store>(&faulty, [](store::Store*) {});
  faulty.fail_call(1, store::FaultMode::kRefused);
  EXPECT_EQ(client_.get("/actuator/outbox").status, 503);
  EXPECT_EQ(client_.get("/actuator/outbox").status, 200);
  faulty.fail_call(1, store::FaultMode::kRefused);
  EXPECT_EQ(post("maker/park/1").status, 503);
}

}  // namespace
}  // namespace baedal
