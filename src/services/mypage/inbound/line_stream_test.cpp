// A line as server-sent events: what is told, what is told again, and what never piles up.
#include "services/mypage/inbound/line_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/body_stream.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "services/mypage/app/mypage_test_support.hpp"

namespace baedal::mypage {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class LineStreamTest : public ::testing::Test {
 protected:
  LineStreamTest() { add_stream_route(router_, resources_, projection_, watchers_, presentation_); }

  void take_in(const Change& change) {
    const std::vector<Change> changes{change};
    ASSERT_TRUE(executor_.run(projection_.apply(changes)));
  }
  void ordered(std::int64_t id) {
    take_in({OrderId{id}, Timestamp{1}, OrderNews{OrderFacts{1, "김밥", 2}}});
  }
  void delivered(std::int64_t id, DeliveryStatus status) {
    take_in({OrderId{id}, Timestamp{2}, DeliveryNews{7, status}});
  }
  http::Response open(std::vector<http::Header> headers = {}) {
    return http::HandClient{router_, executor_}.get("/mypages/1/stream", std::move(headers));
  }
  /// The next piece; only where one is to come.
  std::string read(const http::Response& response) {
    const auto piece = executor_.run(response.stream->read());
    return piece ? std::string{*piece} : "error";
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'000'000}};
  ViewInMemory memory_{clock_};
  LineWatchers watchers_{WatchLimits{.all = 3, .of_client = 2}};
  Projection projection_{memory_.view(), &watchers_};
  MypageResources resources_{projection_};
  http::hal::Presentation presentation_;
  http::Router router_;
};

TEST_F(LineStreamTest, begins_with_the_line_as_it_is_and_goes_on_with_each_change) {
  ordered(1);
  const http::Response response = open();
  EXPECT_EQ(response.content_type, "text/event-stream");
  EXPECT_EQ(http::header_of(response, "Cache-Control"), "no-store");
  EXPECT_EQ(read(response), "retry: 2000\n\n");
  const std::string first = read(response);
  EXPECT_THAT(first, StartsWith("id: 1\ndata: {\ndata:   \"orderId\" : 1,\n"));
  EXPECT_THAT(first, HasSubstr("\"href\" : \"http://localhost:8080/mypages/1\""));
  EXPECT_THAT(first, EndsWith("data: }\n\n"));
  delivered(1, DeliveryStatus::kStarted);
  EXPECT_THAT(read(response), HasSubstr("id: 2\n"));
}

TEST_F(LineStreamTest, who_comes_back_hears_only_of_what_is_newer) {
  ordered(1);
  delivered(1, DeliveryStatus::kStarted);
  const http::Response behind = open({{"Last-Event-ID", "1"}});
  read(behind);
  EXPECT_THAT(read(behind), StartsWith("id: 2\n"));
  const http::Response level = open({{"Last-Event-ID", "2"}});
  read(level);
  delivered(1, DeliveryStatus::kComplete);
  EXPECT_THAT(read(level), StartsWith("id: 3\n"));
}

TEST_F(LineStreamTest, a_slow_reader_gets_the_latest_and_nothing_in_between) {
  ordered(1);
  const http::Response response = open();
  read(response);
  delivered(1, DeliveryStatus::kStarted);
  delivered(1, DeliveryStatus::kComplete);
  EXPECT_THAT(read(response), HasSubstr("\"complete\""));
  watchers_.end();
  EXPECT_EQ(read(response), "") << "and then there is nothing more";
}

TEST_F(LineStreamTest, a_quiet_line_says_now_and_then_that_it_is_there) {
  ordered(1);
  const http::Response response = open();
  read(response);
  read(response);
  executor_.post([&] { watchers_.start(); });
  EXPECT_EQ(read(response), ":\n\n");
}

TEST_F(LineStreamTest, an_order_nobody_knows_and_one_stream_too_many_are_refused) {
  EXPECT_EQ(open().status, 404);
  ordered(1);
  const http::Response first = open();
  const http::Response second = open();
  const http::Response third = open();
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(http::header_of(third, "Retry-After"), "10");
  EXPECT_EQ(watchers_.watching(), 2U) << "who got 404 does not watch";
  const auto other = watchers_.watch(OrderId{1}, "somebody else");
  const http::Response fourth = open();
  EXPECT_EQ(fourth.status, 503);
  EXPECT_EQ(http::header_of(fourth, "Retry-After"), "10");
}

TEST_F(LineStreamTest, a_client_that_has_gone_is_let_go) {
  ordered(1);
  http::Response response = open();
  read(response);
  response.stream->cancel();
  EXPECT_EQ(read(response).substr(0, 5), "id: 1") << "what was there is told first";
  EXPECT_EQ(read(response), "");
  response.stream.reset();
  EXPECT_EQ(watchers_.watching(), 0U);
}

}  // namespace
}  // namespace baedal::mypage
