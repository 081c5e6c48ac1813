#include "services/mypage/outbound/stored_view.hpp"

#include <algorithm>
#include <vector>

#include "platform/store/cells.hpp"
#include "platform/store/ids_by.hpp"
#include "services/mypage/outbound/mypage_table.hpp"
#include "services/mypage/view/words.hpp"

namespace baedal::mypage {
namespace {

using store::cell;
using store::optional_integer_at;
using store::optional_text_at;

template <class Status>
store::Value word_cell(const std::optional<Status>& status) {
  return status ? store::Value{std::string{to_word(*status)}} : store::Value{};
}

store::Row to_row(Mypage line) {
  store::Row row(std::size(kColumns));
  row[kOrderId] = line.order.value();
  if (line.facts) {
    row[kMenuId] = line.facts->menu_id;
    row[kMenuName] = line.facts->menu_name;
    row[kQuantity] = line.facts->quantity;
    row[kAmount] = cell(line.facts->amount);
    row[kCurrency] = line.facts->currency;
    row[kCreatedAt] = line.facts->created_at.micros;
  }
  row[kStatus] = word_cell(line.status);
  row[kDeliveryId] = cell(line.delivery_id);
  row[kDeliveryStatus] = word_cell(line.delivery_status);
  row[kPaymentId] = cell(line.payment_id);
  row[kPaymentStatus] = word_cell(line.payment_status);
  row[kUpdatedAt] = line.updated_at.micros;
  if (!line.steps.text().empty()) row[kSteps] = std::move(line.steps).take_text();
  return row;
}

Mypage to_line(store::Row row) {
  Mypage line{.order = OrderId{store::integer_at(row, kOrderId)}};
  if (const auto menu_id = optional_integer_at(row, kMenuId)) {
    line.facts = OrderFacts{.menu_id = *menu_id,
                            .menu_name = store::text_at(row, kMenuName),
                            .quantity = store::integer_at(row, kQuantity),
                            .amount = optional_integer_at(row, kAmount),
                            .currency = store::text_at(row, kCurrency),
                            .created_at = store::time_at(row, kCreatedAt)};
  }
  line.status = optional_text_at(row, kStatus).and_then(parse_order_status);
  line.delivery_id = optional_integer_at(row, kDeliveryId);
  line.delivery_status = optional_text_at(row, kDeliveryStatus).and_then(parse_delivery_status);
  line.payment_id = optional_integer_at(row, kPaymentId);
  line.payment_status = optional_text_at(row, kPaymentStatus).and_then(parse_payment_status);
  line.updated_at = store::time_at(row, kUpdatedAt);
  if (auto* steps = std::get_if<std::string>(&row[kSteps])) {
    line.steps = Steps::of_text(std::move(*steps));
  }
  return line;
}

std::size_t column_of(LineSort sort) {
  switch (sort) {
    case LineSort::kOrderId:
      return kOrderId;
    case LineSort::kDeliveryId:
      return kDeliveryId;
    case LineSort::kStatus:
      return kStatus;
  }
  return kOrderId;
}

store::PageRequest to_page_request(const LineListRequest& request) {
  store::PageRequest page{.page = request.page, .size = request.size};
  for (const auto& [key, descending] : request.sort) {
    page.sort.push_back({column_of(key), descending});
  }
  return page;
}

LineList to_list(std::vector<store::Row> rows) {
  LineList list;
  list.lines.reserve(rows.size());
  for (store::Row& row : rows) list.lines.push_back(to_line(std::move(row)));
  return list;
}

using OrderedChanges = std::vector<const Change*>;

/// Those of one order side by side, as they came.
OrderedChanges by_order(std::span<const Change> changes) {
  OrderedChanges ordered;
  ordered.reserve(changes.size());
  for (const Change& change : changes) ordered.push_back(&change);
  std::ranges::stable_sort(ordered, {}, [](const Change* change) { return change->order; });
  return ordered;
}

/// Keeps whose the order is, when one of the changes says it and it is not known yet.
Result<void> keep_customer(store::Tx& tx, std::span<const Change* const> changes) {
  for (const Change* change : changes) {
    const auto* news = std::get_if<OrderNews>(&change->news);
    if (news == nullptr || !news->customer) continue;
    const std::int64_t id = change->order.value();
    auto known = tx.find(kCustomers, id);
    if (!known) return pass_on(known);
    return *known ? Result<void>{} : tx.insert(kCustomers, {id, *news->customer});
  }
  return {};
}

/// Some changes of one order: its line is read and written once.
Result<void> merge_line(store::Tx& tx, std::span<const Change* const> changes) {
  auto row = tx.find(kMypages, changes.front()->order.value());
  if (!row) return pass_on(row);
  const bool is_there = row->has_value();
  Mypage line = is_there ? to_line(std::move(**row)) : Mypage{};
  bool changed = false;
  for (const Change* change : changes) changed = mypage::merge(line, *change) || changed;
  if (!changed) return {};
  if (auto kept = keep_customer(tx, changes); !kept) return kept;
  store::Row merged = to_row(std::move(line));
  return is_there ? tx.update(kMypages, merged) : tx.insert(kMypages, std::move(merged));
}

constexpr std::int64_t kLineageId = 1;
constexpr std::int64_t kCompleteId = 2;

}  // namespace

Task<Result<void>> StoredView::merge(std::span<const Change> changes) {
  const OrderedChanges ordered = by_order(changes);
  std::vector<std::int64_t> orders;
  for (const Change* change : ordered) {
    const std::int64_t order = change->order.value();
    if (orders.empty() || orders.back() != order) orders.push_back(order);
  }
  auto body = [&](store::Tx& tx) -> Result<std::string> {
    tx.prefetch(kMypages, orders);
    for (auto first = ordered.begin(); first != ordered.end();) {
      const auto last = std::find_if(first, ordered.end(),
                                     [&](const Change* c) { return c->order != (*first)->order; });
      if (auto merged = merge_line(tx, {first, last}); !merged) return pass_on(merged);
      first = last;
    }
    return std::string{};
  };
  const OnceKey key = OnceKey::none();  // merging twice is merging once
  auto outcome = co_await store_->commit_once(key, body);
  if (!outcome) co_return pass_on(outcome);
  co_return Result<void>{};
}

Task<Result<std::optional<Mypage>>> StoredView::find(OrderId order) {
  auto row = co_await store_->find(kMypages, order.value());
  if (!row) co_return pass_on(row);
  co_return std::move(*row).transform(to_line);
}

Task<Result<std::optional<Mypage>>> StoredView::find_by_delivery(std::int64_t delivery_id) {
  const store::Value value{delivery_id};
  const store::PageRequest request{.page = 0, .size = 1};
  auto slice = co_await store_->page_by(kMypages, kDeliveryId, value, request);
  if (!slice) co_return pass_on(slice);
  if (slice->rows.empty()) co_return std::nullopt;
  co_return to_line(std::move(slice->rows.front()));
}

Task<Result<LineList>> StoredView::find_by_status(OrderStatus status,
                                                  const LineListRequest& request) {
  const store::Value value{std::string{to_word(status)}};
  const store::PageRequest page = to_page_request(request);
  auto slice = co_await store_->page_by(kMypages, kStatus, value, page);
  if (!slice) co_return pass_on(slice);
  LineList list = to_list(std::move(slice->rows));
  list.has_more = slice->has_more;
  co_return list;
}

Task<Result<LineList>> StoredView::list(const LineListRequest& request) {
  const store::PageRequest page_request = to_page_request(request);
  auto page = co_await store_->page(kMypages, page_request);
  if (!page) co_return pass_on(page);
  LineList list = to_list(std::move(page->rows));
  list.total = page->total_rows;
  co_return list;
}

Task<Result<std::optional<std::string>>> StoredView::customer_of(OrderId order) {
  auto row = co_await store_->find(kCustomers, order.value());
  if (!row) co_return pass_on(row);
  co_return row->transform(
      [](const store::Row& found) { return store::text_at(found, kCustomer); });
}

Task<Result<LineList>> StoredView::list_of(const std::string& customer,
                                           const LineListRequest& request) {
  store::Value value{customer};
  auto finding = store::ids_by(*store_, kCustomers, kCustomer, std::move(value));
  auto ids = co_await finding;
  if (!ids) co_return pass_on(ids);
  LineList list;
  list.total = std::ssize(*ids);
  const bool newest_first = !request.sort.empty() &&
                            request.sort.front().key == LineSort::kOrderId &&
                            request.sort.front().descending;
  for (const std::int64_t id :
       store::part_of(std::move(*ids), request.page, request.size, newest_first)) {
    auto line = co_await find(OrderId{id});
    if (!line) co_return pass_on(line);
    if (*line) list.lines.push_back(std::move(**line));
  }
  list.has_more = (request.page + 1) * request.size < list.total;
  co_return list;
}

Task<Result<bool>> StoredView::is_complete() {
  auto row = co_await store_->find(kLineage, kCompleteId);
  if (!row) co_return pass_on(row);
  co_return row->has_value();
}

Task<Result<void>> StoredView::mark_complete() {
  auto body = [](store::Tx& tx) -> Result<std::string> {
    auto row = tx.find(kLineage, kCompleteId);
    if (!row) return pass_on(row);
    if (*row) return std::string{};
    auto saved = tx.insert(kLineage, {kCompleteId, std::string{"complete"}});
    if (!saved) return pass_on(saved);
    return std::string{};
  };
  const OnceKey key = OnceKey::none();
  auto outcome = co_await store_->commit_once(key, body);
  if (!outcome) co_return pass_on(outcome);
  co_return Result<void>{};
}

Task<Result<std::string>> lineage_of(store::Store& store) {
  auto row = co_await store.find(kLineage, kLineageId);
  if (!row) co_return pass_on(row);
  if (*row) co_return store::text_at(**row, 1);
  const std::string name = "mypage-" + store.uid();
  auto adopted = co_await adopt_lineage(store, name);
  if (adopted) co_return name;
  if (adopted.error().kind != ErrorKind::kConflict) co_return pass_on(adopted);
  // Another process that shares the store was sooner.
  row = co_await store.find(kLineage, kLineageId);
  if (!row) co_return pass_on(row);
  if (!*row) co_return pass_on(adopted);
  co_return store::text_at(**row, 1);
}

Task<Result<void>> adopt_lineage(store::Store& store, const std::string& name) {
  auto body = [&](store::Tx& tx) -> Result<std::string> {
    if (auto saved = tx.insert(kLineage, {kLineageId, name}); !saved) return pass_on(saved);
    return std::string{};
  };
  const OnceKey key = OnceKey::none();
  auto outcome = co_await store.commit_once(key, body);
  if (!outcome) co_return pass_on(outcome);
  co_return Result<void>{};
}

}  // namespace baedal::mypage
