// Whose an order is: what customers see and do, and what others do not learn by asking.
#include <gmock/gmock.h>

#include "platform/auth/principal.hpp"
#include "services/order/module_test_support.hpp"
#include "services/order/outbound/order_tables.hpp"

namespace baedal::order {
namespace {

using ::testing::HasSubstr;

class OwnOrders : public OrderHttp {
 protected:
  void as(std::string subject, std::string_view role) {
    auth::Principal caller{.subject = std::move(subject), .roles = {role}};
    client_.set_caller(std::make_shared<const auth::Principal>(std::move(caller)));
  }
  void as_customer(std::string subject) { as(std::move(subject), "customer"); }
  std::string listed(const std::string& query = {}) {
    const http::Response answer = client_.get("/orders" + query, {{"Accept", "text/uri-list"}});
    EXPECT_EQ(answer.status, 200);
    std::string ids;
    for (std::size_t at = 0; (at = answer.body.find("/orders/", at)) != std::string::npos;) {
      at += std::string_view{"/orders/"}.size();
      ids += answer.body.substr(at, answer.body.find('\n', at) - at) + " ";
    }
    return ids;
  }
};

TEST_F(OwnOrders, a_customer_sees_and_cancels_what_is_theirs) {
  as_customer("kim");
  EXPECT_EQ(place().status, 201);
  EXPECT_EQ(client_.get("/orders/1").status, 200);
  EXPECT_EQ(client_.send(http::Method::kHead, "/orders/1").status, 204);
  EXPECT_EQ(patch(kCancel).status, 200);
}

TEST_F(OwnOrders, anothers_order_and_none_at_all_are_the_same_404) {
  as_customer("kim");
  place();
  as_customer("lee");
  const auto ask = [this](std::int64_t id, int way) {
    const std::string path = "/orders/" + std::to_string(id);
    if (way == 0) return client_.get(path);
    if (way == 1) return client_.send(http::Method::kHead, path);
    if (way == 2) return client_.patch(path, std::string{kCancel});
    if (way == 3) return client_.put(path, std::string{kCancel});
    return client_.patch(path, R"([{"op":"replace","path":"/status","value":"cancel"}])",
                         {{"Content-Type", "application/json-patch+json"}});
  };
  for (int way = 0; way < 5; ++way) {
    http::Response anothers = ask(1, way);
    const http::Response missing = ask(9, way);
    EXPECT_EQ(anothers.status, 404) << way;
    for (std::size_t at = 0; (at = anothers.body.find("/orders/1", at)) != std::string::npos;) {
      anothers.body[at + 8] = '9';
    }
    EXPECT_EQ(http::without_timestamp(anothers), http::without_timestamp(missing)) << way;
  }
  EXPECT_EQ(deliveries_.asked, 0);
  EXPECT_EQ(events_told(), 1U);
}

TEST_F(OwnOrders, lists_are_of_own_orders_with_their_own_total) {
  for (const char* subject : {"kim", "lee", "kim", "kim"}) {
    as_customer(subject);
    EXPECT_EQ(place().status, 201);
  }
  as_customer("kim");
  EXPECT_EQ(listed(), "1 3 4 ");
  EXPECT_EQ(listed("?sort=orderId,desc"), "4 3 1 ");
  EXPECT_EQ(listed("?size=2&page=1"), "4 ");
  EXPECT_THAT(client_.get("/orders?size=2").body, HasSubstr("\"totalElements\" : 3"));
  as_customer("park");
  EXPECT_EQ(listed(), "");
  EXPECT_THAT(client_.get("/orders").body, HasSubstr("\"totalElements\" : 0"));
}

TEST_F(OwnOrders, operators_and_merchants_see_all_of_them) {
  as_customer("kim");
  place();
  client_.set_caller(nullptr);
  place();
  as("han", auth::kOperator);
  EXPECT_EQ(listed(), "1 2 ");
  EXPECT_EQ(client_.patch("/orders/1", std::string{kCancel}).status, 200);
  as("cho", "merchant");
  EXPECT_EQ(listed(), "1 2 ");
  as_customer("kim");
  EXPECT_EQ(client_.get("/orders/2").status, 404) << "nobody's is not everybody's";
}

TEST_F(OwnOrders, the_event_says_whose_it_is_and_only_then) {
  place();
  as_customer("kim");
  place();
  const auto rows = executor_.run(store_.read_outbox(0, 10)).value();
  EXPECT_EQ(contracts::decode_order_event(rows[0].event.data)->customer_id, std::nullopt);
  EXPECT_EQ(rows[0].event.data.find("customerId"), std::string::npos);
  EXPECT_EQ(contracts::decode_order_event(rows[1].event.data)->customer_id, "kim");
}

TEST_F(OwnOrders, where_nobody_says_who_they_are_an_order_is_one_row) {
  place();
  EXPECT_EQ(executor_.run(store_.find(kOrderCustomers, 1)).value(), std::nullopt);
}

TEST_F(OwnOrders, an_idempotency_key_is_each_customers_own) {
  const std::vector<http::Header> key{{"Idempotency-Key", "again"}};
  as_customer("kim");
  const http::Response first = place(key);
  as_customer("lee");
  const http::Response anothers = place(key);
  EXPECT_EQ(http::header_of(anothers, "Location"), "http://localhost:8080/orders/2")
      << "not kim's order";
  EXPECT_EQ(http::header_of(anothers, "Idempotent-Replayed"), "");
  as_customer("kim");
  const http::Response again = place(key);
  EXPECT_EQ(http::header_of(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(again.body, first.body);
}

}  // namespace
}  // namespace baedal::order
