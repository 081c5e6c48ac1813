// A courier takes a delivery, and then alone completes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contracts/events.hpp"
#include "platform/auth/principal.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "services/delivery/app/delivery_test_support.hpp"
#include "services/delivery/module.hpp"

namespace baedal::delivery {
namespace {

using ::testing::HasSubstr;

class DeliveryClaims : public ::testing::Test {
 protected:
  DeliveryClaims() {
    module_->add_routes(router_);
    for (const std::int64_t order : {7, 8}) EXPECT_TRUE(service_.start_now(OrderId{order}));
  }
  void as(std::string subject, std::string_view role = "courier") {
    auth::Principal caller{.subject = std::move(subject), .roles = {role}};
    client_.set_caller(std::make_shared<const auth::Principal>(std::move(caller)));
  }
  http::Response claim(int id = 1) {
    return client_.post("/deliveries/" + std::to_string(id) + "/claim", "");
  }
  http::Response change(const std::string& status) {
    return client_.patch("/deliveries/1", R"({"status":")" + status + R"("})");
  }

  DeliveryService service_;
  http::hal::Presentation presentation_;
  std::unique_ptr<DeliveryModule> module_ =
      make_module({service_.memory, service_.clock, presentation_});
  http::Router router_;
  http::HandClient client_{router_, service_.executor};
};

TEST_F(DeliveryClaims, who_has_taken_it_completes_it) {
  as("kang");
  EXPECT_EQ(claim().status, 204);
  EXPECT_EQ(claim().status, 204) << "once more is the same";
  EXPECT_EQ(change("complete").status, 200);
  EXPECT_EQ(change("complete").status, 200);
}

TEST_F(DeliveryClaims, nobody_else_takes_or_completes_it) {
  as("kang");
  claim();
  as("shin");
  const http::Response late = claim();
  EXPECT_EQ(late.status, 409);
  EXPECT_THAT(late.body, HasSubstr("delivery-taken"));
  const http::Response refused = change("complete");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr("delivery-not-yours"));
  EXPECT_EQ(service_.of_order(OrderId{7})->status, DeliveryStatus::kStarted);
}

TEST_F(DeliveryClaims, what_nobody_has_taken_no_courier_completes) {
  as("kang");
  EXPECT_EQ(change("complete").status, 409);
  EXPECT_EQ(client_.put("/deliveries/1", R"({"status":"complete"})").status, 409);
}

TEST_F(DeliveryClaims, a_courier_does_not_cancel) {
  as("kang");
  claim();
  const http::Response refused = change("cancelled");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("not-for-couriers"));
}

TEST_F(DeliveryClaims, an_operator_needs_to_take_nothing) {
  as("kang");
  claim();
  as("han", auth::kOperator);
  EXPECT_EQ(change("complete").status, 200);
}

TEST_F(DeliveryClaims, only_what_is_under_way_is_taken) {
  client_.set_caller(nullptr);
  change("complete");
  as("kang");
  EXPECT_THAT(claim().body, HasSubstr("delivery-over"));
  EXPECT_EQ(claim(9).status, 404);
  EXPECT_EQ(client_.post("/deliveries/x/claim", "").status, 404);
}

TEST_F(DeliveryClaims, where_nobody_says_who_they_are_nothing_is_kept) {
  EXPECT_EQ(claim().status, 204);
  EXPECT_EQ(claim(9).status, 404);
  as("kang");
  EXPECT_EQ(claim().status, 204);
}

}  // namespace
}  // namespace baedal::delivery
