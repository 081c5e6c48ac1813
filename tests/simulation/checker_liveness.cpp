// The other half of the checker: what must come true once nothing goes wrong any more.
#include <algorithm>

#include "platform/messaging/store_parking.hpp"
#include "platform/store/cells.hpp"
#include "services/delivery/outbound/delivery_tables.hpp"
#include "services/menu/outbound/menu_tables.hpp"
#include "services/mypage/outbound/mypage_table.hpp"
#include "services/mypage/view/steps.hpp"
#include "services/order/outbound/order_tables.hpp"
#include "services/payment/outbound/payment_tables.hpp"
#include "simulation/checker.hpp"

namespace baedal::simulation {
namespace {

using store::integer_at;
using store::optional_text_at;
using store::Row;
using store::text_at;

}  // namespace

std::vector<std::string> Checker::missing() const {
  std::vector<std::string> missing;
  const Rows rows = read();
  auto views = join(rows);
  const Disk* view_disk = disks_.find_last("mypage/");
  for (auto& [id, view] : views) {
    if (view_disk != nullptr) view.line = view_disk->find(mypage::kMypages, id);
    std::string what = missing_of(id, view);
    if (!what.empty()) missing.push_back("order " + std::to_string(id) + ": " + what);
  }
  const std::size_t lines = view_disk == nullptr ? 0 : view_disk->rows(mypage::kMypages).size();
  if (disks_.count("mypage/") > 1) missing.push_back("a rebuild of the view has left its files");
  if (lines != views.size()) missing.push_back("mypage has not a line for each order");
  missing_events(missing);
  return missing;
}

/// Every order ends: delivered and charged once, or cancelled and nothing kept; and everybody
/// agrees.
std::string Checker::missing_of(std::int64_t id, const View& view) const {
  if (view.order == nullptr) return "there is none";
  if (view.delivery == nullptr) return "it has no delivery";
  if (view.payment == nullptr) return "it has no payment";
  const std::string& status = text_at(*view.order, order::kOrderStatus);
  const std::string& delivery = text_at(*view.delivery, delivery::kDeliveryStatus);
  if (delivery == "started") return "its delivery has not ended";
  if ((status == "cancel") != (delivery == "cancelled")) {
    return "it is " + status + ", its delivery " + delivery;
  }
  if (optional_text_at(*view.order, order::kOrderDeliveryStatus) != delivery) {
    return "it does not know that its delivery is " + delivery;
  }
  std::string money = money_missing(id, view);
  return money.empty() ? view_missing(view) : money;
}

std::string Checker::money_missing(std::int64_t id, const View& view) const {
  const std::string& payment = text_at(*view.payment, payment::kPaymentStatus);
  if (payment == "requested" || payment == "refunding") return "its payment is " + payment;
  const bool cancelled = text_at(*view.order, order::kOrderStatus) == "cancel";
  if (cancelled == (payment == "paid")) return "it has ended, and its payment is " + payment;
  if (optional_text_at(*view.order, order::kOrderPaymentStatus) != payment) {
    return "it does not know that its payment is " + payment;
  }
  const auto books = office_.books().find(payment::OrderId{id});
  const std::int64_t kept = books ? books->captured.minor_units - books->refunded.minor_units : 0;
  const std::int64_t amount = integer_at(*view.order, order::kOrderAmount);
  if (kept != (cancelled ? 0 : amount)) return "the provider keeps " + std::to_string(kept);
  return {};
}

std::string Checker::view_missing(const View& view) const {
  if (view.line == nullptr) return "mypage has no line of it";
  const Row& line = *view.line;
  const auto differs = [&](std::size_t column, const Row& row, std::size_t of) {
    return line.at(column) != row.at(of);
  };
  if (differs(mypage::kStatus, *view.order, order::kOrderStatus)) return "mypage: status";
  if (differs(mypage::kQuantity, *view.order, order::kOrderQuantity)) return "mypage: quantity";
  if (differs(mypage::kAmount, *view.order, order::kOrderAmount)) return "mypage: amount";
  if (differs(mypage::kDeliveryStatus, *view.delivery, delivery::kDeliveryStatus)) {
    return "mypage: delivery";
  }
  if (differs(mypage::kDeliveryId, *view.delivery, delivery::kDeliveryId)) {
    return "mypage: number of the delivery";
  }
  if (differs(mypage::kPaymentStatus, *view.payment, payment::kPaymentStatus)) {
    return "mypage: payment";
  }
  return steps_missing(line);
}

/// The events that brought a line to its end are among its steps: it ends in them only.
std::string Checker::steps_missing(const Row& line) {
  using mypage::StepType;
  std::set<StepType> taken;
  const std::string steps = optional_text_at(line, mypage::kSteps).value_or("");
  for (const mypage::Step& step : mypage::Steps::of_text(steps).all()) taken.insert(step.type);
  const bool cancelled = optional_text_at(line, mypage::kStatus) == "cancel";
  const std::string payment = optional_text_at(line, mypage::kPaymentStatus).value_or("");
  std::vector<StepType> due{StepType::kOrdered};
  if (cancelled) due.push_back(StepType::kOrderCancelled);
  due.push_back(cancelled ? StepType::kDeliveryCancelled : StepType::kDeliveryCompleted);
  if (payment == "declined") due.push_back(StepType::kDeclined);
  if (payment == "refunded") due.push_back(StepType::kRefunded);
  if (!cancelled) due.insert(due.end(), {StepType::kPaid, StepType::kDeliveryStarted});
  const bool all = std::ranges::all_of(due, [&](StepType type) { return taken.contains(type); });
  return all ? "" : "mypage: a step";
}

/// Every committed event reached the bus; nothing stays aside; the menus agree.
void Checker::missing_events(std::vector<std::string>& missing) const {
  std::set<std::string> there;
  for (const auto& partition : topic_.partitions()) {
    for (const auto& event : partition.events) there.insert(event.id);
  }
  for (const char* role : {"menu", "order", "payment", "delivery", "mypage-parked"}) {
    const Disk* disk = disks_.find(role);
    if (disk == nullptr) continue;
    for (const auto& [seq, event] : disk->told()) {
      if (!there.contains(disk->uid() + "-" + std::to_string(seq))) {
        missing.push_back(event.type + " of " + event.key + " is not on the bus");
      }
    }
    if (!disk->rows(messaging::kParkedEventsTable).empty()) {
      missing.push_back(std::string{role} + " has parked events");
    }
  }
  const Disk* menu = disks_.find("menu");
  const Disk* order = disks_.find("order");
  if (menu == nullptr || order == nullptr) return;
  for (const Row& row : menu->rows(menu::kMenus)) {
    const Row* copy = order->find(order::kMenuReplica, integer_at(row, 0));
    const bool same =
        copy != nullptr && copy->at(order::kMenuVersion) == row.at(menu::kMenuVersion);
    if (!same) missing.push_back("order has not the present menu");
  }
}

}  // namespace baedal::simulation
