#include "services/delivery/outbound/delivery_store.hpp"

#include "contracts/events.hpp"
#include "kernel/text.hpp"
#include "platform/store/answer.hpp"
#include "platform/store/cells.hpp"
#include "services/delivery/domain/words.hpp"
#include "services/delivery/outbound/delivery_rows.hpp"
#include "services/delivery/outbound/delivery_tables.hpp"

namespace baedal::delivery {
namespace {

contracts::DeliveryEvent to_contract(const Delivery& delivery) {
  return {.id = delivery.id.value(),
          .order_id = delivery.order_id.value(),
          .status = std::string{to_word(delivery.status)},
          .version = delivery.version,
          .completed_at = delivery.completed_at};
}

std::string_view event_type(DeliveryStatus status) {
  switch (status) {
    case DeliveryStatus::kStarted:
      return contracts::event::kDeliveryStarted;
    case DeliveryStatus::kComplete:
      return contracts::event::kDeliveryCompleted;
    case DeliveryStatus::kCancelled:
      return contracts::event::kDeliveryCancelled;
  }
  return {};
}

std::size_t column_of(DeliverySort sort) {
  switch (sort) {
    case DeliverySort::kId:
      return kDeliveryId;
    case DeliverySort::kOrderId:
      return kDeliveryOrderId;
    case DeliverySort::kStatus:
      return kDeliveryStatus;
  }
  return kDeliveryId;
}

/// The transaction in the service's own terms.
class StoredDeliveryTx final : public DeliveryTx {
 public:
  StoredDeliveryTx(store::Tx& tx, const Clock& clock) : tx_(tx), clock_(clock) {}

  Result<DeliveryId> next_id() override {
    auto id = tx_.next_id(kDeliveries);
    if (!id) return pass_on(id);
    return DeliveryId{*id};
  }
  Result<std::optional<Delivery>> find(DeliveryId id) override {
    auto row = tx_.find(kDeliveries, id.value());
    if (!row) return pass_on(row);
    return row->transform(to_delivery);
  }
  Result<std::optional<Delivery>> find_of_order(OrderId order) override {
    auto row = tx_.find_by(kDeliveries, kDeliveryOrderId, order.value());
    if (!row) return pass_on(row);
    return row->transform(to_delivery);
  }
  Result<void> insert(const Delivery& delivery) override {
    return tx_.insert(kDeliveries, to_row(delivery));
  }
  Result<void> update(const Delivery& delivery) override {
    return tx_.update(kDeliveries, to_row(delivery));
  }
  Result<std::optional<std::string>> courier_of(DeliveryId id) override {
    auto row = tx_.find(kDeliveryCouriers, id.value());
    if (!row) return pass_on(row);
    return row->transform([](const store::Row& found) { return store::text_at(found, kCourier); });
  }
  Result<void> insert_courier(DeliveryId id, const std::string& courier) override {
    return tx_.insert(kDeliveryCouriers, {id.value(), courier});
  }
  Result<void> append(const Delivery& delivery) override {
    const std::string_view type = event_type(delivery.status);
    const Timestamp now = clock_.now();
    store::OutboxEvent out{.type = std::string{type},
                           .key = {},
                           .time = now,
                           .data = contracts::encode(type, now, to_contract(delivery))};
    append_int(out.key, delivery.order_id.value());
    return tx_.append(std::move(out));
  }

 private:
  store::Tx& tx_;
  const Clock& clock_;
};

}  // namespace

Task<Result<Committed<Delivery>>> StoredDeliveries::commit_once(
    const OnceKey& key, FunctionRef<Result<Delivery>(DeliveryTx&)> body) {
  std::optional<Delivery> decided;
  auto run = [&](store::Tx& tx) -> Result<std::string> {
    StoredDeliveryTx delivery_tx(tx, clock_);
    auto delivery = body(delivery_tx);
    if (!delivery) return pass_on(delivery);
    decided = *delivery;
    // Without a key nobody will ask for the answer again.
    return key.empty() ? std::string{} : store::encode_answer(to_row(*decided));
  };
  auto outcome = co_await store_.commit_once(key, run);
  if (!outcome) co_return pass_on(outcome);
  if (!outcome->replayed) co_return Committed<Delivery>{*decided};
  auto row = store::decode_answer(outcome->answer);
  if (!row) co_return pass_on(row);
  co_return Committed<Delivery>{to_delivery(*row), true};
}

Task<Result<std::optional<Delivery>>> StoredDeliveries::recall(const OnceKey& key) {
  auto row = co_await store::recall(store_, key);
  if (!row) co_return pass_on(row);
  co_return row->transform(to_delivery);
}

Task<Result<std::optional<Delivery>>> StoredDeliveries::find(DeliveryId id) {
  auto row = co_await store_.find(kDeliveries, id.value());
  if (!row) co_return pass_on(row);
  co_return row->transform(to_delivery);
}

Task<Result<std::optional<Delivery>>> StoredDeliveries::find_of_order(OrderId order) {
  const store::Value value{order.value()};
  auto row = co_await store_.find_by(kDeliveries, kDeliveryOrderId, value);
  if (!row) co_return pass_on(row);
  co_return row->transform(to_delivery);
}

Task<Result<DeliveryList>> StoredDeliveries::list(const DeliveryListRequest& request) {
  store::PageRequest page_request{.page = request.page, .size = request.size};
  for (const auto& [key, descending] : request.sort) {
    page_request.sort.push_back({column_of(key), descending});
  }
  auto page = co_await store_.page(kDeliveries, page_request);
  if (!page) co_return pass_on(page);
  DeliveryList list{.deliveries = {}, .total = page->total_rows};
  list.deliveries.reserve(page->rows.size());
  for (const store::Row& row : page->rows) list.deliveries.push_back(to_delivery(row));
  co_return list;
}

}  // namespace baedal::delivery
