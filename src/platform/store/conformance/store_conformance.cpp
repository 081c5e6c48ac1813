#include "platform/store/conformance/store_conformance.hpp"

namespace baedal::store::conformance {
namespace {

constexpr Migration kMigrations[] = {
    {1, "0001_things",
     "CREATE TABLE things (id BIGINT PRIMARY KEY, code TEXT, shelf BIGINT NOT NULL, label TEXT,"
     " note TEXT);"
     "CREATE UNIQUE INDEX things_code ON things (code);"
     "CREATE INDEX things_shelf ON things (shelf);"
     "CREATE INDEX things_label ON things (label);"}};

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

void StoreConformance::reopen(GroupCommitLimits limits) {
  if (!data) data = GetParam().make();
  if (!data->takes_threads()) executor.be_alone();
  store.reset();
  store = data->open(clock, limits);
  ASSERT_NE(store, nullptr);
}

void StoreConformance::run_all(int n, const std::function<Task<void>(int)>& make) {
  auto all = [&]() -> Task<void> {
    TaskGroup group;
    for (int i = 0; i < n; ++i) group.spawn(make(i));
    co_await group.join();
  };
  executor.run(all());
}

std::int64_t StoreConformance::add(Value code, std::int64_t shelf, Value label) {
  const auto outcome = commit([&](Tx& tx) -> Result<std::string> {
    auto id = insert_thing(tx, code, shelf, label);
    if (!id) return pass_on(id);
    return std::to_string(*id);
  });
  EXPECT_TRUE(outcome.has_value());
  return outcome ? std::stoll(outcome->answer) : 0;
}

std::optional<Row> StoreConformance::find(std::int64_t id) {
  auto row = executor.run(store->find(kThings, id));
  EXPECT_TRUE(row.has_value());
  return row ? *row : std::nullopt;
}

Page StoreConformance::page(PageRequest request) {
  auto found = executor.run(store->page(kThings, request));
  EXPECT_TRUE(found.has_value());
  return found ? *found : Page{};
}

Slice StoreConformance::page_by(std::size_t column, Value value, PageRequest request) {
  auto found = executor.run(store->page_by(kThings, column, value, request));
  EXPECT_TRUE(found.has_value());
  return found ? *found : Slice{};
}

std::vector<OutboxRow> StoreConformance::outbox(std::int64_t after) {
  auto rows = executor.run(store->read_outbox(after, 1'000'000));
  EXPECT_TRUE(rows.has_value());
  return rows ? *rows : std::vector<OutboxRow>{};
}

Result<std::int64_t> insert_thing(Tx& tx, Value code, std::int64_t shelf, Value label) {
  auto id = tx.next_id(kThings);
  if (!id) return id;
  const Row row{*id, std::move(code), shelf, std::move(label), std::string("new")};
  auto inserted = tx.insert(kThings, row);
  if (!inserted) return pass_on(inserted);
  return id;
}

Result<void> append_event(Tx& tx, std::string key) {
  return tx.append({"Made", std::move(key), Timestamp{42}, R"({"a":1})", "00-ab-cd-01"});
}

std::vector<std::int64_t> ids_of(const std::vector<Row>& rows) {
  std::vector<std::int64_t> ids;
  for (const Row& row : rows) ids.push_back(std::get<std::int64_t>(row[kId]));
  return ids;
}

std::vector<std::string> keys_of(const std::vector<OutboxRow>& rows) {
  std::vector<std::string> keys;
  for (const OutboxRow& row : rows) keys.push_back(row.event.key);
  return keys;
}

}  // namespace baedal::store::conformance
