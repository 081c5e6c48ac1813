#include "platform/store/faulty/faulty_store.hpp"

#include <utility>

#include "platform/store/errors.hpp"

namespace baedal::store {
namespace {

Error fault() { return store_unavailable("A fault was asked for."); }

}  // namespace

class FaultyStore::FaultyTx final : public Tx {
 public:
  FaultyTx(Tx& inner, FaultyStore& store) : inner_(inner), store_(store) {}

  Result<std::int64_t> next_id(const Table& table) override {
    if (store_.is_due()) return std::unexpected(fault());
    return inner_.next_id(table);
  }
  Result<std::optional<Row>> find(const Table& table, std::int64_t id) override {
    if (store_.is_due()) return std::unexpected(fault());
    return inner_.find(table, id);
  }
  void prefetch(const Table& table, std::span<const std::int64_t> ids) override {
    inner_.prefetch(table, ids);
  }
  Result<std::optional<Row>> find_by(const Table& table, std::size_t column,
                                     const Value& value) override {
    if (store_.is_due()) return std::unexpected(fault());
    return inner_.find_by(table, column, value);
  }
  Result<void> insert(const Table& table, Row row) override {
    if (store_.is_due()) return std::unexpected(fault());
    return inner_.insert(table, std::move(row));
  }
  Result<void> update(const Table& table, const Row& row) override {
    if (store_.is_due()) return std::unexpected(fault());
    return inner_.update(table, row);
  }
  Result<bool> erase(const Table& table, std::int64_t id) override {
    if (store_.is_due()) return std::unexpected(fault());
    return inner_.erase(table, id);
  }
  Result<void> append(OutboxEvent event) override {
    if (store_.is_due()) return std::unexpected(fault());
    return inner_.append(std::move(event));
  }

 private:
  Tx& inner_;
  FaultyStore& store_;
};

std::string to_word(FaultMode mode) {
  return mode == FaultMode::kRefused ? "refused" : "answer_lost";
}

void FaultyStore::fail_call(std::int64_t n, FaultMode mode) {
  mode_ = mode;
  fired_ = false;
  left_ = n;
}

bool FaultyStore::is_due() {
  const bool due = left_.fetch_sub(1) == 1;
  if (due) fired_ = true;
  return due;
}

template <class T>
Task<Result<T>> FaultyStore::pass(Task<Result<T>> call) {
  const bool due = is_due();
  if (due && mode_ == FaultMode::kRefused) co_return std::unexpected(fault());
  Result<T> result = co_await call;
  if (due) co_return std::unexpected(fault());
  co_return result;
}

Task<Result<CommitOutcome>> FaultyStore::commit_once(const OnceKey& key, Body body) {
  auto counted = [this, body](Tx& tx) {
    FaultyTx faulty(tx, *this);
    return body(faulty);
  };
  auto call = pass(inner_.commit_once(key, counted));
  co_return co_await call;
}

Task<Result<std::optional<Row>>> FaultyStore::find(const Table& table, std::int64_t id) {
  return pass(inner_.find(table, id));
}

Task<Result<std::optional<Row>>> FaultyStore::find_by(const Table& table, std::size_t column,
                                                      const Value& value) {
  return pass(inner_.find_by(table, column, value));
}

Task<Result<Page>> FaultyStore::page(const Table& table, const PageRequest& request) {
  return pass(inner_.page(table, request));
}

Task<Result<Slice>> FaultyStore::page_by(const Table& table, std::size_t column, const Value& value,
                                         const PageRequest& request) {
  return pass(inner_.page_by(table, column, value, request));
}

Task<Result<std::vector<OutboxRow>>> FaultyStore::read_outbox(std::int64_t after,
                                                              std::size_t limit) {
  return pass(inner_.read_outbox(after, limit));
}

void FaultyStore::mark_relayed(std::int64_t seq) {
  if (!is_due()) inner_.mark_relayed(seq);
}

void FaultyStore::on_outbox(OutboxListener listener) { inner_.on_outbox(std::move(listener)); }

Task<Result<std::int64_t>> FaultyStore::sweep_keys(Timestamp before, std::int64_t limit) {
  return pass(inner_.sweep_keys(before, limit));
}

}  // namespace baedal::store
