#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "platform/store/store.hpp"

namespace baedal::store {

enum class FaultMode {
  kRefused,     ///< the call fails without any effect
  kAnswerLost,  ///< the call takes effect (a commit is durable), then fails
};

/// "refused", "answer_lost": also the name of a test that runs with it.
[[nodiscard]] std::string to_word(FaultMode mode);

/// Wraps a store and fails one of its calls with kUnavailable. Calls are counted from 1: each
/// method that can fail, and each Tx call inside a body (where both modes roll the body back).
/// Anomaly tests run a scenario with n = 1, 2, 3, … until no call failed.
class FaultyStore final : public Store {
 public:
  explicit FaultyStore(Store& inner) : inner_(inner) {}

  /// The `n`-th call from now on fails; 0: none.
  void fail_call(std::int64_t n, FaultMode mode);
  /// Whether that call came.
  [[nodiscard]] bool fired() const { return fired_; }

  Task<Result<CommitOutcome>> commit_once(const OnceKey& key, Body body) override;
  Task<Result<std::optional<Row>>> find(const Table& table, std::int64_t id) override;
  Task<Result<std::optional<Row>>> find_by(const Table& table, std::size_t column,
                                           const Value& value) override;
  Task<Result<Page>> page(const Table& table, const PageRequest& request) override;
  Task<Result<Slice>> page_by(const Table& table, std::size_t column, const Value& value,
                              const PageRequest& request) override;
  [[nodiscard]] const std::string& uid() const override { return inner_.uid(); }
  Task<Result<std::vector<OutboxRow>>> read_outbox(std::int64_t after, std::size_t limit) override;
  /// Its fault: what was relayed is forgotten, as in a crash.
  void mark_relayed(std::int64_t seq) override;
  void on_outbox(OutboxListener listener) override;
  [[nodiscard]] bool is_shared() const override { return inner_.is_shared(); }
  /// Not counted: who has the lease is no part of a scenario's own calls.
  Task<Result<std::optional<RelayLease>>> take_relay_lease(std::chrono::milliseconds ttl) override {
    return inner_.take_relay_lease(ttl);
  }
  Task<void> give_back_relay_lease() override { return inner_.give_back_relay_lease(); }
  Task<Result<std::int64_t>> sweep_keys(Timestamp before, std::int64_t limit) override;
  [[nodiscard]] Result<void> health() const override { return inner_.health(); }
  [[nodiscard]] StoreStats stats() const override { return inner_.stats(); }

 private:
  class FaultyTx;
  /// Counts a call; whether it is the one to fail.
  bool is_due();
  template <class T>
  Task<Result<T>> pass(Task<Result<T>> call);

  Store& inner_;
  std::atomic<std::int64_t> left_{0};
  std::atomic<bool> fired_{false};
  FaultMode mode_ = FaultMode::kRefused;
};

}  // namespace baedal::store
