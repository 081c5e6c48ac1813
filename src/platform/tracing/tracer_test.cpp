// What is sampled, what is recorded, and what a span tells.
#include "platform/tracing/tracer.hpp"

#include <gtest/gtest.h>

#include "platform/clock/manual_clock.hpp"
#include "platform/tracing/testing/kept_spans.hpp"

namespace baedal::tracing {
namespace {

const TraceContext kSampledParent =
    *TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
const TraceContext kUnsampledParent =
    *TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");

class TracerTest : public ::testing::Test {
 protected:
  ManualClock clock_{Timestamp{1'700'000'000'000'000}};
  KeptSpans spans_;
};

TEST_F(TracerTest, whoever_comes_with_a_trace_has_decided_whether_it_is_sampled) {
  for (const double ratio : {0.0, 1.0}) {
    const Tracer tracer(clock_, ratio, &spans_);
    const TraceContext sampled = tracer.next(kSampledParent);
    EXPECT_EQ(sampled.trace_id, kSampledParent.trace_id);
    EXPECT_NE(sampled.span_id, kSampledParent.span_id);
    EXPECT_TRUE(sampled.valid() && sampled.sampled());
    EXPECT_FALSE(tracer.next(kUnsampledParent).sampled());
  }
}

TEST_F(TracerTest, of_what_begins_here_a_share_is_sampled_and_the_quiet_never) {
  constexpr int kRoots = 20'000;
  for (const double ratio : {0.0, 0.1, 0.5, 1.0}) {
    const Tracer tracer(clock_, ratio, &spans_);
    int sampled = 0;
    for (int i = 0; i < kRoots; ++i) sampled += tracer.next(std::nullopt).sampled() ? 1 : 0;
    EXPECT_NEAR(sampled, ratio * kRoots, ratio == 0 || ratio == 1 ? 0 : kRoots / 50) << ratio;
    EXPECT_FALSE(tracer.next(std::nullopt, true).sampled());
  }
}

TEST_F(TracerTest, nothing_is_recorded_without_a_sink_or_a_sample) {
  const Tracer nowhere(clock_, 1, nullptr);
  EXPECT_FALSE(nowhere.start(nowhere.next(kSampledParent), {}, SpanKind::kServer, "x"));
  const Tracer tracer(clock_, 1, &spans_);
  EXPECT_FALSE(tracer.start(tracer.next(kUnsampledParent), {}, SpanKind::kServer, "x"));
  EXPECT_TRUE(spans_.all().empty());
}

TEST_F(TracerTest, a_span_tells_when_and_how_long_it_was_and_what_was_said_of_it) {
  const Tracer tracer(clock_, 1, &spans_);
  const TraceContext context = tracer.next(kSampledParent);
  {
    ActiveSpan span = tracer.start(context, kSampledParent.span_id, SpanKind::kClient, "GET");
    ASSERT_TRUE(span);
    span.set("server.port", std::int64_t{80});
    span.fail("timed out");
    clock_.advance(std::chrono::microseconds{1'500});
    const ActiveSpan moved = std::move(span);
    EXPECT_TRUE(spans_.all().empty()) << "it is not over";
  }
  const auto all = spans_.all();
  ASSERT_EQ(all.size(), 1U) << "once, though it was moved";
  EXPECT_EQ(all[0].context, context);
  EXPECT_EQ(all[0].parent, kSampledParent.span_id);
  EXPECT_EQ(all[0].kind, SpanKind::kClient);
  EXPECT_EQ(all[0].start.micros, 1'700'000'000'000'000);
  EXPECT_EQ(all[0].took, std::chrono::microseconds{1'500});
  EXPECT_TRUE(all[0].failed);
  EXPECT_EQ(attribute(all[0], "server.port"), "80");
  EXPECT_EQ(attribute(all[0], "error.type"), "timed out");
}

TEST_F(TracerTest, work_within_a_trace_knows_it_and_its_children_are_below_it) {
  const Tracer tracer(clock_, 1, &spans_);
  EXPECT_EQ(current_trace(), nullptr);
  const TraceContext context = tracer.next(kSampledParent);
  {
    const TaskContext::Scope scope(TaskContext{new Trace(tracer, context, "a=1")});
    ASSERT_NE(current_trace(), nullptr);
    const TraceContext child = current_trace()->child();
    EXPECT_EQ(child.trace_id, context.trace_id);
    EXPECT_NE(child.span_id, context.span_id);
    const ActiveSpan span = current_trace()->start_child(child, SpanKind::kInternal, "step");
  }
  EXPECT_EQ(current_trace(), nullptr);
  ASSERT_EQ(spans_.all().size(), 1U);
  EXPECT_EQ(spans_.all()[0].parent, context.span_id);
  EXPECT_EQ(spans_.all()[0].tracestate, "a=1");
}

}  // namespace
}  // namespace baedal::tracing
