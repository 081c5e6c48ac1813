#include "services/order/inbound/order_resources.hpp"

#include <limits>

#include "platform/http/fields.hpp"
#include "platform/http/hal/fixed_members.hpp"
#include "services/order/domain/words.hpp"

namespace baedal::order {
namespace {

using http::hal::Property;
using http::hal::PropertyType;

constexpr Property kProperties[] = {
    {.name = "menuId",
     .type = PropertyType::kInteger,
     .writable = true,
     .original = true,
     .sortable = true},
    {.name = "menuNm", .type = PropertyType::kText, .writable = true, .original = true},
    {.name = "qty",
     .type = PropertyType::kInteger,
     .writable = true,
     .original = true,
     .sortable = true},
    {.name = "status",
     .type = PropertyType::kText,
     .writable = true,
     .original = true,
     .sortable = true},
    {.name = "deliveryStatus", .type = PropertyType::kText, .original = true},
    {.name = "deliveryId", .type = PropertyType::kInteger, .original = true},
    {.name = "orderId", .type = PropertyType::kInteger, .sortable = true},
    {.name = "amount", .type = PropertyType::kInteger},
    {.name = "currency", .type = PropertyType::kText},
    {.name = "paymentId", .type = PropertyType::kInteger},
    {.name = "paymentStatus", .type = PropertyType::kText},
    {.name = "version", .type = PropertyType::kInteger},
    // Orders get their id and their time in one transaction: sorted by one, sorted by the other.
    {.name = "createdAt", .type = PropertyType::kTimestamp, .sortable = true},
    {.name = "updatedAt", .type = PropertyType::kTimestamp}};

constexpr std::size_t kPaymentTokenMax = 200;
constexpr std::string_view kChangeable[] = {"status"};

template <class Status>
json::Value word_value(const std::optional<Status>& status) {
  return status ? json::Value{to_word(*status)} : json::Value{};
}

template <class Id>
json::Value id_value(const std::optional<Id>& id) {
  return id ? json::Value{id->value()} : json::Value{};
}

http::hal::Resource to_resource(const Order& order) {
  http::hal::Resource resource{.id = order.id.value(), .version = order.version, .values = {}};
  auto& values = resource.values;
  values.reserve(std::size(kProperties));
  values.emplace_back(order.menu_id.value());
  values.emplace_back(order.menu_name);
  values.emplace_back(order.quantity);
  values.emplace_back(to_word(order.status));
  values.push_back(word_value(order.delivery_status));
  values.push_back(id_value(order.delivery_id));
  values.emplace_back(order.id.value());
  values.push_back(order.amount ? json::Value{*order.amount} : json::Value{});
  values.emplace_back(order.currency.code());
  values.push_back(id_value(order.payment_id));
  values.push_back(word_value(order.payment_status));
  values.emplace_back(order.version);
  values.emplace_back(order.created_at.micros);
  values.emplace_back(order.updated_at.micros);
  return resource;
}

OrderSort sort_of(std::string_view property) {
  if (property == "menuId") return OrderSort::kMenuId;
  if (property == "qty") return OrderSort::kQuantity;
  if (property == "status") return OrderSort::kStatus;
  return OrderSort::kId;
}

/// The status the client asks for; none when it sends none.
Result<std::optional<OrderStatus>> read_status(const json::Object& body) {
  http::FieldReader read(body);
  if (!read.has("status")) return std::nullopt;
  const auto word = read.text("status", 0, 20);
  const auto status = word.and_then([](const auto& w) { return parse_order_status(w); });
  if (status) return status;
  read.reject("status", "must be \"cancel\"");
  auto refused = read.finish();
  return pass_on(refused);
}

Result<http::hal::Written> to_written(Result<Committed<Order>> committed) {
  if (!committed) return pass_on(committed);
  return http::hal::Written{to_resource(committed->value), committed->replayed};
}

OrderListRequest to_request(const http::hal::ListQuery& query) {
  OrderListRequest request{.page = query.page, .size = query.size};
  for (const auto& [property, descending] : query.sort) {
    request.sort.push_back({sort_of(property), descending});
  }
  return request;
}

http::hal::ResourcePage to_page(const OrderList& list) {
  http::hal::ResourcePage page{.items = {}, .total = list.total};
  page.items.reserve(list.orders.size());
  for (const Order& order : list.orders) page.items.push_back(to_resource(order));
  return page;
}

constexpr std::string_view kMerchant = "merchant";

/// Who cooks and who runs the place see all orders.
bool sees_all(const auth::Principal& caller) {
  return caller.is_operator() || caller.roles.has(kMerchant);
}

}  // namespace

const http::hal::ResourceType kOrderResourceType{.service = "order",
                                                 .item = "order",
                                                 .collection = "orders",
                                                 .properties = kProperties,
                                                 .searches = {},
                                                 .creatable = true,
                                                 .patchable = true,
                                                 .replaceable = true};

Task<Result<std::optional<http::hal::Resource>>> OrderResources::find(std::int64_t id) {
  auto order = co_await queries_.find(OrderId{id});
  if (!order) co_return pass_on(order);
  co_return order->transform(to_resource);
}

Task<Result<http::hal::ResourcePage>> OrderResources::list(const http::hal::ListQuery& query) {
  const OrderListRequest request = to_request(query);
  auto list = co_await queries_.list(request);
  if (!list) co_return pass_on(list);
  co_return to_page(*list);
}

Task<Result<http::hal::ResourcePage>> OrderResources::list_for(const auth::Principal& caller,
                                                               const http::hal::ListQuery& query) {
  const OrderListRequest request = to_request(query);
  auto listing =
      sees_all(caller) ? queries_.list(request) : queries_.list_of(caller.subject, request);
  auto list = co_await listing;
  if (!list) co_return pass_on(list);
  co_return to_page(*list);
}

Task<Result<void>> OrderResources::admit(const auth::Principal& caller, std::int64_t id) {
  if (sees_all(caller)) co_return Result<void>{};
  auto customer = co_await queries_.customer_of(OrderId{id});
  if (!customer) co_return pass_on(customer);
  if (*customer == caller.subject) co_return Result<void>{};
  co_return fail(ErrorKind::kNotFound, "order-not-found", "There is no such order.");
}

Task<Result<std::optional<http::hal::Written>>> OrderResources::recall(const OnceKey& key) {
  auto order = co_await queries_.recall(key);
  if (!order) co_return pass_on(order);
  if (!*order) co_return std::nullopt;
  co_return http::hal::Written{to_resource(**order), true};
}

Task<Result<http::hal::Written>> OrderResources::create(const json::Object& body,
                                                        const OnceKey& key) {
  return place(body, key, std::nullopt);
}

Task<Result<http::hal::Written>> OrderResources::create_by(const auth::Principal& caller,
                                                           const json::Object& body,
                                                           const OnceKey& key) {
  return place(body, key, caller.subject);
}

Task<Result<http::hal::Written>> OrderResources::place(const json::Object& body, const OnceKey& key,
                                                       std::optional<std::string> customer) {
  http::FieldReader read(body);
  read.require("menuId");
  const auto menu_id = read.integer("menuId", 1, std::numeric_limits<std::int64_t>::max());
  const auto quantity = read.integer("qty", kQuantityMin, kQuantityMax);
  read.keep_secret("paymentToken");
  auto token = read.text("paymentToken", 1, kPaymentTokenMax);
  if (auto ok = read.finish(); !ok) co_return pass_on(ok);
  if (!menu_id) {  // "" counts as null
    read.reject("menuId", "must not be null");
    auto refused = read.finish();
    co_return pass_on(refused);
  }
  const PlaceOrderCommand command{MenuId{*menu_id}, quantity.value_or(1), std::move(token), key,
                                  std::move(customer)};
  auto placed = co_await place_.run(command);
  co_return to_written(std::move(placed));
}

Task<Result<http::hal::Written>> OrderResources::change(std::int64_t id, const json::Object& body,
                                                        const Precondition& precondition,
                                                        const OnceKey& key) {
  const auto status = read_status(body);
  if (!status) co_return std::unexpected(status.error());
  auto check = [&](const Order& present) {
    const http::hal::Resource resource = to_resource(present);
    return http::hal::check_fixed_members(kOrderResourceType, resource, body, kChangeable);
  };
  if (*status == OrderStatus::kCancelled) {
    const CancelOrderCommand command{OrderId{id}, precondition, key};
    auto cancelled = co_await cancel_.run(command, check);
    co_return to_written(std::move(cancelled));
  }
  auto found = co_await queries_.find(OrderId{id});
  if (!found) co_return pass_on(found);
  if (!*found) co_return fail(ErrorKind::kNotFound, "order-not-found", "There is no such order.");
  const Order& order = **found;
  if (!precondition.allows(order.version)) {
    co_return fail(ErrorKind::kPreconditionFailed, "version-mismatch",
                   "The order has another version than If-Match asks for.");
  }
  if (auto fixed = check(order); !fixed) co_return pass_on(fixed);
  if (*status == OrderStatus::kOrdered && order.status == OrderStatus::kCancelled) {
    co_return fail(ErrorKind::kConflict, "order-cancelled",
                   "A cancelled order cannot be taken up again.");
  }
  co_return http::hal::Written{to_resource(order)};
}

Task<Result<http::hal::Written>> OrderResources::replace(std::int64_t id, const json::Object& body,
                                                         const Precondition& precondition,
                                                         const OnceKey& key) {
  return change(id, body, precondition, key);
}

}  // namespace baedal::order
