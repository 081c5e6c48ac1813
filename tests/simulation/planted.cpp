#include "simulation/planted.hpp"

#include <limits>
#include <utility>
#include <vector>

#include "platform/store/errors.hpp"

namespace baedal::simulation {
namespace {

using store::CommitOutcome;
using store::OutboxEvent;
using store::Row;
using store::Store;
using store::Table;
using store::Tx;
using store::Value;

/// A transaction that passes everything on: what the mistaken ones are made from.
class PassingTx : public Tx {
 public:
  explicit PassingTx(Tx& inner) : inner_(inner) {}
  Result<std::int64_t> next_id(const Table& table) override { return inner_.next_id(table); }
  Result<std::optional<Row>> find(const Table& table, std::int64_t id) override {
    return inner_.find(table, id);
  }
  Result<std::optional<Row>> find_by(const Table& table, std::size_t column,
                                     const Value& value) override {
    return inner_.find_by(table, column, value);
  }
  Result<void> insert(const Table& table, Row row) override {
    return inner_.insert(table, std::move(row));
  }
  Result<void> update(const Table& table, const Row& row) override {
    return inner_.update(table, row);
  }
  Result<bool> erase(const Table& table, std::int64_t id) override {
    return inner_.erase(table, id);
  }
  Result<void> append(OutboxEvent event) override { return inner_.append(std::move(event)); }

 protected:
  Tx& inner_;
};

/// Bug::kOutboxApart: events are put aside.
class SilentTx final : public PassingTx {
 public:
  SilentTx(Tx& inner, std::vector<OutboxEvent>& aside) : PassingTx(inner), aside_(aside) {}
  Result<void> append(OutboxEvent event) override {
    aside_.push_back(std::move(event));
    return {};
  }

 private:
  std::vector<OutboxEvent>& aside_;
};

/// Bug::kTombstoneForgotten: a delivery that never started is not written as cancelled.
class ForgetfulTx final : public PassingTx {
 public:
  using PassingTx::PassingTx;
  Result<void> insert(const Table& table, Row row) override {
    const bool tombstone =
        table.name == "deliveries" && row.at(2) == Value{std::string{"cancelled"}};
    return tombstone ? Result<void>{} : inner_.insert(table, std::move(row));
  }
};

/// Bug::kCancelsComplete, Bug::kCompletesCancelled: a final state is read as started.
class LenientTx final : public PassingTx {
 public:
  LenientTx(Tx& inner, std::string ignored) : PassingTx(inner), ignored_(std::move(ignored)) {}
  Result<std::optional<Row>> find(const Table& table, std::int64_t id) override {
    return softened(table, inner_.find(table, id));
  }
  Result<std::optional<Row>> find_by(const Table& table, std::size_t column,
                                     const Value& value) override {
    return softened(table, inner_.find_by(table, column, value));
  }

 private:
  Result<std::optional<Row>> softened(const Table& table, Result<std::optional<Row>> found) const {
    if (table.name == "deliveries" && found && *found && (**found).at(2) == Value{ignored_}) {
      (**found).at(2) = std::string{"started"};
    }
    return found;
  }
  const std::string ignored_;
};

/// Bug::kViewByArrival: what came last is written over what is there, whatever it is.
class ByArrivalTx final : public PassingTx {
 public:
  using PassingTx::PassingTx;
  Result<std::optional<Row>> find(const Table& table, std::int64_t id) override {
    auto found = inner_.find(table, id);
    if (table.name != "mypages" || !found || !*found) return found;
    known_ = **found;
    for (const std::size_t status : {7UL, 8UL, 9UL, 10UL, 11UL}) (**found).at(status) = Value{};
    return found;
  }
  Result<void> update(const Table& table, const Row& row) override {
    if (table.name != "mypages") return inner_.update(table, row);
    Row merged = row;
    for (std::size_t cell = 0; cell < row.size(); ++cell) {
      if (row[cell].index() == 0) merged[cell] = known_.at(cell);
    }
    return inner_.update(table, merged);
  }

 private:
  Row known_;
};

/// Passes everything to a store it owns.
class PassingStore : public Store {
 public:
  explicit PassingStore(std::unique_ptr<Store> inner) : inner_(std::move(inner)) {}
  Task<Result<CommitOutcome>> commit_once(const OnceKey& key, Body body) override {
    return inner_->commit_once(key, body);
  }
  Task<Result<std::optional<Row>>> find(const Table& table, std::int64_t id) override {
    return inner_->find(table, id);
  }
  Task<Result<std::optional<Row>>> find_by(const Table& table, std::size_t column,
                                           const Value& value) override {
    return inner_->find_by(table, column, value);
  }
  Task<Result<store::Page>> page(const Table& table, const store::PageRequest& request) override {
    return inner_->page(table, request);
  }
  Task<Result<store::Slice>> page_by(const Table& table, std::size_t column, const Value& value,
                                     const store::PageRequest& request) override {
    return inner_->page_by(table, column, value, request);
  }
  [[nodiscard]] const std::string& uid() const override { return inner_->uid(); }
  Task<Result<std::vector<store::OutboxRow>>> read_outbox(std::int64_t after,
                                                          std::size_t limit) override {
    return inner_->read_outbox(after, limit);
  }
  void mark_relayed(std::int64_t seq) override { inner_->mark_relayed(seq); }
  void on_outbox(store::OutboxListener listener) override {
    inner_->on_outbox(std::move(listener));
  }
  Task<Result<std::int64_t>> sweep_keys(Timestamp before, std::int64_t limit) override {
    return inner_->sweep_keys(before, limit);
  }
  [[nodiscard]] Result<void> health() const override { return inner_->health(); }

 protected:
  std::unique_ptr<Store> inner_;
};

/// Bodies run on another transaction than the real one.
class MistakenTxStore final : public PassingStore {
 public:
  MistakenTxStore(std::unique_ptr<Store> inner, Bug bug)
      : PassingStore(std::move(inner)), bug_(bug) {}
  Task<Result<CommitOutcome>> commit_once(const OnceKey& key, Body body) override {
    auto mistaken = [this, body](Tx& tx) -> Result<std::string> {
      if (bug_ == Bug::kTombstoneForgotten) {
        ForgetfulTx other(tx);
        return body(other);
      }
      if (bug_ == Bug::kViewByArrival) {
        ByArrivalTx other(tx);
        return body(other);
      }
      LenientTx other(tx, bug_ == Bug::kCancelsComplete ? "complete" : "cancelled");
      return body(other);
    };
    co_return co_await inner_->commit_once(key, mistaken);
  }

 private:
  const Bug bug_;
};

/// Bug::kOutboxApart.
class DualWriteStore final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  Task<Result<CommitOutcome>> commit_once(const OnceKey& key, Body body) override {
    std::vector<OutboxEvent> aside;
    auto state_only = [&](Tx& tx) -> Result<std::string> {
      aside.clear();
      SilentTx silent(tx, aside);
      return body(silent);
    };
    auto outcome = co_await inner_->commit_once(key, state_only);
    if (!outcome || outcome->replayed || aside.empty()) co_return outcome;
    auto events_only = [&](Tx& tx) -> Result<std::string> {
      for (const OutboxEvent& event : aside) {
        if (auto appended = tx.append(event); !appended) return pass_on(appended);
      }
      return std::string{};
    };
    const OnceKey none;
    static_cast<void>(co_await inner_->commit_once(none, events_only));
    co_return outcome;
  }
};

/// Bug::kKeyForgotten and Bug::kKeyApart.
class KeylessStore final : public PassingStore {
 public:
  KeylessStore(std::unique_ptr<Store> inner, bool keeps_it_later)
      : PassingStore(std::move(inner)), keeps_it_later_(keeps_it_later) {}
  Task<Result<CommitOutcome>> commit_once(const OnceKey& key, Body body) override {
    const OnceKey none;
    if (!keeps_it_later_ || key.empty()) co_return co_await inner_->commit_once(none, body);
    auto unknown = [](Tx&) -> Result<std::string> {
      return fail(ErrorKind::kNotFound, "key-unknown", "");
    };
    auto known = co_await inner_->commit_once(key, unknown);
    if (known || known.error().code != "key-unknown") co_return known;
    auto outcome = co_await inner_->commit_once(none, body);
    if (!outcome) co_return outcome;
    auto keep = [&](Tx&) -> Result<std::string> { return outcome->answer; };
    static_cast<void>(co_await inner_->commit_once(key, keep));
    co_return outcome;
  }

 private:
  const bool keeps_it_later_;
};

/// Bug::kKeysSweptTooEarly.
class HastySweepStore final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  Task<Result<std::int64_t>> sweep_keys(Timestamp, std::int64_t limit) override {
    return inner_->sweep_keys({std::numeric_limits<std::int64_t>::max()}, limit);
  }
};

}  // namespace

std::unique_ptr<Store> plant(std::unique_ptr<Store> store, std::optional<Bug> bug) {
  if (!bug) return store;
  switch (*bug) {
    case Bug::kTombstoneForgotten:
    case Bug::kCancelsComplete:
    case Bug::kCompletesCancelled:
    case Bug::kViewByArrival:
      return std::make_unique<MistakenTxStore>(std::move(store), *bug);
    case Bug::kOutboxApart:
      return std::make_unique<DualWriteStore>(std::move(store));
    case Bug::kKeyApart:
      return std::make_unique<KeylessStore>(std::move(store), true);
    case Bug::kKeyForgotten:
      return std::make_unique<KeylessStore>(std::move(store), false);
    case Bug::kKeysSweptTooEarly:
      return std::make_unique<HastySweepStore>(std::move(store));
    default:
      return store;
  }
}

}  // namespace baedal::simulation
