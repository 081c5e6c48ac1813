#include "services/delivery/outbound/delivery_rows.hpp"

#include "platform/store/cells.hpp"
#include "services/delivery/domain/words.hpp"
#include "services/delivery/outbound/delivery_tables.hpp"

namespace baedal::delivery {

store::Row to_row(const Delivery& delivery) {
  return {delivery.id.value(), delivery.order_id.value(),  std::string{to_word(delivery.status)},
          delivery.version,    delivery.created_at.micros, delivery.updated_at.micros};
}

Delivery to_delivery(const store::Row& row) {
  return {.id = DeliveryId{store::integer_at(row, kDeliveryId)},
          .order_id = OrderId{store::integer_at(row, kDeliveryOrderId)},
          .status = parse_delivery_status(store::text_at(row, kDeliveryStatus)).value(),
          .version = store::integer_at(row, kDeliveryVersion),
          .created_at = store::time_at(row, kDeliveryCreatedAt),
          .updated_at = store::time_at(row, kDeliveryUpdatedAt)};
}

}  // namespace baedal::delivery
