#include "platform/store/traced/traced_store.hpp"

#include <utility>

namespace baedal::store {
namespace {

class TracedTx final : public Tx {
 public:
  TracedTx(Tx& inner, const tracing::TraceContext& context) : inner_(inner), context_(context) {}

  Result<std::int64_t> next_id(const Table& table) override { return inner_.next_id(table); }
  Result<std::optional<Row>> find(const Table& table, std::int64_t id) override {
    return inner_.find(table, id);
  }
  void prefetch(const Table& table, std::span<const std::int64_t> ids) override {
    inner_.prefetch(table, ids);
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
  Result<void> append(OutboxEvent event) override {
    if (event.traceparent.empty()) event.traceparent = context_.traceparent();
    return inner_.append(std::move(event));
  }

 private:
  Tx& inner_;
  const tracing::TraceContext& context_;
};

}  // namespace

Task<Result<CommitOutcome>> TracedStore::commit_once(const OnceKey& key, Body body) {
  const tracing::Trace* trace = tracing::current_trace();
  if (trace == nullptr) return inner_.commit_once(key, body);
  const bool records = trace->tracer.records(trace->context);
  return commit_in_trace(
      key, body, trace->context,
      records ? trace->start_child(trace->child(), tracing::SpanKind::kInternal, "commit")
              : tracing::ActiveSpan{});
}

Task<Result<CommitOutcome>> TracedStore::commit_in_trace(const OnceKey& key, Body body,
                                                         tracing::TraceContext context,
                                                         tracing::ActiveSpan span) {
  auto in_trace = [&](Tx& tx) {
    TracedTx traced(tx, context);
    return body(traced);
  };
  auto committing = inner_.commit_once(key, in_trace);
  Result<CommitOutcome> outcome = co_await committing;
  if (span && !outcome) span.fail(outcome.error().code);
  co_return outcome;
}

}  // namespace baedal::store
