#include "fill/filling.hpp"

#include <algorithm>
#include <string>

#include "kernel/async/manual_executor.hpp"
#include "kernel/async/sync.hpp"
#include "services/mypage/outbound/mypage_table.hpp"
#include "services/mypage/view/steps.hpp"
#include "services/order/outbound/order_rows.hpp"
#include "services/order/outbound/order_tables.hpp"

namespace baedal::fill {
namespace {

constexpr std::int64_t kRowsPerCommit = 20'000;
constexpr std::int64_t kKeysAtOnce = 4'000;  // below the default of store.queue-max
constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMenus = 10;
constexpr std::int64_t kQuantities = 9;
constexpr std::int64_t kPrice = 3'500;
constexpr std::int64_t kSweptAtOnce = 2'000;
constexpr std::size_t kAnswerBytes = 320;  // an order as it is kept with its key

/// `add_row(tx, n)` for n in 1 to `count`, in commits of many rows.
template <class AddRow>
Result<void> in_commits(store::Store& store, std::int64_t count, AddRow add_row) {
  ManualExecutor executor;
  for (std::int64_t begin = 1; begin <= count; begin += kRowsPerCommit) {
    const std::int64_t end = std::min(begin + kRowsPerCommit, count + 1);
    auto body = [&](store::Tx& tx) -> Result<std::string> {
      for (std::int64_t n = begin; n < end; ++n) {
        if (auto added = add_row(tx, n); !added) return pass_on(added);
      }
      return std::string{};
    };
    const OnceKey key = OnceKey::none();
    auto outcome = executor.run(store.commit_once(key, body));
    if (!outcome) return pass_on(outcome);
  }
  return {};
}

order::Order order_of(std::int64_t id, std::int64_t n, Timestamp first) {
  const Timestamp at{first.micros + n * kMicrosPerSecond};
  const bool cancelled = n % 10 == 0;
  order::Order order{.id = order::OrderId{id}, .menu_id = order::MenuId{1 + n % kMenus}};
  order.menu_name = "Gimbab " + std::to_string(order.menu_id.value());
  order.quantity = 1 + n % kQuantities;
  order.status = cancelled ? order::OrderStatus::kCancelled : order::OrderStatus::kOrdered;
  order.delivery_status =
      cancelled ? order::DeliveryStatus::kCancelled : order::DeliveryStatus::kComplete;
  order.delivery_id = order::DeliveryId{id};
  order.amount = order.quantity * kPrice;
  order.payment_id = order::PaymentId{id};
  order.payment_status = cancelled ? order::PaymentStatus::kRefunded : order::PaymentStatus::kPaid;
  order.version = 3;
  order.created_at = order.updated_at = at;
  return order;
}

store::Row mypage_row(std::int64_t n, Timestamp first) {
  using namespace mypage;
  const Timestamp at{first.micros + n * kMicrosPerSecond};
  const std::int64_t quantity = 1 + n % kQuantities;
  store::Row row(std::size(kColumns));
  row[kOrderId] = n;
  row[kMenuId] = 1 + n % kMenus;
  row[kMenuName] = "Gimbab " + std::to_string(1 + n % kMenus);
  row[kQuantity] = quantity;
  row[kAmount] = quantity * kPrice;
  row[kCurrency] = std::string{"KRW"};
  row[kCreatedAt] = at.micros;
  row[kStatus] = std::string{"ordered"};
  row[kDeliveryId] = n;
  row[kDeliveryStatus] = std::string{"started"};
  row[kPaymentId] = n;
  row[kPaymentStatus] = std::string{"paid"};
  row[kUpdatedAt] = at.micros;
  Steps steps;
  for (const StepType type : {StepType::kOrdered, StepType::kPaid, StepType::kDeliveryStarted}) {
    steps.take(type, at, "5eed5eed5eed5eed-" + std::to_string(n));
  }
  row[kSteps] = std::move(steps).take_text();
  return row;
}

Task<void> add_key(store::Store& store, std::int64_t n, Result<void>& outcome) {
  auto body = [](store::Tx&) -> Result<std::string> { return std::string(kAnswerBytes, 'x'); };
  const OnceKey key{"fill-" + std::to_string(n), static_cast<std::uint64_t>(n)};
  auto added = co_await store.commit_once(key, body);
  if (!added) outcome = pass_on(added);
}

/// All at once, so that each group of the store is full.
Task<Result<void>> add_keys_between(store::Store& store, std::int64_t begin, std::int64_t end) {
  Result<void> outcome;
  TaskGroup tasks;
  for (std::int64_t n = begin; n < end; ++n) tasks.spawn(add_key(store, n, outcome));
  co_await tasks.join();
  co_return outcome;
}

}  // namespace

Result<void> add_orders(store::Store& store, std::int64_t count, Timestamp first) {
  return in_commits(store, count, [&](store::Tx& tx, std::int64_t n) -> Result<void> {
    auto id = tx.next_id(order::kOrders);
    if (!id) return pass_on(id);
    return tx.insert(order::kOrders, order::to_row(order_of(*id, n, first)));
  });
}

Result<void> add_mypages(store::Store& store, std::int64_t count, Timestamp first) {
  return in_commits(store, count, [&](store::Tx& tx, std::int64_t n) {
    return tx.insert(mypage::kMypages, mypage_row(n, first));
  });
}

Result<void> add_keys(store::Store& store, std::int64_t count) {
  ManualExecutor executor;
  for (std::int64_t begin = 1; begin <= count; begin += kKeysAtOnce) {
    const std::int64_t end = std::min(begin + kKeysAtOnce, count + 1);
    if (auto added = executor.run(add_keys_between(store, begin, end)); !added) return added;
  }
  return {};
}

Result<void> sweep_keys(store::Store& store, Timestamp before) {
  ManualExecutor executor;
  while (true) {
    auto swept = executor.run(store.sweep_keys(before, kSweptAtOnce));
    if (!swept) return pass_on(swept);
    if (*swept < kSweptAtOnce) return {};
  }
}

}  // namespace baedal::fill
