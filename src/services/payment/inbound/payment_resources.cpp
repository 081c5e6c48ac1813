#include "services/payment/inbound/payment_resources.hpp"

#include "services/payment/domain/words.hpp"

namespace baedal::payment {
namespace {

using http::hal::Property;
using http::hal::PropertyType;
using http::hal::ResourcePage;
using http::hal::Search;

constexpr Property kProperties[] = {
    {.name = "orderId", .type = PropertyType::kInteger, .original = true, .sortable = true},
    {.name = "amount", .type = PropertyType::kInteger},
    {.name = "currency", .type = PropertyType::kText},
    {.name = "status", .type = PropertyType::kText, .original = true, .sortable = true},
    {.name = "paymentId", .type = PropertyType::kInteger, .sortable = true},
    {.name = "version", .type = PropertyType::kInteger},
    // Payments get their id and their time in one transaction: sorted by one, sorted by the other.
    {.name = "createdAt", .type = PropertyType::kTimestamp, .sortable = true},
    {.name = "updatedAt", .type = PropertyType::kTimestamp}};

constexpr Search kSearches[] = {{"findByOrderId", "orderId", PropertyType::kInteger, true},
                                {"findByStatus", "status", PropertyType::kText, false}};

http::hal::Resource to_resource(const Payment& payment) {
  http::hal::Resource resource{.id = payment.id.value(), .version = payment.version, .values = {}};
  auto& values = resource.values;
  values.reserve(std::size(kProperties));
  values.emplace_back(payment.order_id.value());
  values.emplace_back(payment.amount.minor_units);
  values.emplace_back(payment.amount.currency.code());
  values.emplace_back(to_word(payment.status));
  values.emplace_back(payment.id.value());
  values.emplace_back(payment.version);
  values.emplace_back(payment.created_at.micros);
  values.emplace_back(payment.updated_at.micros);
  return resource;
}

std::vector<http::hal::Resource> to_resources(const std::vector<Payment>& payments) {
  std::vector<http::hal::Resource> resources;
  resources.reserve(payments.size());
  for (const Payment& payment : payments) resources.push_back(to_resource(payment));
  return resources;
}

PaymentSort sort_of(std::string_view property) {
  if (property == "orderId") return PaymentSort::kOrderId;
  if (property == "status") return PaymentSort::kStatus;
  return PaymentSort::kId;
}

PaymentListRequest to_request(const http::hal::ListQuery& query) {
  PaymentListRequest request{.page = query.page, .size = query.size};
  for (const auto& [property, descending] : query.sort) {
    request.sort.push_back({sort_of(property), descending});
  }
  return request;
}

}  // namespace

const http::hal::ResourceType kPaymentResourceType{.service = "payment",
                                                   .item = "payment",
                                                   .collection = "payments",
                                                   .properties = kProperties,
                                                   .searches = kSearches};

Task<Result<std::optional<http::hal::Resource>>> PaymentResources::find(std::int64_t id) {
  auto payment = co_await queries_.find(PaymentId{id});
  if (!payment) co_return pass_on(payment);
  co_return payment->transform(to_resource);
}

Task<Result<ResourcePage>> PaymentResources::list(const http::hal::ListQuery& query) {
  const PaymentListRequest request = to_request(query);
  auto list = co_await queries_.list(request);
  if (!list) co_return pass_on(list);
  co_return ResourcePage{.items = to_resources(list->payments), .total = list->total};
}

Task<Result<ResourcePage>> PaymentResources::search(std::string_view name,
                                                    const json::Value& argument,
                                                    const http::hal::ListQuery& query) {
  if (name == "findByOrderId") {
    const auto* order = argument.get<std::int64_t>();
    if (order != nullptr) co_return co_await find_by_order(OrderId{*order});
  } else if (const auto* word = argument.get<std::string>()) {
    const auto status = parse_payment_status(*word);
    if (status) co_return co_await find_by_status(*status, query);
  }
  co_return ResourcePage{};  // nothing has a value that cannot be
}

Task<Result<ResourcePage>> PaymentResources::find_by_order(OrderId order) {
  auto payment = co_await queries_.find_by_order(order);
  if (!payment) co_return pass_on(payment);
  ResourcePage page;
  if (*payment) page.items.push_back(to_resource(**payment));
  co_return page;
}

Task<Result<ResourcePage>> PaymentResources::find_by_status(PaymentStatus status,
                                                            const http::hal::ListQuery& query) {
  const PaymentListRequest request = to_request(query);
  auto slice = co_await queries_.list_by_status(status, request);
  if (!slice) co_return pass_on(slice);
  co_return ResourcePage{.items = to_resources(slice->payments), .has_more = slice->has_more};
}

}  // namespace baedal::payment
