#include "services/order/outbound/order_rows.hpp"

#include "platform/store/cells.hpp"
#include "services/order/domain/words.hpp"
#include "services/order/outbound/order_tables.hpp"

namespace baedal::order {
namespace {

using store::cell;
using store::integer_at;
using store::optional_integer_at;
using store::optional_text_at;
using store::text_at;

template <class Status>
store::Value word_cell(const std::optional<Status>& status) {
  return status ? store::Value{std::string{to_word(*status)}} : store::Value{};
}

template <class Id>
store::Value id_cell(const std::optional<Id>& id) {
  return id ? store::Value{id->value()} : store::Value{};
}

template <class Id>
std::optional<Id> id_at(const store::Row& row, std::size_t column) {
  const auto value = optional_integer_at(row, column);
  return value ? std::optional{Id{*value}} : std::nullopt;
}

Currency currency_at(const store::Row& row, std::size_t column) {
  return Currency::parse(text_at(row, column)).value_or(Currency::krw());
}

}  // namespace

store::Row to_row(const Order& order) {
  store::Row row;
  row.reserve(std::size(kOrderColumns));
  row.emplace_back(order.id.value());
  row.emplace_back(order.menu_id.value());
  row.emplace_back(order.menu_name);
  row.emplace_back(order.quantity);
  row.emplace_back(std::string{to_word(order.status)});
  row.push_back(word_cell(order.delivery_status));
  row.push_back(id_cell(order.delivery_id));
  row.push_back(cell(order.amount));
  row.emplace_back(std::string{order.currency.code()});
  row.push_back(id_cell(order.payment_id));
  row.push_back(word_cell(order.payment_status));
  row.emplace_back(order.version);
  row.emplace_back(order.created_at.micros);
  row.emplace_back(order.updated_at.micros);
  return row;
}

Order to_order(const store::Row& row) {
  Order order{.id = OrderId{integer_at(row, kOrderId)}};
  order.menu_id = MenuId{integer_at(row, kOrderMenuId)};
  order.menu_name = text_at(row, kOrderMenuName);
  order.quantity = integer_at(row, kOrderQuantity);
  order.status = parse_order_status(text_at(row, kOrderStatus)).value();
  order.delivery_status =
      optional_text_at(row, kOrderDeliveryStatus).and_then(parse_delivery_status);
  order.delivery_id = id_at<DeliveryId>(row, kOrderDeliveryId);
  order.amount = optional_integer_at(row, kOrderAmount);
  order.currency = currency_at(row, kOrderCurrency);
  order.payment_id = id_at<PaymentId>(row, kOrderPaymentId);
  order.payment_status = optional_text_at(row, kOrderPaymentStatus).and_then(parse_payment_status);
  order.version = integer_at(row, kOrderVersion);
  order.created_at = store::time_at(row, kOrderCreatedAt);
  order.updated_at = store::time_at(row, kOrderUpdatedAt);
  return order;
}

store::Row to_row(const MenuItem& item) {
  std::optional<std::int64_t> price;
  if (item.price) price = item.price->minor_units;
  return {item.id.value(),
          item.name,
          cell(price),
          std::string{item.currency.code()},
          std::int64_t{item.sold_out},
          std::int64_t{item.deleted},
          item.version};
}

MenuItem to_menu_item(const store::Row& row) {
  MenuItem item{.id = MenuId{integer_at(row, kMenuId)}, .name = text_at(row, kMenuName)};
  item.currency = currency_at(row, kMenuCurrency);
  if (const auto price = optional_integer_at(row, kMenuPrice))
    item.price = Money{*price, item.currency};
  item.sold_out = integer_at(row, kMenuSoldOut) != 0;
  item.deleted = integer_at(row, kMenuDeleted) != 0;
  item.version = integer_at(row, kMenuVersion);
  return item;
}

}  // namespace baedal::order
