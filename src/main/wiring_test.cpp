// The wired services over their real stores: what must outlive a rebuild and a restart.
#include "main/wiring.hpp"

#include <gtest/gtest.h>

#include "contracts/events.hpp"
#include "main/wiring_test_support.hpp"
#include "platform/tracing/http/traced_handler.hpp"

namespace baedal {
namespace {

messaging::Envelope ordered(std::string id, std::int64_t order, std::string data) {
  return {.id = std::move(id),
          .type = std::string{contracts::event::kOrdered},
          .source = "elsewhere",
          .key = std::to_string(order),
          .data = std::move(data)};
}

std::string readable(std::int64_t order) {
  const contracts::OrderEvent event{.id = order, .menu_id = 1, .menu_name = "Gimbab"};
  return contracts::encode(contracts::event::kOrdered, Timestamp{1}, event);
}

std::size_t parked_at_mypage(WiredServices& services) {
  return services.executor().run(services.host("mypage").parking->list(100)).value().size();
}

class ViewStores : public ::testing::TestWithParam<const char*> {};

TEST_P(ViewStores, what_mypage_has_parked_outlives_a_rebuild_of_the_view_and_a_restart) {
  DataFolder folder;
  const auto topic = std::make_shared<messaging::MemoryTopic>();
  {
    WiredServices services(folder, topic, GetParam());
    services.publish({ordered("e-1", 7, "{")});
    EXPECT_TRUE(services.wait_until([&] { return parked_at_mypage(services) == 1; }));
    http::Router management;
    services.host("mypage").module->add_management_routes(management);
    http::HandClient operator_client(management, services.executor());
    EXPECT_EQ(operator_client.post("/actuator/projections/mypage", "").status, 200);
    // After the rebuild too: behind the parked one, since it is of the same order.
    services.publish({ordered("e-2", 7, readable(7))});
    EXPECT_TRUE(services.wait_until([&] { return parked_at_mypage(services) == 2; }));
  }
  WiredServices services(folder, topic, GetParam());
  EXPECT_EQ(parked_at_mypage(services), 2U);
  services.publish({ordered("e-3", 8, readable(8))});
  auto client = services.client("mypage");
  EXPECT_TRUE(services.wait_until([&] { return client.get("/mypages/8").status == 200; }));
  EXPECT_EQ(client.get("/mypages/7").status, 404) << "held back until the operator retries";
}

INSTANTIATE_TEST_SUITE_P(Wiring, ViewStores, ::testing::Values("lmdb:mypage", "sqlite:mypage"),
                         [](const auto& view_store) {
                           return std::string{view_store.param}.substr(
                               0, std::string{view_store.param}.find(':'));
                         });

TEST(Wiring, every_service_goes_on_after_a_restart_with_what_it_had) {
  DataFolder folder;
  const auto topic = std::make_shared<messaging::MemoryTopic>();
  const auto has_started = [](WiredServices& services) {
    auto client = services.client("order");
    return services.wait_until(
        [&] { return client.get("/orders/1").body.find("\"started\"") != std::string::npos; });
  };
  {
    WiredServices services(folder, topic);
    EXPECT_EQ(services.client("menu").post("/menus", R"({"menuNm":"Gimbab"})").status, 201);
    EXPECT_EQ(services.client("order").post("/orders", R"({"menuId":1})").status, 201);
    EXPECT_TRUE(has_started(services));
  }
  WiredServices services(folder, topic);
  EXPECT_TRUE(has_started(services));
  EXPECT_EQ(services.client("order").patch("/orders/1", R"({"status":"cancel"})").status, 200);
  auto mypage = services.client("mypage");
  EXPECT_TRUE(services.wait_until(
      [&] { return mypage.get("/mypages/1").body.find("\"refunded\"") != std::string::npos; }));
}

/// The spans of a trace, each as "name(of the span above it)", sorted.
std::vector<std::string> lineage(const std::vector<tracing::Span>& spans) {
  std::vector<std::string> lines;
  for (const tracing::Span& span : spans) {
    const auto above = std::ranges::find_if(
        spans, [&](const tracing::Span& other) { return other.context.span_id == span.parent; });
    std::string line = span.name;
    const std::string type = tracing::attribute(span, "cloudevents.event_type");
    if (!type.empty()) line += " " + type;
    lines.push_back(line + " < " + (above == spans.end() ? "-" : above->name));
  }
  std::ranges::sort(lines);
  return lines;
}

TEST(Wiring, an_order_is_one_trace_from_its_request_to_the_customers_page) {
  DataFolder folder;
  WiredServices services(folder, std::make_shared<messaging::MemoryTopic>());
  EXPECT_EQ(services.client("menu").post("/menus", R"({"menuNm":"Gimbab"})").status, 201);
  tracing::TracedHandler traced(*services.host("order").router, services.tracer(), {});
  http::HandClient client(traced, services.executor());
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  EXPECT_EQ(client
                .post("/orders", R"({"menuId":1})",
                      {{"traceparent", "00-" + trace + "-00f067aa0ba902b7-01"}})
                .status,
            201);
  const auto of_trace = [&] {
    std::vector<tracing::Span> spans = services.spans();
    std::erase_if(spans, [&](const auto& span) { return span.context.trace_id.text() != trace; });
    return spans;
  };
  const std::vector<std::string> whole{
      "POST /orders < -", "commit < POST /orders",
      // The payment as it is requested and as it is paid, the order twice, the delivery; the view
      // has no outbox.
      "commit < process topic", "commit < process topic", "commit < process topic",
      "commit < process topic", "commit < process topic",
      "process topic DeliveryStarted < publish topic",
      "process topic DeliveryStarted < publish topic", "process topic Ordered < publish topic",
      "process topic Ordered < publish topic", "process topic Paid < publish topic",
      "process topic Paid < publish topic", "process topic Paid < publish topic",
      "publish topic DeliveryStarted < process topic", "publish topic Ordered < POST /orders",
      "publish topic Paid < process topic"};
  EXPECT_TRUE(services.wait_until([&] { return of_trace().size() >= whole.size(); }));
  EXPECT_EQ(lineage(of_trace()), whole);
}

}  // namespace
}  // namespace baedal
