// baedal demo: the seed's whole story against a running server, told step by step.
#include <chrono>
#include <cstdio>
#include <functional>
#include <thread>

#include "main/commands/support.hpp"

namespace baedal::commands {
namespace {

/// One telling: counts its steps, stops at the first that does not go as it should.
class Story {
 public:
  explicit Story(std::string base) : base_(std::move(base)) {}

  [[nodiscard]] bool failed() const { return failed_; }

  /// Does one request and prints it with what matters of the answer.
  json::Value step(const char* what, std::string_view method, const std::string& path,
                   const std::string& body, std::initializer_list<std::string_view> shown,
                   int expected) {
    if (failed_) return {};
    auto answer = ask(method, base_ + path, body);
    if (!answer) return give_up(answer.error().detail);
    std::printf("%2d. %s\n      %.*s %s %s\n      → %d", ++steps_, what,
                static_cast<int>(method.size()), method.data(), path.c_str(), body.c_str(),
                answer->status);
    for (const std::string_view name : shown) {
      std::printf("  %.*s: %s", static_cast<int>(name.size()), name.data(),
                  member(answer->body, name).c_str());
    }
    std::printf("\n");
    if (answer->status != expected) {
      return give_up("Expected " + std::to_string(expected) + ": " + answer->text);
    }
    return std::move(answer->body);
  }

  /// Asks until `name` has that value: what others do by events takes a moment.
  json::Value wait(const char* what, const std::string& path, std::string_view name,
                   std::string_view value) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{15};
    while (!failed_) {
      auto answer = ask("GET", base_ + path);
      if (!answer) return give_up(answer.error().detail);
      if (member(answer->body, name) == value) {
        std::printf("%2d. %s\n      GET %s\n      → %.*s: %.*s\n", ++steps_, what, path.c_str(),
                    static_cast<int>(name.size()), name.data(), static_cast<int>(value.size()),
                    value.data());
        return std::move(answer->body);
      }
      if (std::chrono::steady_clock::now() > deadline) {
        return give_up(std::string{name} + " of " + path + " did not become " + std::string{value} +
                       ".");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return {};
  }

 private:
  json::Value give_up(const std::string& reason) {
    complain(reason);
    failed_ = true;
    return {};
  }

  std::string base_;
  int steps_ = 0;
  bool failed_ = false;
};

std::string order_body(const std::string& menu_id, const char* name) {
  return R"({"menuId":")" + menu_id + R"(","menuNm":")" + name + R"(","qty":"1"})";
}

void tell(Story& story) {
  const auto gimbab = story.step("The shop puts Gimbab on the menu", "POST", "/menus",
                                 R"({"menuNm":"Gimbab","price":4500})", {"menuNm", "price"}, 201);
  const auto juice = story.step("… and Juice", "POST", "/menus",
                                R"({"menuNm":"Juice","price":3000})", {"menuNm", "price"}, 201);
  const auto first =
      story.step("A customer orders Gimbab: taken at once, nothing else is waited for", "POST",
                 "/orders", order_body(member(gimbab, "menuId"), "Gimbab"),
                 {"orderId", "status", "amount", "deliveryStatus"}, 201);
  const auto second = story.step("Another orders Juice", "POST", "/orders",
                                 order_body(member(juice, "menuId"), "Juice"),
                                 {"orderId", "status", "amount"}, 201);
  const std::string first_order = "/orders/" + member(first, "orderId");
  const std::string second_order = "/orders/" + member(second, "orderId");
  story.wait("The first is paid by itself", first_order, "paymentStatus", "paid");
  story.wait("… and its delivery starts by itself", first_order, "deliveryStatus", "started");
  const auto underway = story.wait("So does the second", second_order, "deliveryStatus", "started");
  story.step("The courier completes the second delivery", "PATCH",
             "/deliveries/" + member(underway, "deliveryId"), R"({"status":"complete"})",
             {"status"}, 200);
  story.wait("The order hears of it", second_order, "deliveryStatus", "complete");
  story.step("The first customer cancels: order and delivery together", "PATCH", first_order,
             R"({"status":"cancel"})", {"status", "deliveryStatus"}, 200);
  story.step("What was delivered can no longer be cancelled", "PATCH", second_order,
             R"({"status":"cancel"})", {"status", "detail"}, 409);
  const std::string search = "/mypages/search/findByOrderId?orderId=";
  story.wait("The money of the first comes back", search + member(first, "orderId"),
             "paymentStatus", "refunded");
  story.wait("My page shows the first: cancelled", search + member(first, "orderId"), "status",
             "cancel");
  story.wait("… and the second: delivered", search + member(second, "orderId"), "deliveryStatus",
             "complete");
}

}  // namespace

int demo(const std::string& url, const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 2;
  Story story(server_url(url, *settings));
  tell(story);
  if (story.failed()) return 1;
  std::printf(
      "\nThat is the whole story: ordered, paid, started, complete or cancelled, refunded.\n");
  return 0;
}

}  // namespace baedal::commands
