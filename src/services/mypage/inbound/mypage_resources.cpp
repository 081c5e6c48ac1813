#include "services/mypage/inbound/mypage_resources.hpp"

#include "services/mypage/view/words.hpp"

namespace baedal::mypage {
namespace {

using http::hal::Property;
using http::hal::PropertyType;
using http::hal::Search;

constexpr Property kProperties[] = {
    {.name = "orderId", .type = PropertyType::kInteger, .original = true, .sortable = true},
    {.name = "menuId", .type = PropertyType::kInteger, .original = true},
    {.name = "menuNm", .type = PropertyType::kText, .original = true},
    {.name = "deliveryId", .type = PropertyType::kInteger, .original = true, .sortable = true},
    {.name = "qty", .type = PropertyType::kInteger, .original = true},
    {.name = "status", .type = PropertyType::kText, .original = true, .sortable = true},
    {.name = "deliveryStatus", .type = PropertyType::kText, .original = true},
    {.name = "amount", .type = PropertyType::kInteger},
    {.name = "currency", .type = PropertyType::kText},
    {.name = "paymentId", .type = PropertyType::kInteger},
    {.name = "paymentStatus", .type = PropertyType::kText},
    {.name = "version", .type = PropertyType::kInteger},
    {.name = "createdAt", .type = PropertyType::kTimestamp, .sortable = true},
    {.name = "updatedAt", .type = PropertyType::kTimestamp}};

constexpr Search kSearches[] = {
    {"findByOrderId", "orderId", PropertyType::kInteger, true, true},
    {"findByDeliveryId", "deliveryId", PropertyType::kInteger, true, true},
    {"findByStatus", "status", PropertyType::kText, false}};

template <class T>
json::Value optional_value(const std::optional<T>& value) {
  return value ? json::Value{*value} : json::Value{};
}

template <class Status>
json::Value word_value(const std::optional<Status>& status) {
  return status ? json::Value{to_word(*status)} : json::Value{};
}

http::hal::Resource to_resource(const Mypage& line) {
  http::hal::Resource resource{.id = line.order.value(), .version = version_of(line), .values = {}};
  auto& values = resource.values;
  values.reserve(std::size(kProperties));
  const auto& facts = line.facts;
  values.emplace_back(line.order.value());
  values.push_back(facts ? json::Value{facts->menu_id} : json::Value{});
  values.push_back(facts ? json::Value{facts->menu_name} : json::Value{});
  values.push_back(optional_value(line.delivery_id));
  values.push_back(facts ? json::Value{facts->quantity} : json::Value{});
  values.push_back(word_value(line.status));
  values.push_back(word_value(line.delivery_status));
  values.push_back(facts ? optional_value(facts->amount) : json::Value{});
  values.push_back(facts ? json::Value{facts->currency} : json::Value{});
  values.push_back(optional_value(line.payment_id));
  values.push_back(word_value(line.payment_status));
  values.emplace_back(version_of(line));
  values.push_back(facts ? json::Value{facts->created_at.micros} : json::Value{});
  values.emplace_back(line.updated_at.micros);
  return resource;
}

LineListRequest to_request(const http::hal::ListQuery& query) {
  LineListRequest request{.page = query.page, .size = query.size};
  for (const auto& [property, descending] : query.sort) {
    LineSort key = LineSort::kOrderId;  // createdAt too: orders get id and time together
    if (property == "deliveryId") key = LineSort::kDeliveryId;
    if (property == "status") key = LineSort::kStatus;
    request.sort.push_back({key, descending});
  }
  return request;
}

http::hal::ResourcePage to_page(const LineList& list) {
  http::hal::ResourcePage page{.items = {}, .total = list.total, .has_more = list.has_more};
  page.items.reserve(list.lines.size());
  for (const Mypage& line : list.lines) page.items.push_back(to_resource(line));
  return page;
}

http::hal::ResourcePage to_page(const std::optional<Mypage>& line) {
  http::hal::ResourcePage page;
  if (line) page.items.push_back(to_resource(*line));
  return page;
}

}  // namespace

const http::hal::ResourceType kMypageResourceType{.service = "mypage",
                                                  .item = "mypage",
                                                  .collection = "mypages",
                                                  .properties = kProperties,
                                                  .searches = kSearches,
                                                  .paged = false};

Task<Result<std::optional<http::hal::Resource>>> MypageResources::find(std::int64_t id) {
  const auto view = projection_.live();
  auto line = co_await view->find(OrderId{id});
  if (!line) co_return pass_on(line);
  co_return line->transform(to_resource);
}

Task<Result<http::hal::ResourcePage>> MypageResources::list(const http::hal::ListQuery& query) {
  const auto view = projection_.live();
  const LineListRequest request = to_request(query);
  auto list = co_await view->list(request);
  if (!list) co_return pass_on(list);
  co_return to_page(*list);
}

Task<Result<http::hal::ResourcePage>> MypageResources::search(std::string_view name,
                                                              const json::Value& argument,
                                                              const http::hal::ListQuery& query) {
  const auto view = projection_.live();
  if (name == "findByStatus") {
    const auto status = parse_order_status(*argument.get<std::string>());
    if (!status) co_return http::hal::ResourcePage{};
    const LineListRequest request = to_request(query);
    auto list = co_await view->find_by_status(*status, request);
    if (!list) co_return pass_on(list);
    co_return to_page(*list);
  }
  const std::int64_t id = *argument.get<std::int64_t>();
  if (name == "findByOrderId") {
    auto line = co_await view->find(OrderId{id});
    if (!line) co_return pass_on(line);
    co_return to_page(*line);
  }
  auto line = co_await view->find_by_delivery(id);
  if (!line) co_return pass_on(line);
  co_return to_page(*line);
}

}  // namespace baedal::mypage
