#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernel/async/manual_executor.hpp"
#include "platform/store/lmdb/lmdb_store.hpp"

namespace baedal::store::lmdb {

/// A folder that goes with the test.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lmdb-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] std::string store() const { return (path_ / "store").string(); }
  [[nodiscard]] std::filesystem::path data_file() const { return path_ / "store" / "data.mdb"; }

 private:
  std::filesystem::path path_;
};

/// Stands still unless moved.
class StillClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return now_; }
  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override { return {}; }

 private:
  Timestamp now_{1'000'000};
};

inline constexpr std::size_t kName = 1, kShade = 2, kWeight = 3, kNote = 4;
inline constexpr std::array<Column, 5> kColumns = {{{"id", ColumnType::kInteger},
                                                    {"name", ColumnType::kText},
                                                    {"shade", ColumnType::kText},
                                                    {"weight", ColumnType::kInteger},
                                                    {"note", ColumnType::kText}}};
inline constexpr std::array<Index, 3> kIndexes = {{{kName, true}, {kShade}, {kWeight}}};
inline constexpr Table kThings{"things", kColumns, kIndexes};

inline Row make_row(std::int64_t id, Value name, Value shade, Value weight, Value note) {
  return {id, std::move(name), std::move(shade), std::move(weight), std::move(note)};
}
inline Row plain_row(std::int64_t id) {
  return make_row(id, "name " + std::to_string(id), "grey", id % 7, std::string(100, 'x'));
}

/// An open store and the executor that its callers run on.
class StoreUnderTest {
 public:
  explicit StoreUnderTest(LmdbOptions options) : options_(std::move(options)) {
    options_.tables = {&kThings};
    options_.clock = &clock_;
    reopen();
  }

  void close() { store_.reset(); }
  void reopen() {
    close();
    auto opened = LmdbStore::open(options_);
    if (!opened) ADD_FAILURE() << opened.error().detail;
    store_ = std::move(*opened);
  }

  template <class F>
  Result<CommitOutcome> commit(F body, const OnceKey& key = OnceKey::none()) {
    return run(store_->commit_once(key, body));
  }
  /// Commits these rows in one body.
  Result<CommitOutcome> insert(const std::vector<Row>& rows) {
    return commit([&rows](Tx& tx) -> Result<std::string> {
      for (const Row& row : rows) {
        if (auto done = tx.insert(kThings, row); !done) return pass_on(done);
      }
      return std::string();
    });
  }
  std::optional<Row> find(std::int64_t id) { return run(store_->find(kThings, id)).value(); }
  std::optional<Row> find_by(std::size_t column, const Value& value) {
    return run(store_->find_by(kThings, column, value)).value();
  }
  Page page(const PageRequest& request) { return run(store_->page(kThings, request)).value(); }
  Slice page_by(std::size_t column, const Value& value, const PageRequest& request) {
    return run(store_->page_by(kThings, column, value, request)).value();
  }
  template <class T>
  T run(Task<T> task) {
    return executor_.run(std::move(task));
  }

  LmdbStore& operator*() { return *store_; }
  LmdbStore* operator->() { return store_.get(); }

 private:
  StillClock clock_;
  ManualExecutor executor_;
  LmdbOptions options_;
  std::unique_ptr<LmdbStore> store_;
};

}  // namespace baedal::store::lmdb
