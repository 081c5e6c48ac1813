// What an order has gone through, as the API tells it.
#include "services/mypage/inbound/line_steps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/testing/hand_client.hpp"
#include "services/mypage/app/mypage_test_support.hpp"
#include "services/mypage/outbound/mypage_table.hpp"

namespace baedal::mypage {
namespace {

using ::testing::HasSubstr;

class LineStepsTest : public ::testing::Test {
 protected:
  LineStepsTest() { add_events_route(router_, resources_, projection_, presentation_); }

  void take_in(Change change) {
    const std::vector<Change> changes{std::move(change)};
    ASSERT_TRUE(executor_.run(projection_.apply(changes)));
  }
  void ordered(const std::string& event = "5eed-1") {
    take_in({OrderId{1}, Timestamp{1'000'000}, OrderNews{OrderFacts{1, "김밥", 2}}, event});
  }
  void payment(PaymentStatus status, std::int64_t time, const std::string& event) {
    take_in({OrderId{1}, Timestamp{time}, PaymentNews{7, status}, event});
  }
  http::Response get(std::vector<http::Header> headers = {},
                     const std::string& path = "/mypages/1/events") {
    return http::HandClient{router_, executor_}.get(path, std::move(headers));
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'000'000}};
  ViewInMemory memory_{clock_};
  Projection projection_{memory_.view()};
  MypageResources resources_{projection_};
  http::hal::Presentation presentation_;
  http::Router router_;
};

TEST_F(LineStepsTest, each_step_is_told_with_its_event_its_service_and_its_time) {
  ordered();
  payment(PaymentStatus::kPaid, 2'500'000, "5eee-1");
  const http::Response response = get();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/hal+json");
  EXPECT_EQ(response.body, R"({
  "_embedded" : {
    "events" : [ {
      "type" : "Ordered",
      "id" : "5eed-1",
      "service" : "order",
      "time" : "1970-01-01T00:00:01.000Z"
    }, {
      "type" : "Paid",
      "id" : "5eee-1",
      "service" : "payment",
      "time" : "1970-01-01T00:00:02.500Z"
    } ]
  },
  "_links" : {
    "self" : {
      "href" : "http://localhost:8080/mypages/1/events"
    },
    "mypage" : {
      "href" : "http://localhost:8080/mypages/1"
    }
  }
})");
}

TEST_F(LineStepsTest, every_type_of_event_the_view_is_made_of_has_its_word) {
  ordered();
  take_in({OrderId{1}, Timestamp{2}, OrderNews{{}, OrderStatus::kCancelled}, "o-2"});
  for (const auto status :
       {PaymentStatus::kPaid, PaymentStatus::kDeclined, PaymentStatus::kRefunded}) {
    payment(status, 3, "p-1");
  }
  for (const auto status :
       {DeliveryStatus::kStarted, DeliveryStatus::kComplete, DeliveryStatus::kCancelled}) {
    take_in({OrderId{1}, Timestamp{4}, DeliveryNews{7, status}, "d-1"});
  }
  const std::string body = get().body;
  for (const char* type : {"Ordered", "OrderCancelled", "Paid", "PaymentFailed", "PaymentRefunded",
                           "DeliveryStarted", "DeliveryCompleted", "DeliveryCancelled"}) {
    EXPECT_THAT(body, HasSubstr("\"type\" : \"" + std::string{type} + "\""));
  }
}

TEST_F(LineStepsTest, the_tag_changes_with_a_step_that_is_heard_of_late) {
  ordered();
  payment(PaymentStatus::kRefunded, 3'000'000, "p-2");
  const std::string before = std::string{http::header_of(get(), "ETag")};
  EXPECT_EQ(get({{"If-None-Match", before}}).status, 304);
  ordered();
  EXPECT_EQ(get({{"If-None-Match", before}}).status, 304) << "said again";
  payment(PaymentStatus::kPaid, 2'000'000, "p-1");
  const http::Response after = get({{"If-None-Match", before}});
  EXPECT_EQ(after.status, 200);
  EXPECT_LT(after.body.find("p-1"), after.body.find("p-2"));
}

TEST_F(LineStepsTest, what_is_not_there_and_what_cannot_be_given_is_refused) {
  EXPECT_EQ(get().status, 404);
  ordered();
  EXPECT_EQ(get({}, "/mypages/x/events").status, 404);
  EXPECT_EQ(get({}, "/mypages/2/events").status, 404);
  EXPECT_EQ(get({{"Accept", "text/html"}}).status, 406);
  EXPECT_EQ(get({{"Accept", "application/json"}}).content_type, "application/json");
  memory_.faulty.fail_call(1, store::FaultMode::kRefused);
  EXPECT_EQ(get().status, 503);
}

TEST_F(LineStepsTest, a_line_of_before_steps_were_kept_has_none) {
  auto body = [](store::Tx& tx) -> Result<std::string> {
    store::Row row(std::size(kColumns));
    row[kOrderId] = std::int64_t{1};
    row[kUpdatedAt] = std::int64_t{1};
    EXPECT_TRUE(tx.insert(kMypages, row));
    return std::string{};
  };
  const OnceKey key = OnceKey::none();
  ASSERT_TRUE(executor_.run(memory_.memory.commit_once(key, body)));
  EXPECT_THAT(get().body, HasSubstr("\"events\" : [ ]"));
}

}  // namespace
}  // namespace baedal::mypage
