#include "services/order/outbound/remote_menu.hpp"

#include <array>

#include "kernel/json/parse.hpp"
#include "kernel/text.hpp"
#include "platform/log/log.hpp"

namespace baedal::order {
namespace {

constexpr std::array<http::HeaderView, 1> kHeaders{{{"Accept", "application/hal+json"}}};

template <class T>
std::optional<T> member(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  const T* typed = value != nullptr ? value->get<T>() : nullptr;
  return typed != nullptr ? std::optional{*typed} : std::nullopt;
}

std::optional<contracts::MenuItem> read_menu(const http::Response& answer, std::int64_t id) {
  const auto body = json::parse(answer.body);
  const auto* object = body ? body->get<json::Object>() : nullptr;
  if (object == nullptr || object->find("menuNm") == nullptr) return std::nullopt;
  contracts::MenuItem item{.id = id, .name = {}};
  item.name = member<std::string>(*object, "menuNm").value_or("");
  item.price = member<std::int64_t>(*object, "price");
  item.currency = member<std::string>(*object, "currency").value_or("KRW");
  item.sold_out = member<bool>(*object, "soldOut").value_or(false);
  item.version = member<std::int64_t>(*object, "version").value_or(0);
  return item;
}

}  // namespace

Task<Result<std::optional<contracts::MenuItem>>> RemoteMenu::find_menu(std::int64_t menu_id) {
  std::string target = "/menus/";
  append_int(target, menu_id);
  const http::UpstreamRequest request{.target = target, .headers = kHeaders, .repeatable = true};
  auto calling = service_.call(request);
  auto answer = co_await calling;
  if (!answer) co_return pass_on(answer);
  if (answer->status == 404) co_return std::nullopt;
  auto item = answer->status == 200 ? read_menu(*answer, menu_id) : std::nullopt;
  if (!item) {
    log::error("order.remote", "answer not understood",
               {{"service", service_.name()}, {"status", answer->status}});
    co_return service_.cannot_answer();
  }
  co_return item;
}

}  // namespace baedal::order
