// The module from outside: /mypages over the router, the events it follows, and the rebuild that an
// operator asks for, over generations in a folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "contracts/events.hpp"
#include "kernel/async/manual_executor.hpp"
#include "platform/auth/principal.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/messaging/store_parking.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/mypage/module.hpp"

namespace baedal::mypage {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// One run of the service: what ends with its process.
struct Process {
  Process(ManualExecutor& executor, store::Generations& generations, store::Store& parking_store,
          messaging::Bus& bus, const Clock& clock, const http::hal::Presentation& presentation)
      : store(generations.open_current().value()),
        lineage(executor.run(lineage_of(*store)).value()),
        module(make_module({store, generations, lineage, bus, clock, presentation})),
        parking(executor.run(messaging::StoreParking::open(parking_store)).value()),
        subscriber(lineage, *parking, clock) {
    module->add_routes(router);
    module->add_management_routes(router);
    module->add_handlers(subscriber);
    subscriber.subscribe_to(bus);
  }

  std::shared_ptr<store::Store> store;
  std::string lineage;
  std::unique_ptr<service::Module> module;
  std::unique_ptr<messaging::StoreParking> parking;
  messaging::Subscriber subscriber;
  http::Router router;
};

class MypageHttp : public ::testing::Test {
 protected:
  MypageHttp() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mypage-test-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    generations_ = std::make_unique<store::Generations>(
        folder_, [this](const std::filesystem::path& path) { return open(path); });
    start();
  }
  ~MypageHttp() override {
    stop();
    std::filesystem::remove_all(folder_);
  }

  /// One disk for each generation made; the files only stand for it.
  Result<std::unique_ptr<store::Store>> open(const std::filesystem::path& path) {
    if (std::filesystem::create_directories(path)) disks_.erase(path.string());
    return std::make_unique<store::MemoryStore>(disks_[path.string()], clock_);
  }
  void start() {
    bus_ = std::make_unique<messaging::MemoryBus>(
        messaging::MemoryBusOptions{.deliver_twice = true}, topic_);
    process_ = std::make_unique<Process>(executor_, *generations_, parking_store_, *bus_, clock_,
                                         presentation_);
    executor_.post([this] {
      ASSERT_TRUE(bus_->start());
      process_->module->start();
    });
    executor_.run_ready();
  }
  void stop() {
    executor_.run(process_->module->stop());
    executor_.run(bus_->stop());
    process_.reset();
  }
  void publish(std::string_view type, std::int64_t key, std::string data) {
    const std::vector<messaging::Envelope> events{{.id = "e-" + std::to_string(++events_),
                                                   .type = std::string{type},
                                                   .source = "elsewhere",
                                                   .key = std::to_string(key),
                                                   .time = clock_.now(),
                                                   .data = std::move(data)}};
    ASSERT_TRUE(executor_.run(bus_->publish(events)));
    executor_.run_ready();
  }
  void ordered(std::int64_t id, std::optional<std::string> customer = std::nullopt) {
    contracts::OrderEvent event{.id = id, .menu_id = 1, .menu_name = "Gimbab", .quantity = 2};
    event.amount = 9000;
    event.created_at = clock_.now();
    event.customer_id = std::move(customer);
    publish(contracts::event::kOrdered, id,
            contracts::encode(contracts::event::kOrdered, clock_.now(), event));
  }
  void delivery(std::string_view type, std::int64_t order) {
    const contracts::DeliveryEvent event{100 + order, order, "", 1};
    publish(type, order, contracts::encode(type, clock_.now(), event));
  }
  http::HandClient client() {
    http::HandClient client{process_->router, executor_};
    client.set_caller(caller_);
    return client;
  }
  void as(std::string subject, std::string_view role = "customer") {
    auth::Principal caller{.subject = std::move(subject), .roles = {role}};
    caller_ = std::make_shared<const auth::Principal>(std::move(caller));
  }
  http::Response get(std::string target) { return client().get(std::move(target)); }
  http::Response rebuild() { return client().post("/actuator/projections/mypage", ""); }
  /// Seconds the oldest order has waited for its payment, as operators see it.
  double waited() {
    for (const service::Reading& reading : process_->module->readings()) {
      if (reading.tags.front().second == "open") return reading.read();
    }
    return -1;
  }

  std::filesystem::path folder_;
  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'614'070'595'000'000}};
  http::hal::Presentation presentation_;
  std::map<std::string, store::MemoryDisk> disks_;
  std::unique_ptr<store::Generations> generations_;
  store::MemoryDisk parking_disk_{"parking"};
  store::MemoryStore parking_store_{parking_disk_, clock_};
  std::shared_ptr<messaging::MemoryTopic> topic_ = std::make_shared<messaging::MemoryTopic>();
  std::unique_ptr<messaging::MemoryBus> bus_;
  std::unique_ptr<Process> process_;
  int events_ = 0;
  std::shared_ptr<const auth::Principal> caller_;
};

TEST_F(MypageHttp, a_customer_sees_their_own_lines_and_no_trace_of_others) {
  ordered(1, "kim");
  ordered(2, "lee");
  ordered(3);
  delivery(contracts::event::kDeliveryStarted, 1);
  delivery(contracts::event::kDeliveryStarted, 2);
  as("kim");
  const std::string own = get("/mypages").body;
  EXPECT_THAT(own, HasSubstr("/mypages/1\""));
  EXPECT_THAT(own, Not(HasSubstr("/mypages/2\"")));
  EXPECT_THAT(own, Not(HasSubstr("/mypages/3\"")));
  EXPECT_EQ(get("/mypages/1").status, 200);
  EXPECT_EQ(get("/mypages/2").status, 404);
  EXPECT_EQ(get("/mypages/3").status, 404);
  EXPECT_EQ(get("/mypages/1/events").status, 200);
  EXPECT_EQ(get("/mypages/2/events").status, 404);
  EXPECT_EQ(get("/mypages/search/findByOrderId?orderId=1").status, 200);
  EXPECT_EQ(get("/mypages/search/findByOrderId?orderId=2").status, 404);
  EXPECT_EQ(get("/mypages/search/findByDeliveryId?deliveryId=101").status, 200);
  EXPECT_EQ(get("/mypages/search/findByDeliveryId?deliveryId=102").status, 404);
  const std::string found = get("/mypages/search/findByStatus?status=ordered").body;
  EXPECT_THAT(found, HasSubstr("/mypages/1\""));
  EXPECT_THAT(found, Not(HasSubstr("/mypages/2\"")));
  EXPECT_THAT(get("/mypages/search/findByStatus?status=cancel").body,
              Not(HasSubstr("/mypages/1\"")));
  as("han", auth::kOperator);
  EXPECT_THAT(get("/mypages").body, HasSubstr("/mypages/3\""));
  EXPECT_EQ(get("/mypages/2").status, 200);
  EXPECT_EQ(get("/mypages/search/findByOrderId?orderId=2").status, 200);
}

TEST_F(MypageHttp, a_rebuilt_view_knows_whose_its_lines_are) {
  ordered(1, "kim");
  ASSERT_EQ(rebuild().status, 200);
  as("kim");
  EXPECT_EQ(get("/mypages/1").status, 200);
  as("lee");
  EXPECT_EQ(get("/mypages/1").status, 404);
}

TEST_F(MypageHttp, a_line_joins_an_order_with_its_delivery) {
  ordered(4);
  delivery(contracts::event::kDeliveryStarted, 4);
  const http::Response line = get("/mypages/4");
  EXPECT_EQ(line.status, 200);
  EXPECT_EQ(http::header_of(line, "ETag"), "\"2\"");
  EXPECT_EQ(line.body, R"({
  "orderId" : 4,
  "menuId" : 1,
  "menuNm" : "Gimbab",
  "deliveryId" : 104,
  "qty" : 2,
  "status" : "ordered",
  "deliveryStatus" : "started",
  "amount" : 9000,
  "currency" : "KRW",
  "paymentId" : null,
  "paymentStatus" : null,
  "version" : 2,
  "createdAt" : "2021-02-23T08:56:35.000Z",
  "updatedAt" : "2021-02-23T08:56:35.000Z",
  "_links" : {
    "self" : {
      "href" : "http://localhost:8080/mypages/4"
    },
    "mypage" : {
      "href" : "http://localhost:8080/mypages/4"
    },
    "stream" : {
      "href" : "http://localhost:8080/mypages/4/stream"
    },
    "events" : {
      "href" : "http://localhost:8080/mypages/4/events"
    }
  }
})");
}

TEST_F(MypageHttp, the_list_has_no_page_block_and_links_its_searches) {
  ordered(2);
  ordered(1);
  const http::Response list = get("/mypages");
  EXPECT_EQ(list.status, 200);
  EXPECT_THAT(list.body, Not(HasSubstr("\"page\"")));
  EXPECT_THAT(list.body, HasSubstr("http://localhost:8080/mypages/search"));
  EXPECT_THAT(list.body, HasSubstr("http://localhost:8080/profile/mypages"));
  EXPECT_LT(list.body.find("\"orderId\" : 1"), list.body.find("\"orderId\" : 2"));
  const http::Response searches = get("/mypages/search");
  EXPECT_THAT(searches.body, HasSubstr("/mypages/search/findByOrderId{?orderId}"));
  EXPECT_THAT(searches.body, HasSubstr("/mypages/search/findByDeliveryId{?deliveryId}"));
}

TEST_F(MypageHttp, is_found_by_order_delivery_and_status) {
  ordered(4);
  ordered(5);
  delivery(contracts::event::kDeliveryStarted, 4);
  const std::string four = get("/mypages/4").body;
  EXPECT_EQ(get("/mypages/search/findByOrderId?orderId=4").body, four);
  EXPECT_EQ(get("/mypages/search/findByDeliveryId?deliveryId=104").body, four);
  EXPECT_EQ(get("/mypages/search/findByOrderId?orderId=9").status, 404);
  EXPECT_EQ(get("/mypages/search/findByDeliveryId?deliveryId=9").status, 404);
  EXPECT_EQ(get("/mypages/search/findByOrderId").status, 400);
  EXPECT_EQ(get("/mypages/search/findByOrderId?orderId=x").status, 400);
  const auto both = get("/mypages/search/findByStatus?status=ordered");
  EXPECT_THAT(both.body, HasSubstr("/mypages/4"));
  EXPECT_THAT(both.body, HasSubstr("/mypages/5"));
  EXPECT_THAT(get("/mypages/search/findByStatus?status=ordered&size=1").body,
              Not(HasSubstr("/mypages/5\"")));
  EXPECT_THAT(get("/mypages/search/findByStatus?status=cancel").body, Not(HasSubstr("orderId")));
  EXPECT_EQ(get("/mypages/search/findByStatus?status=nonsense").status, 200);
}

TEST_F(MypageHttp, in_the_seeds_representation_only_its_members_are_shown) {
  presentation_.original_only = true;
  ordered(4);
  EXPECT_THAT(get("/mypages/4").body, Not(HasSubstr("paymentStatus")));
  EXPECT_THAT(get("/mypages/4").body, Not(HasSubstr("events")));
  EXPECT_THAT(get("/mypages/search").body, Not(HasSubstr("findByStatus")));
}

TEST_F(MypageHttp, is_read_only) {
  ordered(4);
  EXPECT_EQ(client().post("/mypages", "{}").status, 405);
  EXPECT_EQ(client().patch("/mypages/4", "{}").status, 405);
  EXPECT_EQ(client().put("/mypages/4", "{}").status, 405);
  EXPECT_EQ(client().erase("/mypages/4").status, 405);
  EXPECT_EQ(get("/mypages/9").status, 404);
}

TEST_F(MypageHttp, is_rebuilt_on_demand_with_foreign_events_and_without_damaged_ones) {
  ordered(4);
  publish("", 7,
          R"({"eventType":"Ordered","timestamp":"20210223085635","id":7,"menuId":1,)"
          R"("menuNm":"Juice","qty":1,"status":"ordered","me":true})");
  publish(contracts::event::kOrdered, 8, "{");
  executor_.advance(std::chrono::minutes{5});
  EXPECT_EQ(executor_.run(process_->parking->list(10)).value().size(), 1U);
  const std::string before = get("/mypages").body;
  const std::string events = get("/mypages/4/events").body;
  EXPECT_THAT(events, HasSubstr("\"type\" : \"Ordered\""));
  const http::Response report = rebuild();
  EXPECT_EQ(report.status, 200);
  EXPECT_EQ(report.content_type, "application/json");
  EXPECT_EQ(report.body, R"({"events":2,"lines":2,"differences":0})");
  EXPECT_EQ(get("/mypages").body, before);
  EXPECT_EQ(get("/mypages/4/events").body, events);
  EXPECT_THAT(get("/mypages/7").body, HasSubstr("Juice"));
}

TEST_F(MypageHttp, the_rebuilt_view_is_found_after_a_restart_and_goes_on_where_it_stood) {
  ordered(4);
  const std::string lineage = process_->lineage;
  EXPECT_THAT(lineage, StartsWith("mypage-"));
  EXPECT_EQ(rebuild().status, 200);
  ordered(5);
  stop();
  start();
  EXPECT_EQ(process_->lineage, lineage);
  EXPECT_EQ(get("/mypages/4").status, 200);
  EXPECT_EQ(get("/mypages/5").status, 200);
  EXPECT_EQ(topic_->positions.size(), 1U) << "one group for both views";
  ordered(6);
  EXPECT_EQ(get("/mypages/6").status, 200);
}

TEST_F(MypageHttp, a_view_made_anew_begins_at_the_earliest_event) {
  ordered(4);
  const std::string lineage = process_->lineage;
  stop();
  disks_.clear();
  std::filesystem::remove_all(folder_);
  start();
  EXPECT_NE(process_->lineage, lineage);
  EXPECT_EQ(get("/mypages/4").status, 200);
}

TEST_F(MypageHttp, a_view_made_anew_is_not_ready_before_it_knows_all_events_there_are) {
  EXPECT_TRUE(process_->module->ready());
  stop();
  for (int order = 1; order <= 5; ++order) {
    topic_->events.push_back({order - 1, {.id = "missed"}});
  }
  start();
  EXPECT_TRUE(process_->module->ready()) << "it was complete before";
  executor_.run_ready();
  stop();
  disks_.clear();
  std::filesystem::remove_all(folder_);
  process_ = std::make_unique<Process>(executor_, *generations_, parking_store_, *bus_, clock_,
                                       presentation_);
  EXPECT_FALSE(process_->module->ready());
  EXPECT_TRUE(std::isnan(waited())) << "old orders would seem to wait";
  EXPECT_EQ(get("/actuator/waiting-orders").status, 503) << "for the same reason";
  process_.reset();
  start();
  executor_.advance(std::chrono::seconds{1});
  EXPECT_TRUE(process_->module->ready());
}

TEST_F(MypageHttp, operators_see_how_long_the_oldest_order_without_a_delivery_has_waited) {
  executor_.advance(std::chrono::seconds{1});
  ordered(4);
  clock_.advance(std::chrono::minutes{3});
  executor_.advance(std::chrono::seconds{10});
  EXPECT_EQ(waited(), 180.0);
  EXPECT_EQ(get("/actuator/waiting-orders").body,
            R"({"waitingOrders":[{"orderId":4,"menuNm":"Gimbab","waitsFor":"payment",)"
            R"("createdAt":"2021-02-23T08:56:35.000Z"}]})");
  delivery(contracts::event::kDeliveryStarted, 4);
  executor_.advance(std::chrono::seconds{10});
  EXPECT_EQ(waited(), 0.0);
  EXPECT_EQ(get("/actuator/waiting-orders").body, R"({"waitingOrders":[]})");
}

TEST_F(MypageHttp, a_rebuild_that_cannot_be_made_current_is_503_and_the_view_goes_on) {
  ordered(4);
  std::filesystem::create_directory(folder_ / "CURRENT.new");
  EXPECT_EQ(rebuild().status, 503);
  ordered(5);
  EXPECT_EQ(get("/mypages/5").status, 200);
  std::filesystem::remove(folder_ / "CURRENT.new");
  EXPECT_EQ(rebuild().body, R"({"events":2,"lines":2,"differences":0})");
}

}  // namespace
}  // namespace baedal::mypage
