#include "services/delivery/outbound/delivery_rows.hpp"

#include "platform/store/cells.hpp"
#include "services/delivery/domain/words.hpp"
#include "services/delivery/outbound/delivery_tables.hpp"

namespace baedal::delivery {
namespace {

/// A program from before there was this column left it empty, and answers it kept lack the cell.
Timestamp completed_at(const store::Row& row) {
  const bool is_there = row.size() > kDeliveryCompletedAt;
  const auto micros =
      is_there ? store::optional_integer_at(row, kDeliveryCompletedAt) : std::nullopt;
  return micros ? Timestamp{*micros} : store::time_at(row, kDeliveryUpdatedAt);
}

store::Value completed_cell(std::optional<Timestamp> at) {
  return at ? store::Value{at->micros} : store::Value{};
}

}  // namespace

store::Row to_row(const Delivery& delivery) {
  return {delivery.id.value(),
          delivery.order_id.value(),
          std::string{to_word(delivery.status)},
          delivery.version,
          delivery.created_at.micros,
          delivery.updated_at.micros,
          completed_cell(delivery.completed_at)};
}

Delivery to_delivery(const store::Row& row) {
  Delivery delivery{.id = DeliveryId{store::integer_at(row, kDeliveryId)},
                    .order_id = OrderId{store::integer_at(row, kDeliveryOrderId)},
                    .status = parse_delivery_status(store::text_at(row, kDeliveryStatus)).value(),
                    .version = store::integer_at(row, kDeliveryVersion),
                    .created_at = store::time_at(row, kDeliveryCreatedAt),
                    .updated_at = store::time_at(row, kDeliveryUpdatedAt)};
  if (delivery.status == DeliveryStatus::kComplete) delivery.completed_at = completed_at(row);
  return delivery;
}

}  // namespace baedal::delivery
