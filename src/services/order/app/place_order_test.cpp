// Placing an order: where the menu comes from, what is refused, and that a key places once.
#include <gmock/gmock.h>

#include "services/order/app/order_test_support.hpp"

namespace baedal::order {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const OnceKey kKey{"http:k", 42};

TEST(PlaceOrder, of_a_menu_never_heard_of_asks_the_menu_service) {
  OrderService service;
  const auto placed = service.place_now();
  ASSERT_TRUE(placed);
  EXPECT_EQ(service.menus.asked, 1);
  EXPECT_EQ(placed->value.menu_name, "Gimbab");
  EXPECT_EQ(placed->value.amount, 9000);
  EXPECT_EQ(placed->value.status, OrderStatus::kOrdered);
  EXPECT_EQ(service.find(OrderId{1})->amount, 9000);
  EXPECT_THAT(service.told(), ElementsAre("Ordered 1 ordered v1"));
}

TEST(PlaceOrder, of_a_menu_known_by_its_events_asks_nobody) {
  OrderService service;
  service.menus.reachable = false;
  MenuItem item = OrderService::gimbab();
  item.price = Money{5000};
  ASSERT_TRUE(service.hear(item, "e-1"));
  const auto placed = service.place_now();
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed->value.amount, 10'000);
  EXPECT_EQ(service.menus.asked, 0);
}

TEST(PlaceOrder, is_refused_and_leaves_nothing_when_the_menu_cannot_be_ordered) {
  struct Case {
    const char* name;
    void (*prepare)(OrderService&);
    ErrorKind kind;
    const char* code;
  };
  const Case cases[] = {{"unknown", [](OrderService& s) { s.menus.items.clear(); },
                         ErrorKind::kUnprocessable, "menu-unknown"},
                        {"unreachable", [](OrderService& s) { s.menus.reachable = false; },
                         ErrorKind::kUnavailable, "menu-unreachable"},
                        {"deleted",
                         [](OrderService& s) {
                           MenuItem item = OrderService::gimbab();
                           item.deleted = true;
                           s.hear(item, "e-1").value();
                         },
                         ErrorKind::kUnprocessable, "menu-unknown"},
                        {"sold out",
                         [](OrderService& s) {
                           MenuItem item = OrderService::gimbab();
                           item.sold_out = true;
                           s.hear(item, "e-1").value();
                         },
                         ErrorKind::kUnprocessable, "menu-sold-out"},
                        {"sold out, as the menu service says",
                         [](OrderService& s) { s.menus.items.at(1).sold_out = true; },
                         ErrorKind::kUnprocessable, "menu-sold-out"}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    OrderService service;
    c.prepare(service);
    const auto refused = service.place_now(kKey);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, c.kind);
    EXPECT_EQ(refused.error().code, c.code);
    EXPECT_THAT(service.rows(), IsEmpty());
    EXPECT_THAT(service.told(), IsEmpty());
  }
}

TEST(PlaceOrder, a_refusal_is_not_kept_with_the_key) {
  OrderService service;
  service.menus.reachable = false;
  EXPECT_FALSE(service.place_now(kKey));
  service.menus.reachable = true;
  const auto placed = service.place_now(kKey);
  ASSERT_TRUE(placed);
  EXPECT_FALSE(placed->replayed);
}

TEST(PlaceOrder, a_key_places_once_and_gives_the_first_answer_whatever_became_of_the_menu) {
  struct Case {
    const char* name;
    void (*change)(OrderService&);
  };
  const Case cases[] = {
      {"nothing", [](OrderService&) {}},
      {"sold out",
       [](OrderService& s) {
         MenuItem item = OrderService::gimbab();
         item.sold_out = true;
         s.hear(item, "e-1").value();
       }},
      {"gone, and no event told of it", [](OrderService& s) { s.menus.items.clear(); }},
      {"not to be asked", [](OrderService& s) { s.menus.reachable = false; }}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    OrderService service;
    const auto first = service.place_now(kKey);
    service.clock.advance(std::chrono::seconds{1});
    c.change(service);
    const auto again = service.place_now(kKey);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->replayed);
    EXPECT_EQ(again->value.id, first->value.id);
    EXPECT_EQ(again->value.created_at, first->value.created_at);
    EXPECT_EQ(service.rows().size(), 1U);
    EXPECT_EQ(service.told().size(), 1U);
    const auto mismatch = service.place_now(OnceKey{kKey.key, kKey.fingerprint + 1});
    EXPECT_EQ(mismatch.error().kind, ErrorKind::kIdempotencyMismatch);
  }
}

TEST(PlaceOrder, without_a_key_places_each_time) {
  OrderService service;
  EXPECT_NE(service.place_now()->value.id, service.place_now()->value.id);
  EXPECT_EQ(service.told().size(), 2U);
}

TEST(PlaceOrder, fifty_at_once_with_one_key_are_one_order) {
  OrderService service;
  const PlaceOrderCommand command{.menu = MenuId{1}, .quantity = 2, .key = kKey};
  std::vector<Committed<Order>> answers;
  auto place_one = [&]() -> Task<void> {
    auto placed = co_await service.place.run(command);
    answers.push_back(std::move(placed.value()));
  };
  for (int i = 0; i < 50; ++i) service.executor.post([&] { spawn(place_one()); });
  service.executor.run_ready();
  ASSERT_EQ(answers.size(), 50U);
  for (const auto& answer : answers) EXPECT_EQ(answer.value.id, answers.front().value.id);
  EXPECT_EQ(std::ranges::count(answers, false, &Committed<Order>::replayed), 1);
  EXPECT_EQ(service.rows().size(), 1U);
  EXPECT_EQ(service.told().size(), 1U);
}

TEST(PlaceOrder, the_payment_token_goes_out_with_the_event_and_is_kept_nowhere) {
  OrderService service;
  const PlaceOrderCommand command{MenuId{1}, 1, "tok_secret", kKey};
  const auto placed = service.place_now(command);
  ASSERT_TRUE(placed);
  const auto ordered = contracts::decode_order_event(service.outbox().at(0).event.data);
  EXPECT_EQ(ordered->payment_token, "tok_secret");
  for (const store::Row& row : service.rows()) {
    for (const store::Value& cell : row) {
      const auto* text = std::get_if<std::string>(&cell);
      EXPECT_TRUE(text == nullptr || text->find("tok_") == std::string::npos);
    }
  }
  // The answer kept with the key, as it lies in the store.
  auto unseen = [](store::Tx&) -> Result<std::string> {
    return fail(ErrorKind::kInternal, "ran-again", "");
  };
  const auto kept = service.executor.run(service.memory.commit_once(kKey, unseen));
  ASSERT_TRUE(kept);
  EXPECT_THAT(kept->answer, HasSubstr("Gimbab"));
  EXPECT_THAT(kept->answer, Not(HasSubstr("tok_")));
  service.cancel_now(placed->value.id).value();
  EXPECT_THAT(service.outbox().at(1).event.data, Not(HasSubstr("tok_")));
}

}  // namespace
}  // namespace baedal::order
