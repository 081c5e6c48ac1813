#include "services/mypage/inbound/mypage_resources.hpp"

#include <algorithm>

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

/// Of one customer, as far as a search looks.
constexpr std::int64_t kOwnLinesMax = 1000;

constexpr Search kSearches[] = {
    {"findByOrderId", "orderId", PropertyType::kInteger, true, true},
    {"findByDeliveryId", "deliveryId", PropertyType::kInteger, true, true},
    {"findByStatus", "status", PropertyType::kText, false}};

constexpr std::string_view kItemLinks[] = {"stream", "events"};

/// Appends each made in its place: a temporary json::Value costs several times what it holds.
void append(std::vector<json::Value>& values, const std::optional<std::int64_t>& value) {
  value ? values.emplace_back(*value) : values.emplace_back();
}

template <class Status>
void append_word(std::vector<json::Value>& values, const std::optional<Status>& status) {
  status ? values.emplace_back(to_word(*status)) : values.emplace_back();
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
                                                  .paged = false,
                                                  .item_links = kItemLinks};

http::hal::Resource to_resource(const Mypage& line) {
  const std::int64_t version = version_of(line);
  http::hal::Resource resource{.id = line.order.value(), .version = version, .values = {}};
  auto& values = resource.values;
  values.reserve(std::size(kProperties));
  const OrderFacts* facts = line.facts ? &*line.facts : nullptr;
  values.emplace_back(line.order.value());
  facts ? values.emplace_back(facts->menu_id) : values.emplace_back();
  facts ? values.emplace_back(facts->menu_name) : values.emplace_back();
  append(values, line.delivery_id);
  facts ? values.emplace_back(facts->quantity) : values.emplace_back();
  append_word(values, line.status);
  append_word(values, line.delivery_status);
  append(values, facts ? facts->amount : std::nullopt);
  facts ? values.emplace_back(facts->currency) : values.emplace_back();
  append(values, line.payment_id);
  append_word(values, line.payment_status);
  values.emplace_back(version);
  facts ? values.emplace_back(facts->created_at.micros) : values.emplace_back();
  values.emplace_back(line.updated_at.micros);
  return resource;
}

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

Task<Result<void>> MypageResources::admit(const auth::Principal& caller, std::int64_t id) {
  if (caller.is_operator()) co_return Result<void>{};
  const auto view = projection_.live();
  auto customer = co_await view->customer_of(OrderId{id});
  if (!customer) co_return pass_on(customer);
  if (*customer == caller.subject) co_return Result<void>{};
  co_return fail(ErrorKind::kNotFound, "not-found", "There is no such thing.");
}

Task<Result<http::hal::ResourcePage>> MypageResources::list_for(const auth::Principal& caller,
                                                                const http::hal::ListQuery& query) {
  const auto view = projection_.live();
  const LineListRequest request = to_request(query);
  auto listing =
      caller.is_operator() ? view->list(request) : view->list_of(caller.subject, request);
  auto list = co_await listing;
  if (!list) co_return pass_on(list);
  co_return to_page(*list);
}

Task<Result<http::hal::ResourcePage>> MypageResources::search_for(
    const auth::Principal& caller, std::string_view name, const json::Value& argument,
    const http::hal::ListQuery& query) {
  if (!caller.is_operator() && name == "findByStatus") {
    co_return co_await own_by_status(caller, argument, query);
  }
  auto hits = co_await search(name, argument, query);
  if (!hits || hits->items.empty()) co_return hits;
  // One hit at most: whose is it?
  const auto admitted = co_await admit(caller, hits->items.front().id);
  if (admitted || caller.is_operator()) co_return hits;
  if (admitted.error().kind != ErrorKind::kNotFound) co_return std::unexpected(admitted.error());
  co_return http::hal::ResourcePage{};
}

/// Own lines are few enough to be looked through.
Task<Result<http::hal::ResourcePage>> MypageResources::own_by_status(
    const auth::Principal& caller, const json::Value& word, const http::hal::ListQuery& query) {
  const auto status = parse_order_status(*word.get<std::string>());
  const auto view = projection_.live();
  LineListRequest request = to_request(query);
  request.page = 0;
  request.size = kOwnLinesMax;
  auto own = co_await view->list_of(caller.subject, request);
  if (!own) co_return pass_on(own);
  std::erase_if(own->lines, [&](const Mypage& line) { return !status || line.status != status; });
  const std::int64_t count = std::ssize(own->lines);
  const std::int64_t first = std::min(query.page, count / query.size + 1) * query.size;
  LineList part;
  for (std::int64_t at = first; at < std::min(first + query.size, count); ++at) {
    part.lines.push_back(std::move(own->lines[static_cast<std::size_t>(at)]));
  }
  part.has_more = first + query.size < count;
  co_return to_page(part);
}

}  // namespace baedal::mypage
