// The table of roles says what the modules really do.
#include "main/roles.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "kernel/json/parse.hpp"
#include "main/wiring_test_support.hpp"

namespace baedal {
namespace {

using ::testing::StartsWith;
using Types = std::set<std::string, std::less<>>;

constexpr std::string_view kAllTypes[] = {
    contracts::event::kMenuCreated,       contracts::event::kMenuChanged,
    contracts::event::kMenuDeleted,       contracts::event::kOrdered,
    contracts::event::kOrderCancelled,    contracts::event::kPaid,
    contracts::event::kPaymentFailed,     contracts::event::kPaymentRefunded,
    contracts::event::kDeliveryStarted,   contracts::event::kDeliveryCompleted,
    contracts::event::kDeliveryCancelled, "SomethingElse"};

Types types_of(std::span<const std::string_view> words) { return {words.begin(), words.end()}; }

class RoleTable : public ::testing::Test {
 protected:
  DataFolder folder_;
  std::shared_ptr<messaging::MemoryTopic> topic_ = std::make_shared<messaging::MemoryTopic>();
  WiredServices services_{folder_, topic_};
};

TEST_F(RoleTable, listens_to_exactly_what_the_modules_registered_handlers_for) {
  // Nobody can read these: whoever has a handler for the type parks the event.
  std::vector<messaging::Envelope> unreadable;
  for (const std::string_view type : kAllTypes) {
    unreadable.push_back({.id = "e-" + std::string{type},
                          .type = std::string{type},
                          .source = "test",
                          .key = std::string{type},
                          .data = "{"});
  }
  services_.publish(unreadable);
  for (const Role& role : kRoles) {
    if (role.store.empty()) continue;
    SCOPED_TRACE(role.name);
    ServiceHost& host = services_.host(role.name);
    EXPECT_EQ(host.subscriber != nullptr, !role.listens.empty());
    if (!host.subscriber) continue;
    EXPECT_TRUE(services_.wait_until([&] {
      const auto stats = host.subscriber->stats();
      return stats.parked + stats.ignored + stats.handled == unreadable.size();
    }));
    Types parked;
    const auto events = services_.executor().run(host.parking->list(100)).value();
    for (const auto& event : events) parked.insert(event.envelope.type);
    EXPECT_EQ(parked, types_of(role.listens));
  }
}

TEST_F(RoleTable, publishes_exactly_what_the_services_tell_in_the_course_of_the_whole_story) {
  auto menu = services_.client("menu");
  auto order = services_.client("order");
  auto delivery = services_.client("delivery");
  const auto shows = [&](http::HandClient& client, const char* path, const char* text) {
    return services_.wait_until(
        [&] { return client.get(path).body.find(text) != std::string::npos; });
  };
  EXPECT_EQ(menu.post("/menus", R"({"menuNm":"Gimbab","price":4500})").status, 201);
  EXPECT_EQ(menu.patch("/menus/1", R"({"price":5000})").status, 200);
  for (const char* body :
       {R"({"menuId":1})", R"({"menuId":1})", R"({"menuId":1,"paymentToken":"tok_decline"})"}) {
    EXPECT_EQ(order.post("/orders", body).status, 201);
  }
  EXPECT_TRUE(shows(order, "/orders/1", "\"deliveryStatus\" : \"started\""));
  EXPECT_TRUE(shows(order, "/orders/2", "\"deliveryStatus\" : \"started\""));
  EXPECT_TRUE(shows(order, "/orders/3", "\"status\" : \"cancel\""));
  EXPECT_EQ(order.patch("/orders/2", R"({"status":"cancel"})").status, 200);
  EXPECT_TRUE(shows(order, "/orders/2", "\"paymentStatus\" : \"refunded\""));
  const auto first = json::parse(order.get("/orders/1").body).value();
  const auto id = *first.get<json::Object>()->find("deliveryId")->get<std::int64_t>();
  EXPECT_EQ(delivery.patch("/deliveries/" + std::to_string(id), R"({"status":"complete"})").status,
            200);
  EXPECT_TRUE(shows(order, "/orders/1", "\"deliveryStatus\" : \"complete\""));
  EXPECT_EQ(menu.erase("/menus/1").status, 204);

  const auto told = [&] {
    std::map<std::string, Types, std::less<>> by_source;
    const std::lock_guard lock(topic_->mutex);
    for (const auto& event : topic_->events)
      by_source[event.envelope.source].insert(event.envelope.type);
    return by_source;
  };
  EXPECT_TRUE(services_.wait_until([&] { return told()["menu"].contains("MenuDeleted"); }));
  std::map<std::string, Types, std::less<>> expected;
  for (const Role& role : kRoles) {
    if (!role.publishes.empty()) expected.emplace(role.name, types_of(role.publishes));
  }
  EXPECT_EQ(told(), expected);
}

TEST_F(RoleTable, serves_its_paths_and_calls_only_roles_that_exist) {
  for (const Role& role : kRoles) {
    for (const std::string_view needed : role.needs) EXPECT_NE(find_role(needed), nullptr);
    if (role.store.empty()) continue;
    for (const auto& [method, pattern] : services_.host(role.name).router->routes()) {
      if (pattern.starts_with("/profile")) continue;
      EXPECT_THAT(pattern, StartsWith(role.path)) << method;
    }
  }
}

}  // namespace
}  // namespace baedal
