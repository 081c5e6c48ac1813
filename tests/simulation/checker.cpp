#include "simulation/checker.hpp"

#include <algorithm>

#include "platform/store/cells.hpp"
#include "services/delivery/outbound/delivery_tables.hpp"
#include "services/mypage/outbound/mypage_table.hpp"
#include "services/order/outbound/order_tables.hpp"
#include "services/payment/outbound/payment_tables.hpp"

namespace baedal::simulation {
namespace {

using store::integer_at;
using store::Row;
using store::text_at;

std::int64_t seq_of(const std::string& event_id) {
  return std::stoll(event_id.substr(event_id.rfind('-') + 1));
}

int how_far(const std::optional<std::string>& status, std::string_view first) {
  if (!status) return 0;
  return *status == first ? 1 : 2;
}

std::string name(std::int64_t order) { return "order " + std::to_string(order); }

}  // namespace

Checker::Checker(const Disks& disks, Topic& topic, const ProviderOffice& office,
                 const Witness& witness)
    : disks_(disks), topic_(topic), office_(office), witness_(witness) {
  topic.on_append([this](const messaging::Envelope& event) { hear_append(event); });
  topic.on_given([this](const std::string& group, const messaging::Envelope& event) {
    hear_given(group, event);
  });
}

void Checker::break_rule(std::string rule, std::string detail) {
  if (!is_broken()) violation_ = {std::move(rule), std::move(detail)};
}

/// Nothing leaves a service before its commit; an id is one event; those of a key keep their order.
void Checker::hear_append(const messaging::Envelope& event) {
  const std::string what = event.id + " " + event.type + "(" + event.key + ")";
  const std::int64_t seq = seq_of(event.id);
  const Disk* source = disks_.find(event.source);
  const auto told = source != nullptr
                        ? source->told().find(seq)
                        : std::map<std::int64_t, store::OutboxEvent>::const_iterator{};
  if (source == nullptr || told == source->told().end()) {
    return break_rule("an event is on the bus that was never committed", what);
  }
  const auto [known, first] = events_.try_emplace(event.id, event.data);
  if (known->second != event.data) return break_rule("two events have one id", what);
  if (!first) return;
  std::int64_t& last = last_seq_[{event.source, event.key}];
  if (seq <= last) break_rule("events of one key are on the bus in another order", what);
  last = seq;
}

void Checker::hear_given(const std::string& group, const messaging::Envelope& event) {
  if (!given_.emplace(group, event.id).second) return;
  std::int64_t& last = last_given_[group + " " + event.source + " " + event.key];
  const std::int64_t seq = seq_of(event.id);
  if (seq <= last) {
    break_rule("events of one key come to a group in another order", group + " " + event.id);
  }
  last = seq;
}

void Checker::check() {
  const std::uint64_t now = disks_.version() + office_.decisions() + witness_.answers;
  if (is_broken() || now == seen_) return;
  seen_ = now;
  const Rows rows = read();
  check_one_each(rows);
  const auto views = join(rows);
  for (const auto& [id, view] : views) {
    check_outcome(id, view);
    check_delivery(id, view);
    check_money(id, view);
  }
  check_promises(views);
  check_views();
}

/// What a customer sees goes forward only.
void Checker::check_views() {
  disks_.each("mypage/", [this](const Disk& disk) {
    for (const Row& row : disk.rows(mypage::kMypages)) {
      const std::int64_t id = integer_at(row, mypage::kOrderId);
      auto& before = lines_[{disk.uid(), id}];
      const std::array<int, 3> now{
          how_far(store::optional_text_at(row, mypage::kStatus), "ordered"),
          how_far(store::optional_text_at(row, mypage::kDeliveryStatus), "started"),
          how_far(store::optional_text_at(row, mypage::kPaymentStatus), "paid")};
      for (std::size_t part = 0; part < now.size(); ++part) {
        if (now.at(part) < before.at(part)) break_rule("a line of the view goes back", name(id));
      }
      before = now;
    }
  });
}

Checker::Rows Checker::read() const {
  Rows rows;
  const auto of = [&](const char* disk, const store::Table& table) {
    const Disk* found = disks_.find(disk);
    if (found != nullptr) rows[disk] = found->rows(table);
  };
  of("order", order::kOrders);
  of("delivery", delivery::kDeliveries);
  of("payment", payment::kPayments);
  return rows;
}

std::map<std::int64_t, Checker::View> Checker::join(const Rows& rows) const {
  std::map<std::int64_t, View> views;
  const auto each = [&](const char* disk, auto add) {
    const auto found = rows.find(disk);
    if (found == rows.end()) return;
    for (const Row& row : found->second) add(row);
  };
  each("order", [&](const Row& row) { views[integer_at(row, order::kOrderId)].order = &row; });
  each("delivery",
       [&](const Row& row) { views[integer_at(row, delivery::kDeliveryOrderId)].delivery = &row; });
  each("payment",
       [&](const Row& row) { views[integer_at(row, payment::kPaymentOrderId)].payment = &row; });
  return views;
}

void Checker::check_one_each(const Rows& rows) {
  const auto orders = rows.find("order");
  if (orders == rows.end()) return;
  if (orders->second.size() > witness_.wanted.size()) {
    break_rule("there are more orders than were asked for",
               std::to_string(orders->second.size()) + " orders");
  }
  const auto one_each = [&](const char* disk, std::size_t column) {
    std::set<std::int64_t> seen;
    const auto found = rows.find(disk);
    if (found == rows.end()) return;
    for (const Row& row : found->second) {
      const std::int64_t id = integer_at(row, column);
      if (!seen.insert(id).second) break_rule(std::string{"an order has two of "} + disk, name(id));
    }
  };
  one_each("delivery", delivery::kDeliveryOrderId);
  one_each("payment", payment::kPaymentOrderId);
}

/// An order is cancelled only if its delivery is.
void Checker::check_outcome(std::int64_t id, const View& view) {
  if (view.order == nullptr) {
    return break_rule("there is a delivery or a payment without its order", name(id));
  }
  if (text_at(*view.order, order::kOrderStatus) != "cancel") return;
  const bool cancelled =
      view.delivery != nullptr && text_at(*view.delivery, delivery::kDeliveryStatus) == "cancelled";
  if (!cancelled) break_rule("an order is cancelled whose delivery is not", name(id));
}

/// The delivery decides once; none starts without a payment.
void Checker::check_delivery(std::int64_t id, const View& view) {
  const auto ended = ends_.find(id);
  if (view.delivery == nullptr) {
    if (ended != ends_.end()) break_rule("a delivery that had ended is gone", name(id));
    return;
  }
  const std::string& status = text_at(*view.delivery, delivery::kDeliveryStatus);
  if (ended != ends_.end() && ended->second != status) {
    break_rule("a delivery that had ended has changed", name(id) + ": " + status);
  }
  if (status != "started") ends_.emplace(id, status);
  if (status == "cancelled") return;
  const auto books = office_.books().find(payment::OrderId{id});
  if (!books || books->captures == 0) {
    break_rule("a delivery has started that nobody has paid", name(id));
  }
}

/// Money is taken at most once and given back at most once, and the payment says what is so.
void Checker::check_money(std::int64_t id, const View& view) {
  const auto books = office_.books().find(payment::OrderId{id});
  if (books && books->captures > 1) break_rule("an order was charged twice", name(id));
  if (books && books->refunds > 1) break_rule("an order was refunded twice", name(id));
  if (books && books->refunds > books->captures) {
    break_rule("more was refunded than charged", name(id));
  }
  if (view.payment == nullptr) return;
  const std::string& status = text_at(*view.payment, payment::kPaymentStatus);
  const bool keeps = books && books->captures > books->refunds;
  if (status == "paid" && !keeps) break_rule("a payment is paid, and there is no money", name(id));
  if ((status == "refunded" || status == "declined") && keeps) {
    break_rule("a payment is " + status + ", and the money is kept", name(id));
  }
}

/// What people were told stays true for ever.
void Checker::check_promises(const std::map<std::int64_t, View>& views) {
  if (!witness_.contradiction.empty()) {
    break_rule("one key has made two orders", witness_.contradiction);
  }
  const auto status_of = [&](std::int64_t id, bool of_delivery) -> std::string {
    const auto view = views.find(id);
    if (view == views.end()) return "missing";
    const Row* row = of_delivery ? view->second.delivery : view->second.order;
    if (row == nullptr) return "missing";
    return text_at(*row, of_delivery ? std::size_t{delivery::kDeliveryStatus}
                                     : std::size_t{order::kOrderStatus});
  };
  for (const auto& [key, placed] : witness_.placed) {
    const auto view = views.find(placed.order);
    const Row* row = view == views.end() ? nullptr : view->second.order;
    if (row == nullptr) {
      break_rule("an order that was answered 201 is gone", name(placed.order));
    } else if (integer_at(*row, order::kOrderMenuId) != placed.menu ||
               integer_at(*row, order::kOrderQuantity) != placed.quantity) {
      break_rule("an order is not what was ordered", name(placed.order));
    }
  }
  for (const std::int64_t id : witness_.cancelled) {
    if (status_of(id, false) != "cancel") {
      break_rule("a cancel that was answered 200 did not happen", name(id));
    }
  }
  for (const std::int64_t id : witness_.refused) {
    if (status_of(id, true) != "complete") {
      break_rule("a cancel was refused, and the delivery is not complete", name(id));
    }
  }
  for (const std::int64_t id : witness_.completed) {
    if (status_of(id, true) != "complete") {
      break_rule("a completion that was answered 200 did not happen", name(id));
    }
  }
}

}  // namespace baedal::simulation
