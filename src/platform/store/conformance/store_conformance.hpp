#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kernel/async/manual_executor.hpp"
#include "kernel/async/sync.hpp"
#include "kernel/clock.hpp"
#include "platform/store/group_committer.hpp"
#include "platform/store/migration.hpp"
#include "platform/store/store.hpp"

namespace baedal::store::conformance {

// The suite every Store must pass. An adapter's test says how to make one, and links
// baedal::store_conformance:
//
//   BAEDAL_STORE_CONFORMANCE(Sqlite, [] { return std::make_unique<SqliteUnderTest>(); });

// The suite's table: a unique column that may be null, two plain indexes, one column without.
inline constexpr std::size_t kId = 0, kCode = 1, kShelf = 2, kLabel = 3, kNote = 4;
inline constexpr Column kThingColumns[] = {{"id", ColumnType::kInteger},
                                           {"code", ColumnType::kText},
                                           {"shelf", ColumnType::kInteger},
                                           {"label", ColumnType::kText},
                                           {"note", ColumnType::kText}};
inline constexpr Index kThingIndexes[] = {{kCode, true}, {kShelf}, {kLabel}};
inline constexpr Table kThings{"things", kThingColumns, kThingIndexes};

/// The steps that make the table, for stores that need them.
[[nodiscard]] std::span<const Migration> migrations();

/// A clock that tests move.
class TestClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return {micros_.load()}; }
  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
    return std::chrono::steady_clock::time_point{std::chrono::microseconds{micros_.load()}};
  }
  void advance(std::chrono::microseconds delta) { micros_ += delta.count(); }

 private:
  std::atomic<std::int64_t> micros_{1'700'000'000'000'000};
};

/// One set of data of the adapter under test. Ends with everything it made.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  /// Opens a store over the data: empty the first time, as it was left after that. The one before
  /// is gone by then. Knows kThings.
  virtual std::unique_ptr<Store> open(const Clock& clock, GroupCommitLimits limits) = 0;
  /// Whether its callers may be on several threads: not in a simulation, which has one.
  [[nodiscard]] virtual bool takes_threads() const { return true; }
};

struct Adapter {
  std::function<std::unique_ptr<StoreUnderTest>()> make;
  friend void PrintTo(const Adapter&, std::ostream* out) { *out << "adapter"; }
};

class StoreConformance : public testing::TestWithParam<Adapter> {
 protected:
  void SetUp() override { reopen(); }
  void reopen(GroupCommitLimits limits = {});

  /// Commits on the test's executor and waits.
  template <class F>
  Result<CommitOutcome> commit(const OnceKey& key, F body) {
    return executor.run(store->commit_once(key, body));
  }
  template <class F>
  Result<CommitOutcome> commit(F body) {
    return commit(OnceKey::none(), std::move(body));
  }
  /// Runs `make(0)` to `make(n - 1)` side by side and waits for all.
  void run_all(int n, const std::function<Task<void>(int)>& make);
  /// Commits one new thing; gives its id.
  std::int64_t add(Value code, std::int64_t shelf, Value label = {});
  [[nodiscard]] std::optional<Row> find(std::int64_t id);
  [[nodiscard]] Page page(PageRequest request);
  [[nodiscard]] Slice page_by(std::size_t column, Value value, PageRequest request = {});
  [[nodiscard]] std::vector<OutboxRow> outbox(std::int64_t after = 0);

  TestClock clock;
  ManualExecutor executor;
  std::unique_ptr<StoreUnderTest> data;
  std::unique_ptr<Store> store;
};

/// Within a body: inserts a thing with the next id, which it gives back.
Result<std::int64_t> insert_thing(Tx& tx, Value code, std::int64_t shelf, Value label = {});
/// Within a body: appends an event whose key is `key`.
Result<void> append_event(Tx& tx, std::string key);
[[nodiscard]] std::vector<std::int64_t> ids_of(const std::vector<Row>& rows);
[[nodiscard]] std::vector<std::string> keys_of(const std::vector<OutboxRow>& rows);

}  // namespace baedal::store::conformance

/// Runs the suite on an adapter; `make_data` gives a std::unique_ptr<StoreUnderTest>.
#define BAEDAL_STORE_CONFORMANCE(name, make_data)                                        \
  namespace baedal::store::conformance {                                                 \
  INSTANTIATE_TEST_SUITE_P(name, StoreConformance, testing::Values(Adapter{make_data})); \
  }                                                                                      \
  static_assert(true)
