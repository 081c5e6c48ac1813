#include "simulation/people.hpp"

#include <array>
#include <utility>

#include "kernel/json/parse.hpp"

namespace baedal::simulation {
namespace {

using namespace std::chrono_literals;
using http::Method;

constexpr std::int64_t kMenus = 2;
constexpr int kTriesMax = 8;
constexpr std::chrono::seconds kWait{3};  ///< for one answer

std::optional<std::int64_t> number_in(const http::Response& answer, std::string_view member) {
  const auto body = json::parse(answer.body);
  const auto* object = body ? body->get<json::Object>() : nullptr;
  const json::Value* value = object != nullptr ? object->find(member) : nullptr;
  const auto* number = value != nullptr ? value->get<std::int64_t>() : nullptr;
  return number != nullptr ? std::optional{*number} : std::nullopt;
}

bool says(const http::Response& answer, std::string_view words) {
  return answer.body.find(words) != std::string::npos;
}

std::string a_name(const char* prefix, std::int64_t number) {
  return prefix + std::to_string(number);
}

}  // namespace

People::People(const Plan& plan, Surroundings& world, VirtualExecutor& outside)
    : plan_(plan),
      world_(world),
      network_(world.network),
      outside_(outside),
      weather_(world.weather),
      story_(world.story),
      chance_(Chance(plan.seed).fork("people")) {}

void People::start() {
  outside_.post([this] {
    spawn(counted(run_shop()));
    for (int i = 1; i <= plan_.customers; ++i) spawn(counted(be_customer(i)));
    spawn(counted(operate()));
    spawn(be_courier());
    spawn(be_courier());
  });
}

Task<void> People::counted(Task<void> task) {
  ++busy_;
  co_await task;
  --busy_;
}

Task<void> People::pause(std::chrono::microseconds longest) {
  co_await sleep_for(chance_.between(0us, longest));
}

Task<People::Asked> People::ask(std::string role, Method method, std::string target,
                                std::string body, std::string key) {
  Packet packet{method, target, {{"Accept", "*/*"}}, body};
  if (!body.empty()) packet.headers.push_back({"Content-Type", "application/json"});
  if (!key.empty()) packet.headers.push_back({"Idempotency-Key", key});
  // What only operators call is not behind the gateway.
  if (plan_.by_gateway && !plan_.in_one && !target.starts_with("/actuator")) role = "gateway";
  const auto instances = world_.instances_of(role);
  std::string host = instances.at(static_cast<std::size_t>(chance_.below(std::ssize(instances))));
  auto sending = network_.send("people", std::move(host), std::move(packet), kWait);
  auto answer = co_await sending;
  if (story_.on() && method != Method::kGet) {
    std::string line{http::to_string(method)};
    line += " " + target + " " + body + (key.empty() ? "" : " key " + key) + " -> ";
    line += answer ? std::to_string(answer->status) : std::string{http::to_string(answer.error())};
    story_.tell("people", line);
  }
  ++witness_.answers;
  if (!answer) co_return std::nullopt;
  co_return std::move(*answer);
}

/// Registers its menus, then changes its mind now and then. It never gives up; beyond its key's
/// time a menu may be there twice, and nobody minds.
Task<void> People::run_shop() {
  for (std::int64_t i = 1; i <= kMenus; ++i) {
    for (bool done = false; !done && !going_home_;) {
      done = co_await register_menu(i);
      co_await pause(500ms);
    }
  }
  const std::int64_t changes = chance_.below(6);
  for (std::int64_t i = 0; i < changes; ++i) {
    co_await pause(10s);
    constexpr std::array<const char*, 3> kChanges{R"({"soldOut":true})", R"({"soldOut":false})",
                                                  R"({"price":5200})"};
    const std::string target = a_name("/menus/", chance_.between(1, kMenus));
    const std::string body = kChanges.at(static_cast<std::size_t>(chance_.below(3)));
    auto asking = ask("menu", Method::kPatch, target, body, "");
    static_cast<void>(co_await asking);
  }
  for (std::int64_t i = 1; i <= kMenus; ++i) {
    const std::string target = a_name("/menus/", i);
    auto asking = ask("menu", Method::kPatch, target, R"({"soldOut":false})", "");
    static_cast<void>(co_await asking);
  }
}

Task<bool> People::register_menu(std::int64_t number) {
  const std::string body = R"({"menuNm":"Gimbab )" + std::to_string(number) + R"(","price":4500})";
  const std::string key = a_name("menu-", number);
  auto asking = ask("menu", Method::kPost, "/menus", body, key);
  const auto answer = co_await asking;
  co_return answer.has_value() && answer->status == 201;
}

Task<void> People::be_customer(int number) {
  co_await pause(8s);
  constexpr std::array<const char*, 5> kTokens{"", "", "tok_approve", "tok_decline",
                                               "tok_refund_fails_twice"};
  const Wish wish{.key = a_name("customer-", number),
                  .menu = chance_.between(1, kMenus),
                  .quantity = chance_.between(1, 3),
                  .token = kTokens.at(static_cast<std::size_t>(chance_.below(5)))};
  witness_.wanted.insert(wish.key);
  const std::int64_t order = co_await place(wish);
  if (order == 0 || chance_.happens(350)) co_return;
  co_await pause(chance_.happens(500) ? 200ms : 12s);
  const std::string key = chance_.happens(500) ? wish.key + "-cancel" : std::string{};
  if (chance_.happens(300)) spawn(counted(cancel(order, key)));
  auto cancelling = cancel(order, key);
  co_await cancelling;
}

/// The order's number; 0 when there is none as far as the customer knows.
Task<std::int64_t> People::place(const Wish& wish) {
  // A double click.
  if (chance_.happens(300)) {
    auto other = [](People& people, Wish same) -> Task<void> {
      static_cast<void>(co_await people.place_once(same));
    };
    spawn(counted(other(*this, wish)));
  }
  const auto give_up = outside_.now() + plan_.patience;
  for (int tries = 0; tries < kTriesMax && outside_.now() <= give_up; ++tries) {
    const std::int64_t order = co_await place_once(wish);
    if (order != 0) co_return order;
    co_await pause(2s);
  }
  co_return 0;
}

Task<std::int64_t> People::place_once(const Wish& wish) {
  std::string body = R"({"menuId":)" + std::to_string(wish.menu) + R"(,"qty":")" +
                     std::to_string(wish.quantity) + '"';
  if (!wish.token.empty()) body += R"(,"paymentToken":")" + wish.token + '"';
  body += '}';
  const std::string key = wish.key;
  auto asking = ask("order", Method::kPost, "/orders", body, key);
  const auto answer = co_await asking;
  if (!answer || answer->status != 201) co_return 0;
  const std::int64_t order = number_in(*answer, "orderId").value_or(0);
  const Witness::Placed placed{order, wish.menu, wish.quantity};
  const auto [before, first] = witness_.placed.try_emplace(key, placed);
  if (!first && before->second.order != order) {
    witness_.contradiction = "one key, two orders: " + std::to_string(before->second.order) +
                             " and " + std::to_string(order);
  }
  co_return order;
}

Task<void> People::cancel(std::int64_t order, std::string key) {
  const std::int64_t tries = chance_.between(1, kTriesMax);
  const auto give_up = outside_.now() + plan_.patience;
  for (std::int64_t i = 0; i < tries && outside_.now() <= give_up; ++i) {
    auto asking = cancel_once(order, key);
    const bool definite = co_await asking;
    if (definite) co_return;
    co_await pause(2s);
  }
}

Task<bool> People::cancel_once(std::int64_t order, std::string key) {
  const std::string target = a_name("/orders/", order);
  auto asking = ask("order", Method::kPatch, target, R"({"status":"cancel"})", key);
  const auto answer = co_await asking;
  if (!answer) co_return false;
  if (answer->status == 200) witness_.cancelled.insert(order);
  const bool refused = answer->status == 409 && says(*answer, "order-delivered");
  if (refused) witness_.refused.insert(order);
  co_return answer->status == 200 || refused;
}

/// Looks for deliveries that have started, and brings most of them to their end.
Task<void> People::be_courier() {
  while (!going_home_) {
    co_await pause(weather_.is_calm() ? 500ms : 4s);
    const auto orders = std::ssize(witness_.wanted) + 1;
    const std::int64_t order = chance_.between(1, orders);
    if (!weather_.is_calm() && chance_.happens(300)) continue;
    co_await deliver(order);
  }
}

Task<void> People::deliver(std::int64_t order) {
  const std::string search = a_name("/deliveries/search/findByOrderId?orderId=", order);
  auto asking = ask("delivery", Method::kGet, search, "", "");
  const auto found = co_await asking;
  if (!found || found->status != 200) co_return;
  const auto delivery = number_in(*found, "deliveryId");
  const bool started = says(*found, R"("status" : "started")");
  // Some couriers do not look.
  if (!delivery || (!started && !chance_.happens(200))) co_return;
  if (chance_.happens(200)) spawn(counted(complete(order, *delivery)));
  co_await complete(order, *delivery);
}

Task<void> People::complete(std::int64_t order, std::int64_t delivery) {
  const std::string target = a_name("/deliveries/", delivery);
  auto asking = ask("delivery", Method::kPatch, target, R"({"status":"complete"})", "");
  const auto answer = co_await asking;
  if (answer && answer->status == 200) witness_.completed.insert(order);
}

/// An operator has the view built anew, sometimes.
Task<void> People::operate() {
  const std::int64_t rebuilds = chance_.below(3);
  for (std::int64_t i = 0; i < rebuilds; ++i) {
    co_await pause(15s);
    auto asking = ask("mypage", Method::kPost, "/actuator/projections/mypage", "", "");
    static_cast<void>(co_await asking);
  }
}

}  // namespace baedal::simulation
