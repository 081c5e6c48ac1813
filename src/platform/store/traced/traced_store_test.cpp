// Events carry the trace of the work that committed them.
#include "platform/store/traced/traced_store.hpp"

#include <gtest/gtest.h>

#include "platform/clock/manual_clock.hpp"
#include "platform/store/conformance/store_conformance.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "platform/tracing/testing/kept_spans.hpp"

namespace baedal::store {
namespace {

/// Over the memory store, without any trace: the suite shows that nothing else changes.
class TracedUnderTest final : public conformance::StoreUnderTest {
 public:
  std::unique_ptr<Store> open(const Clock& clock, GroupCommitLimits limits) override {
    inner_ = std::make_unique<MemoryStore>(disk_, clock, limits);
    return std::make_unique<TracedStore>(*inner_);
  }

 private:
  MemoryDisk disk_;
  std::unique_ptr<MemoryStore> inner_;
};

class TracedStoreTest : public ::testing::Test {
 protected:
  /// Commits within `context` one event that says `own` of itself; gives what the row says.
  std::string traceparent_of(const tracing::TraceContext& context, const std::string& own = {}) {
    auto work = [&]() -> Task<void> {
      std::optional<TaskContext::Scope> scope;
      if (context.valid()) scope.emplace(TaskContext{new tracing::Trace(tracer_, context)});
      auto body = [&](Tx& tx) -> Result<std::string> {
        OutboxEvent event{.type = "Made", .key = "k", .time = {}, .data = "{}", .traceparent = own};
        if (auto appended = tx.append(std::move(event)); !appended) return pass_on(appended);
        return std::string{};
      };
      const OnceKey no_key;
      const auto done = co_await traced_.commit_once(no_key, body);
      EXPECT_TRUE(done);
    };
    executor_.run(work());
    return executor_.run(traced_.read_outbox(0, 10)).value().back().event.traceparent;
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1}};
  MemoryDisk disk_;
  MemoryStore store_{disk_, clock_};
  TracedStore traced_{store_};
  tracing::KeptSpans spans_;
  tracing::Tracer tracer_{clock_, 1, &spans_};
};

TEST_F(TracedStoreTest, an_event_carries_the_trace_it_was_committed_in) {
  const tracing::TraceContext context = tracer_.next(std::nullopt);
  EXPECT_EQ(traceparent_of(context), context.traceparent());
  ASSERT_EQ(spans_.all().size(), 1U);
  EXPECT_EQ(spans_.all()[0].name, "commit");
  EXPECT_EQ(spans_.all()[0].parent, context.span_id);
}

TEST_F(TracedStoreTest, one_that_is_not_sampled_too_but_without_a_span) {
  tracing::TraceContext context = tracer_.next(std::nullopt);
  context.flags = 0;
  EXPECT_EQ(traceparent_of(context), context.traceparent());
  EXPECT_TRUE(spans_.all().empty());
}

TEST_F(TracedStoreTest, one_that_has_its_own_keeps_it_and_outside_a_trace_there_is_none) {
  EXPECT_EQ(traceparent_of(tracer_.next(std::nullopt), "its own"), "its own");
  EXPECT_EQ(traceparent_of({}), "");
}

TEST_F(TracedStoreTest, a_commit_that_fails_is_a_failed_span) {
  const tracing::TraceContext context = tracer_.next(std::nullopt);
  auto work = [&]() -> Task<void> {
    const TaskContext::Scope scope(TaskContext{new tracing::Trace(tracer_, context)});
    auto body = [](Tx&) -> Result<std::string> {
      return fail(ErrorKind::kConflict, "taken", "It is taken.");
    };
    const OnceKey no_key;
    const auto done = co_await traced_.commit_once(no_key, body);
    EXPECT_FALSE(done);
  };
  executor_.run(work());
  ASSERT_EQ(spans_.all().size(), 1U);
  EXPECT_TRUE(spans_.all()[0].failed);
  EXPECT_EQ(tracing::attribute(spans_.all()[0], "error.type"), "taken");
}

}  // namespace
}  // namespace baedal::store

BAEDAL_STORE_CONFORMANCE(Traced, [] { return std::make_unique<baedal::store::TracedUnderTest>(); });
