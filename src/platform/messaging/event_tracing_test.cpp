// Events in traces: what is published and what is handled, and what belongs to what.
#include "platform/messaging/event_tracing.hpp"

#include <deque>

#include "kernel/async/sync.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/messaging/conformance/test_support.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/messaging/relay.hpp"
#include "platform/messaging/store_parking.hpp"
#include "platform/messaging/subscriber.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "platform/tracing/testing/kept_spans.hpp"

namespace baedal::messaging {
namespace {

using namespace std::chrono_literals;
using tracing::attribute;
using tracing::Span;
using tracing::SpanKind;
using tracing::TraceContext;

const TraceContext kSampled =
    *TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
const TraceContext kUnsampled =
    *TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");

class EventTracingTest : public ::testing::Test {
 protected:
  static Envelope event(const TraceContext& context) {
    return {.id = "store-1",
            .type = "Made",
            .source = "maker",
            .key = "7",
            .traceparent = context.valid() ? context.traceparent() : "",
            .data = "{}"};
  }
  Span only(SpanKind kind) {
    std::vector<Span> found;
    for (Span& span : spans_.all()) {
      if (span.kind == kind) found.push_back(std::move(span));
    }
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? Span{} : found.front();
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1}};
  tracing::KeptSpans spans_;
  tracing::Tracer tracer_{clock_, 1, &spans_};
  const EventTracing tracing_{
      tracer_, "kafka", "topic",
      [](const Envelope& e, tracing::ActiveSpan& span) { span.set("about", e.key); }};
};

TEST_F(EventTracingTest, a_handled_event_is_below_the_one_who_published_it) {
  {
    const HandledEvent handled(&tracing_, event(kSampled), "group");
    ASSERT_NE(tracing::current_trace(), nullptr);
    EXPECT_EQ(tracing::current_trace()->context.trace_id, kSampled.trace_id);
  }
  EXPECT_EQ(tracing::current_trace(), nullptr);
  const Span span = only(SpanKind::kConsumer);
  EXPECT_EQ(span.name, "process topic");
  EXPECT_EQ(span.parent, kSampled.span_id);
  EXPECT_EQ(attribute(span, "messaging.system"), "kafka");
  EXPECT_EQ(attribute(span, "messaging.destination.name"), "topic");
  EXPECT_EQ(attribute(span, "messaging.operation.type"), "process");
  EXPECT_EQ(attribute(span, "messaging.consumer.group.name"), "group");
  EXPECT_EQ(attribute(span, "messaging.message.id"), "store-1");
  EXPECT_EQ(attribute(span, "cloudevents.event_type"), "Made");
  EXPECT_EQ(attribute(span, "about"), "7");
  EXPECT_FALSE(span.failed);
}

TEST_F(EventTracingTest, events_handled_together_have_a_span_each_in_their_own_traces) {
  const Envelope recorded = event(kSampled);
  const Envelope silent = event(kUnsampled);
  const Envelope foreign = event({});
  const Envelope* const all[] = {&recorded, &silent, &foreign};
  {
    HandledTogether handled(&tracing_, all, "group");
    EXPECT_EQ(tracing::current_trace(), nullptr) << "the work belongs to none of them";
    handled.failed({ErrorKind::kUnavailable, "away", "not there now"});
  }
  const std::vector<Span> spans = spans_.all();
  ASSERT_EQ(spans.size(), 2U);
  for (const Span& span : spans) {
    EXPECT_EQ(span.name, "process topic");
    EXPECT_EQ(attribute(span, "messaging.consumer.group.name"), "group");
    EXPECT_TRUE(span.failed);
  }
  const auto below = [](const Span& span) { return span.parent == kSampled.span_id; };
  EXPECT_EQ(std::ranges::count_if(spans, below), 1);
}

TEST_F(EventTracingTest, one_that_comes_without_a_trace_begins_one) {
  Envelope foreign = event({});
  for (const char* traceparent : {"", "nonsense"}) {
    foreign.traceparent = traceparent;
    const HandledEvent handled(&tracing_, foreign, "group");
    ASSERT_NE(tracing::current_trace(), nullptr);
    EXPECT_TRUE(tracing::current_trace()->context.valid());
  }
  for (const Span& span : spans_.all()) EXPECT_FALSE(span.parent.valid());
}

TEST_F(EventTracingTest, one_that_is_not_sampled_has_a_trace_and_no_span) {
  {
    const HandledEvent handled(&tracing_, event(kUnsampled), "group");
    EXPECT_EQ(tracing::current_trace()->context.trace_id, kUnsampled.trace_id);
    std::vector<Envelope> events{event(kUnsampled), event({})};
    const std::vector<Envelope> before = events;
    const PublishedEvents published(&tracing_, events);
    EXPECT_EQ(events, before);
  }
  EXPECT_TRUE(spans_.all().empty());
}

TEST_F(EventTracingTest, a_published_event_carries_its_publishing_on) {
  std::vector<Envelope> events{event(kSampled), event({})};
  {
    PublishedEvents published(&tracing_, events);
    EXPECT_TRUE(spans_.all().empty()) << "it is not over before the bus has them";
    published.failed();
  }
  const Span span = only(SpanKind::kProducer);
  EXPECT_EQ(span.name, "publish topic");
  EXPECT_EQ(span.parent, kSampled.span_id);
  EXPECT_EQ(attribute(span, "messaging.operation.type"), "send");
  EXPECT_TRUE(span.failed);
  EXPECT_EQ(events[0].traceparent, span.context.traceparent());
  EXPECT_EQ(events[1].traceparent, "");
}

TEST_F(EventTracingTest, without_tracing_nothing_happens) {
  std::vector<Envelope> events{event(kSampled)};
  const PublishedEvents published(nullptr, events);
  const HandledEvent handled(nullptr, events[0], "group");
  EXPECT_EQ(tracing::current_trace(), nullptr);
  EXPECT_EQ(events[0].traceparent, kSampled.traceparent());
}

/// Outbox, relay, bus, subscriber: the handler's work belongs to the trace of the commit.
class TracedBusTest : public EventTracingTest {
 protected:
  /// Publishes one event committed in kSampled; `handle` gets it.
  void carry(Subscriber::Handle handle) {
    store::MemoryDisk disk;
    store::MemoryStore store(disk, clock_);
    auto parking = executor_.run(StoreParking::open(store)).value();
    MemoryBus bus;
    RelayOptions options;
    options.tracing = &tracing_;
    Relay relay("maker", store, bus, clock_, options);
    Subscriber subscriber("group", *parking, clock_,
                          {.attempts_max = 2, .pause_first = 1ms, .pause_max = 1ms});
    subscriber.on("Made", std::move(handle));
    subscriber.trace_with(tracing_);
    subscriber.subscribe_to(bus);
    auto whole = [&]() -> Task<void> {
      relay.start();
      EXPECT_TRUE(bus.start());
      auto body = [&](store::Tx& tx) -> Result<std::string> {
        store::OutboxEvent made{.type = "Made", .key = "7", .time = {}, .data = "{}"};
        made.traceparent = kSampled.traceparent();
        if (auto done = tx.append(std::move(made)); !done) return pass_on(done);
        return std::string{};
      };
      const OnceKey no_key;
      EXPECT_TRUE(co_await store.commit_once(no_key, body));
      const auto is_over = [&] {
        const SubscriberStats stats = subscriber.stats();
        return stats.handled + stats.parked == 1;
      };
      co_await until(is_over);
      co_await relay.stop();
      co_await bus.stop();
    };
    executor_.run(whole());
  }
};

TEST_F(TracedBusTest, from_a_commit_to_its_consumer_it_is_one_trace) {
  TraceContext seen;
  carry([&](const Envelope&) -> Task<Result<void>> {
    co_await sleep_for(1ms);
    seen = tracing::current_trace()->context;
    co_return Result<void>{};
  });
  const Span publish = only(SpanKind::kProducer);
  const Span process = only(SpanKind::kConsumer);
  EXPECT_EQ(publish.parent, kSampled.span_id);
  EXPECT_EQ(process.parent, publish.context.span_id);
  EXPECT_EQ(process.context, seen);
  EXPECT_EQ(process.context.trace_id, kSampled.trace_id);
}

TEST_F(TracedBusTest, an_event_that_is_parked_is_one_failed_span) {
  carry([](const Envelope&) -> Task<Result<void>> {
    co_return fail(ErrorKind::kInternal, "poison", "It cannot be handled.");
  });
  const Span process = only(SpanKind::kConsumer);
  EXPECT_TRUE(process.failed);
  EXPECT_EQ(attribute(process, "error.type"), "poison");
}

}  // namespace
}  // namespace baedal::messaging
