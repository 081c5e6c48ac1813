#include "services/delivery/inbound/delivery_resources.hpp"

#include <span>

#include "kernel/assert.hpp"
#include "platform/http/fields.hpp"
#include "platform/http/hal/fixed_members.hpp"
#include "services/delivery/domain/words.hpp"

namespace baedal::delivery {
namespace {

using http::hal::Property;
using http::hal::PropertyType;

constexpr Property kProperties[] = {
    {.name = "orderId", .type = PropertyType::kInteger, .original = true, .sortable = true},
    {.name = "status",
     .type = PropertyType::kText,
     .writable = true,
     .original = true,
     .sortable = true},
    {.name = "deliveryId", .type = PropertyType::kInteger, .sortable = true},
    {.name = "version", .type = PropertyType::kInteger},
    // Deliveries get their id and their time in one transaction: sorted by one, sorted by the
    // other.
    {.name = "createdAt", .type = PropertyType::kTimestamp, .sortable = true},
    {.name = "updatedAt", .type = PropertyType::kTimestamp},
    {.name = "completedAt", .type = PropertyType::kTimestamp, .writable = true}};

constexpr http::hal::Search kSearches[] = {{.name = "findByOrderId",
                                            .parameter = "orderId",
                                            .type = PropertyType::kInteger,
                                            .single = true}};

http::hal::Resource to_resource(const Delivery& delivery) {
  http::hal::Resource resource{
      .id = delivery.id.value(), .version = delivery.version, .values = {}};
  auto& values = resource.values;
  values.reserve(std::size(kProperties));
  values.emplace_back(delivery.order_id.value());
  values.emplace_back(to_word(delivery.status));
  values.emplace_back(delivery.id.value());
  values.emplace_back(delivery.version);
  values.emplace_back(delivery.created_at.micros);
  values.emplace_back(delivery.updated_at.micros);
  values.push_back(delivery.completed_at ? json::Value{delivery.completed_at->micros}
                                         : json::Value{});
  return resource;
}

DeliverySort sort_of(std::string_view property) {
  if (property == "orderId") return DeliverySort::kOrderId;
  if (property == "status") return DeliverySort::kStatus;
  return DeliverySort::kId;
}

/// What is asked for, in a command that lacks who asks and of what.
Result<ChangeDeliveryCommand> read_change(const json::Object& body) {
  ChangeDeliveryCommand asked;
  http::FieldReader read(body);
  if (!read.has("status")) return asked;
  const auto word = read.text("status", 0, 20);
  if (word == to_word(DeliveryStatus::kComplete)) {
    asked.action = DeliveryAction::kComplete;
    const auto time = read.text("completedAt", 0, 40);
    if (time) asked.completed_at = Timestamp::parse_iso8601(*time);
    if (time && !asked.completed_at) {
      read.reject("completedAt", "must be a time as in RFC 3339, \"2026-11-22T12:34:56Z\"");
    }
  } else if (word == to_word(DeliveryStatus::kCancelled)) {
    asked.action = DeliveryAction::kCancel;
  } else {
    read.reject("status", "must be \"complete\" or \"cancelled\"");
  }
  if (auto read_well = read.finish(); !read_well) return pass_on(read_well);
  return asked;
}

/// Only who completes it says when that was; else the time is what it is.
Result<void> check_others(const Delivery& present, const json::Object& body,
                          DeliveryAction action) {
  const http::hal::Resource resource = to_resource(present);
  constexpr std::string_view kChangeable[] = {"status", "completedAt"};
  const std::size_t count = action == DeliveryAction::kComplete ? 2 : 1;
  return http::hal::check_fixed_members(kDeliveryResourceType, resource, body,
                                        std::span(kChangeable).first(count));
}

constexpr std::string_view kItemLinks[] = {"claim"};

}  // namespace

const http::hal::ResourceType kDeliveryResourceType{.service = "delivery",
                                                    .item = "delivery",
                                                    .collection = "deliveries",
                                                    .properties = kProperties,
                                                    .searches = kSearches,
                                                    .patchable = true,
                                                    .replaceable = true,
                                                    .item_links = kItemLinks};

Task<Result<std::optional<http::hal::Resource>>> DeliveryResources::find(std::int64_t id) {
  auto delivery = co_await queries_.find(DeliveryId{id});
  if (!delivery) co_return pass_on(delivery);
  co_return delivery->transform(to_resource);
}

Task<Result<http::hal::ResourcePage>> DeliveryResources::list(const http::hal::ListQuery& query) {
  DeliveryListRequest request{.page = query.page, .size = query.size};
  for (const auto& [property, descending] : query.sort) {
    request.sort.push_back({sort_of(property), descending});
  }
  auto list = co_await queries_.list(request);
  if (!list) co_return pass_on(list);
  http::hal::ResourcePage page{.items = {}, .total = list->total};
  page.items.reserve(list->deliveries.size());
  for (const Delivery& delivery : list->deliveries) page.items.push_back(to_resource(delivery));
  co_return page;
}

Task<Result<http::hal::ResourcePage>> DeliveryResources::search(std::string_view name,
                                                                const json::Value& argument,
                                                                const http::hal::ListQuery&) {
  const auto* order = argument.get<std::int64_t>();
  BAEDAL_ASSERT(name == kSearches[0].name && order != nullptr);
  auto delivery = co_await queries_.find_of_order(OrderId{*order});
  if (!delivery) co_return pass_on(delivery);
  http::hal::ResourcePage page;
  if (*delivery) page.items.push_back(to_resource(**delivery));
  co_return page;
}

Task<Result<std::optional<http::hal::Written>>> DeliveryResources::recall(const OnceKey& key) {
  auto delivery = co_await queries_.recall(key);
  if (!delivery) co_return pass_on(delivery);
  if (!*delivery) co_return std::nullopt;
  co_return http::hal::Written{to_resource(**delivery), true};
}

Task<Result<http::hal::Written>> DeliveryResources::change(std::int64_t id,
                                                           const json::Object& body,
                                                           const Precondition& precondition,
                                                           const OnceKey& key) {
  return change_as(std::nullopt, id, body, precondition, key);
}

Task<Result<http::hal::Written>> DeliveryResources::change_by(const auth::Principal& caller,
                                                              std::int64_t id,
                                                              const json::Object& body,
                                                              const Precondition& precondition,
                                                              const OnceKey& key) {
  std::optional<std::string> courier;
  if (!caller.is_operator()) courier = caller.subject;
  return change_as(std::move(courier), id, body, precondition, key);
}

Task<Result<http::hal::Written>> DeliveryResources::replace_by(const auth::Principal& caller,
                                                               std::int64_t id,
                                                               const json::Object& body,
                                                               const Precondition& precondition,
                                                               const OnceKey& key) {
  return change_by(caller, id, body, precondition, key);
}

Task<Result<http::hal::Written>> DeliveryResources::change_as(std::optional<std::string> courier,
                                                              std::int64_t id,
                                                              const json::Object& body,
                                                              const Precondition& precondition,
                                                              const OnceKey& key) {
  auto command = read_change(body);
  if (!command) co_return std::unexpected(command.error());
  command->id = DeliveryId{id};
  command->precondition = precondition;
  command->key = key;
  command->courier = std::move(courier);
  auto check = [&](const Delivery& present) {
    return check_others(present, body, command->action);
  };
  auto changed = co_await change_.run(*command, check);
  if (!changed) co_return pass_on(changed);
  co_return http::hal::Written{to_resource(changed->value), changed->replayed};
}

Task<Result<http::hal::Written>> DeliveryResources::replace(std::int64_t id,
                                                            const json::Object& body,
                                                            const Precondition& precondition,
                                                            const OnceKey& key) {
  return change(id, body, precondition, key);
}

}  // namespace baedal::delivery
