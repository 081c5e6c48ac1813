#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "platform/store/store.hpp"
#include "platform/tracing/tracer.hpp"

namespace baedal::store {

/// A store whose events carry the trace they were committed in: what a body appends gets the
/// `traceparent` of the work that called commit_once, unless it has one. The body itself runs on
/// the store's writer and knows nothing of it. All else goes to `inner`, which outlives this.
class TracedStore final : public Store {
 public:
  explicit TracedStore(Store& inner) : inner_(inner) {}

  Task<Result<CommitOutcome>> commit_once(const OnceKey& key, Body body) override;
  Task<Result<std::optional<Row>>> find(const Table& table, std::int64_t id) override {
    return inner_.find(table, id);
  }
  Task<Result<std::optional<Row>>> find_by(const Table& table, std::size_t column,
                                           const Value& value) override {
    return inner_.find_by(table, column, value);
  }
  Task<Result<Page>> page(const Table& table, const PageRequest& request) override {
    return inner_.page(table, request);
  }
  Task<Result<Slice>> page_by(const Table& table, std::size_t column, const Value& value,
                              const PageRequest& request) override {
    return inner_.page_by(table, column, value, request);
  }
  [[nodiscard]] const std::string& uid() const override { return inner_.uid(); }
  Task<Result<std::vector<OutboxRow>>> read_outbox(std::int64_t after, std::size_t limit) override {
    return inner_.read_outbox(after, limit);
  }
  void mark_relayed(std::int64_t seq) override { inner_.mark_relayed(seq); }
  void on_outbox(OutboxListener listener) override { inner_.on_outbox(std::move(listener)); }
  [[nodiscard]] bool is_shared() const override { return inner_.is_shared(); }
  Task<Result<std::optional<RelayLease>>> take_relay_lease(std::chrono::milliseconds ttl) override {
    return inner_.take_relay_lease(ttl);
  }
  Task<void> give_back_relay_lease() override { return inner_.give_back_relay_lease(); }
  Task<Result<std::int64_t>> sweep_keys(Timestamp before, std::int64_t limit) override {
    return inner_.sweep_keys(before, limit);
  }
  [[nodiscard]] Result<void> health() const override { return inner_.health(); }
  [[nodiscard]] StoreStats stats() const override { return inner_.stats(); }

 private:
  Task<Result<CommitOutcome>> commit_in_trace(const OnceKey& key, Body body,
                                              tracing::TraceContext context,
                                              tracing::ActiveSpan span);

  Store& inner_;
};

}  // namespace baedal::store
