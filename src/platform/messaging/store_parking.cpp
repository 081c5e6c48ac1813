#include "platform/messaging/store_parking.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "platform/messaging/stored_text.hpp"

namespace baedal::messaging {
namespace {

using store::ColumnType;

enum ColumnNumber : std::size_t {
  kId,
  kDedupe,
  kGroup,
  kKey,
  kEventId,
  kEventType,
  kSource,
  kTime,
  kTraceparent,
  kData,
  kReason,
  kAttempts,
  kParkedAt,
};

constexpr store::Column kColumns[] = {
    {"id", ColumnType::kInteger},          {"dedupe", ColumnType::kText},
    {"consumer_group", ColumnType::kText}, {"event_key", ColumnType::kText},
    {"event_id", ColumnType::kText},       {"event_type", ColumnType::kText},
    {"source", ColumnType::kText},         {"event_time", ColumnType::kInteger},
    {"traceparent", ColumnType::kText},    {"data", ColumnType::kText},
    {"reason", ColumnType::kText},         {"attempts", ColumnType::kInteger},
    {"parked_at", ColumnType::kInteger},
};
constexpr store::Index kIndexes[] = {{kDedupe, true}, {kKey, false}};

constexpr std::int64_t kPageRows = 1'000;

/// One event is parked once per group: the stores know unique columns, not unique pairs.
std::string dedupe_of(const ParkedEvent& event) {
  return event.group + ' ' + event.envelope.source + ' ' + event.envelope.id;
}

store::Row to_row(std::int64_t id, const ParkedEvent& event) {
  const Envelope& envelope = event.envelope;
  return {id,
          to_indexed_text(dedupe_of(event)),
          event.group,
          to_indexed_text(envelope.key),
          to_stored_text(envelope.id),
          to_stored_text(envelope.type),
          to_stored_text(envelope.source),
          envelope.time.micros,
          to_stored_text(envelope.traceparent),
          to_stored_text(envelope.data),
          to_stored_text(event.reason),
          std::int64_t{event.attempts},
          event.parked_at.micros};
}

std::int64_t integer(const store::Row& row, ColumnNumber column) {
  return std::get<std::int64_t>(row[column]);
}

const std::string& text(const store::Row& row, ColumnNumber column) {
  return std::get<std::string>(row[column]);
}

ParkedEvent from_row(const store::Row& row) {
  ParkedEvent event;
  event.id = integer(row, kId);
  event.group = text(row, kGroup);
  event.envelope = {.id = from_stored_text(text(row, kEventId)),
                    .type = from_stored_text(text(row, kEventType)),
                    .source = from_stored_text(text(row, kSource)),
                    .key = from_stored_text(text(row, kKey)),
                    .time = {integer(row, kTime)},
                    .traceparent = from_stored_text(text(row, kTraceparent)),
                    .data = from_stored_text(text(row, kData))};
  event.reason = from_stored_text(text(row, kReason));
  event.attempts = static_cast<int>(integer(row, kAttempts));
  event.parked_at = {integer(row, kParkedAt)};
  return event;
}

}  // namespace

const store::Table kParkedEventsTable{"parked_events", kColumns, kIndexes};

namespace {

/// The number under which that event is parked; 0 when it is not.
Result<std::int64_t> id_of(store::Tx& tx, const ParkedEvent& event) {
  const store::Value dedupe = to_indexed_text(dedupe_of(event));
  auto there = tx.find_by(kParkedEventsTable, kDedupe, dedupe);
  if (!there) return pass_on(there);
  return *there ? integer(**there, kId) : 0;
}

Result<std::int64_t> insert(store::Tx& tx, const ParkedEvent& event) {
  auto id = tx.next_id(kParkedEventsTable);
  if (!id) return pass_on(id);
  if (auto inserted = tx.insert(kParkedEventsTable, to_row(*id, event)); !inserted) {
    return pass_on(inserted);
  }
  return *id;
}

/// Whether one of them is parked. The last first: they are taken out from the front.
Result<bool> any_of(store::Tx& tx, const std::vector<std::int64_t>& ids) {
  for (const std::int64_t id : std::views::reverse(ids)) {
    auto row = tx.find(kParkedEventsTable, id);
    if (!row) return pass_on(row);
    if (*row) return true;
  }
  return false;
}

}  // namespace

Task<Result<std::unique_ptr<StoreParking>>> StoreParking::open(store::Store& store) {
  std::unique_ptr<StoreParking> parking(new StoreParking(store));
  const auto keys = co_await parking->read_keys();
  if (!keys) co_return std::unexpected(keys.error());
  for (const auto& [id, key] : *keys) parking->remember(id, key);
  co_return parking;
}

Task<Result<StoreParking::Keys>> StoreParking::read_keys() const {
  Keys keys;
  store::PageRequest request{.page = 0, .size = kPageRows};
  while (true) {
    const auto page = co_await store_.page(kParkedEventsTable, request);
    if (!page) co_return std::unexpected(page.error());
    for (const store::Row& row : page->rows) {
      keys.emplace(integer(row, kId), from_stored_text(text(row, kKey)));
    }
    if (std::ssize(page->rows) < kPageRows) co_return keys;
    ++request.page;
  }
}

Task<Result<void>> StoreParking::refresh() {
  if (!store_.is_shared()) co_return Result<void>{};
  Keys before;
  {
    const std::lock_guard lock(mutex_);
    before = keys_by_id_;
  }
  const auto now = co_await read_keys();
  if (!now) co_return std::unexpected(now.error());
  // What is parked here meanwhile is in neither. What is taken out here meanwhile may be held again
  // by this: park_behind() finds out.
  for (const auto& [id, key] : before) {
    if (!now->contains(id)) forget(id);
  }
  for (const auto& [id, key] : *now) remember(id, key);
  co_return Result<void>{};
}

Task<Result<void>> StoreParking::park(ParkedEvent event) {
  const std::string key = event.envelope.key;
  std::int64_t id = 0;
  auto body = [&](store::Tx& tx) -> Result<std::string> {
    auto there = id_of(tx, event);
    if (there && *there == 0) there = insert(tx, event);
    if (!there) return pass_on(there);
    id = *there;
    return std::string{};
  };
  const OnceKey no_key = OnceKey::none();
  auto committed = co_await store_.commit_once(no_key, body);
  if (!committed) co_return pass_on(committed);
  // Also when it was there: perhaps from a try of ours whose answer was lost.
  remember(id, key);
  co_return Result<void>{};
}

Task<Result<bool>> StoreParking::park_behind(ParkedEvent event) {
  const std::string key = event.envelope.key;
  const std::vector<std::int64_t> before = ids_of(key);
  std::int64_t id = 0;
  auto body = [&](store::Tx& tx) -> Result<std::string> {
    auto there = id_of(tx, event);
    if (there && *there == 0) {
      auto held = any_of(tx, before);
      if (!held) return pass_on(held);
      if (*held) there = insert(tx, event);
    }
    if (!there) return pass_on(there);
    id = *there;
    return std::string{};
  };
  const OnceKey no_key = OnceKey::none();
  auto committed = co_await store_.commit_once(no_key, body);
  if (!committed) co_return pass_on(committed);
  if (id != 0) {
    remember(id, key);
    co_return true;
  }
  for (const std::int64_t gone : before) forget(gone);
  co_return false;
}

Task<Result<std::vector<ParkedEvent>>> StoreParking::list(std::size_t limit, std::int64_t after) {
  auto settled = co_await settle_doubts();
  if (!settled) co_return pass_on(settled);
  std::vector<ParkedEvent> events;
  store::PageRequest request{.page = 0, .size = kPageRows};
  while (true) {
    const auto page = co_await store_.page(kParkedEventsTable, request);
    if (!page) co_return std::unexpected(page.error());
    for (const store::Row& row : page->rows) {
      if (events.size() == limit) co_return events;
      if (integer(row, kId) > after) events.push_back(from_row(row));
    }
    if (std::ssize(page->rows) < kPageRows) co_return events;
    ++request.page;
  }
}

Task<Result<bool>> StoreParking::remove(std::int64_t id) {
  bool erased = false;
  auto body = [&](store::Tx& tx) -> Result<std::string> {
    const auto done = tx.erase(kParkedEventsTable, id);
    if (!done) return std::unexpected(done.error());
    erased = *done;
    return std::string{};
  };
  const OnceKey no_key = OnceKey::none();
  auto committed = co_await store_.commit_once(no_key, body);
  if (committed) {
    forget(id);
    co_return erased;
  }
  const std::lock_guard lock(mutex_);
  in_doubt_.insert(id);
  co_return pass_on(committed);
}

/// Finds out whether removals that ended with an error took place. Else their keys would be held
/// until the next open.
Task<Result<void>> StoreParking::settle_doubts() {
  std::set<std::int64_t> in_doubt;
  {
    const std::lock_guard lock(mutex_);
    in_doubt = in_doubt_;
  }
  for (const std::int64_t id : in_doubt) {
    const auto row = co_await store_.find(kParkedEventsTable, id);
    if (!row) co_return std::unexpected(row.error());
    if (!*row) forget(id);
    const std::lock_guard lock(mutex_);
    in_doubt_.erase(id);
  }
  co_return Result<void>{};
}

bool StoreParking::holds_key(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  return !ids_by_key_.empty() && ids_by_key_.contains(key);
}

std::size_t StoreParking::count() const {
  const std::lock_guard lock(mutex_);
  return keys_by_id_.size();
}

std::vector<std::int64_t> StoreParking::ids_of(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto ids = ids_by_key_.find(key);
  if (ids == ids_by_key_.end()) return {};
  return {ids->second.begin(), ids->second.end()};
}

void StoreParking::remember(std::int64_t id, const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (keys_by_id_.emplace(id, key).second) ids_by_key_[key].insert(id);
}

void StoreParking::forget(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  const auto known = keys_by_id_.find(id);
  if (known == keys_by_id_.end()) return;
  const auto ids = ids_by_key_.find(known->second);
  ids->second.erase(id);
  if (ids->second.empty()) ids_by_key_.erase(ids);
  keys_by_id_.erase(known);
}

}  // namespace baedal::messaging
