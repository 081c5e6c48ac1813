// A request's place in a trace: taken from what it says, or begun; and its span.
#include "platform/tracing/http/traced_handler.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "kernel/async/executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "platform/tracing/testing/kept_spans.hpp"

namespace baedal::tracing {
namespace {

const std::string kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string kSent = "00-" + kTrace + "-00f067aa0ba902b7-01";

class TracedHandlerTest : public ::testing::Test, public http::HttpHandler {
 protected:
  /// What the handler sees of its trace, before and after waiting.
  Task<http::Response> handle(http::Request& request) override {
    seen_ = current_trace()->context;
    seen_state_ = current_trace()->tracestate;
    co_await yield();
    EXPECT_EQ(current_trace()->context, seen_);
    EXPECT_EQ(request.trace, seen_);
    request.route = "/things/{id}";
    if (throws_) throw std::runtime_error{"bug"};
    co_return http::Response{.status = status_};
  }

  Span only_span() {
    const auto all = spans_.all();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Span{} : all.front();
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1}};
  KeptSpans spans_;
  Tracer tracer_{clock_, 1, &spans_};
  TracedHandler::Hooks hooks_{
      .quiet = [](const http::Request& request) { return request.path == "/livez"; },
      .describe = [](const http::Request&, const http::Response& response,
                     ActiveSpan& span) { span.set("answered", std::int64_t{response.status}); }};
  TracedHandler handler_{*this, tracer_, hooks_};
  http::HandClient client_{handler_, executor_};
  TraceContext seen_;
  std::string seen_state_;
  int status_ = 200;
  bool throws_ = false;
};

TEST_F(TracedHandlerTest, it_goes_on_with_the_trace_of_the_request) {
  client_.get("/things/1", {{"Traceparent", kSent}, {"TraceState", "a=1"}, {"tracestate", "b=2"}});
  EXPECT_EQ(seen_.trace_id.text(), kTrace);
  EXPECT_EQ(seen_state_, "a=1,b=2");
  const Span span = only_span();
  EXPECT_EQ(span.context, seen_);
  EXPECT_EQ(span.parent.text(), "00f067aa0ba902b7");
  EXPECT_EQ(span.tracestate, "a=1,b=2");
}

TEST_F(TracedHandlerTest, what_is_no_traceparent_begins_a_trace_and_takes_the_state_with_it) {
  const std::vector<std::vector<http::Header>> bad = {
      {{"tracestate", "a=1"}},
      {{"traceparent", "00-" + kTrace + "-0000000000000000-01"}, {"tracestate", "a=1"}},
      {{"traceparent", kSent}, {"traceparent", kSent}, {"tracestate", "a=1"}},
      {{"traceparent", kSent + "," + kSent}},
      {{"trace-parent", kSent}},
  };
  for (const auto& headers : bad) {
    client_.get("/things/1", headers);
    EXPECT_TRUE(seen_.valid());
    EXPECT_NE(seen_.trace_id.text(), kTrace);
    EXPECT_EQ(seen_state_, "");
  }
  for (const Span& span : spans_.all()) EXPECT_FALSE(span.parent.valid());
}

TEST_F(TracedHandlerTest, a_probe_begins_no_recorded_trace_but_may_come_with_one) {
  client_.get("/livez");
  EXPECT_TRUE(seen_.valid());
  EXPECT_FALSE(seen_.sampled());
  EXPECT_TRUE(spans_.all().empty());
  client_.get("/livez", {{"traceparent", kSent}});
  EXPECT_EQ(spans_.all().size(), 1U);
}

TEST_F(TracedHandlerTest, the_span_says_what_was_asked_and_answered_and_no_secret) {
  client_.get("/things/1?token=s3cret",
              {{"Authorization", "Bearer s3cret"}, {"Cookie", "a=s3cret"}});
  const Span span = only_span();
  EXPECT_EQ(span.name, "GET /things/{id}");
  EXPECT_EQ(span.kind, SpanKind::kServer);
  EXPECT_EQ(attribute(span, "http.request.method"), "GET");
  EXPECT_EQ(attribute(span, "http.route"), "/things/{id}");
  EXPECT_EQ(attribute(span, "url.path"), "/things/1");
  EXPECT_EQ(attribute(span, "url.scheme"), "http");
  EXPECT_EQ(attribute(span, "server.address"), "localhost");
  EXPECT_EQ(attribute(span, "server.port"), "8080");
  EXPECT_EQ(attribute(span, "http.response.status_code"), "200");
  EXPECT_EQ(attribute(span, "answered"), "200");
  EXPECT_FALSE(span.failed);
  for (const Attribute& each : span.attributes) {
    EXPECT_EQ(attribute(span, each.key).find("s3cret"), std::string::npos) << each.key;
  }
}

TEST_F(TracedHandlerTest, only_the_servers_own_mistakes_are_failures) {
  for (const int status : {200, 302, 404, 409, 422, 500, 503}) {
    status_ = status;
    client_.get("/things/1");
  }
  for (const Span& span : spans_.all()) {
    const std::string status = attribute(span, "http.response.status_code");
    EXPECT_EQ(span.failed, status[0] == '5') << status;
    EXPECT_EQ(attribute(span, "error.type"), span.failed ? status : "");
  }
}

TEST_F(TracedHandlerTest, a_handler_that_throws_is_a_failure_of_that_request) {
  throws_ = true;
  auto fails = [&]() -> Task<bool> {
    http::Request request;
    request.method = http::Method::kGet;
    request.path = "/things/1";
    try {
      co_await handler_.handle(request);
    } catch (const std::runtime_error&) {
      co_return true;
    }
    co_return false;
  };
  EXPECT_TRUE(executor_.run(fails()));
  EXPECT_EQ(current_trace(), nullptr);
  const Span span = only_span();
  EXPECT_EQ(span.name, "GET /things/{id}");
  EXPECT_EQ(attribute(span, "http.response.status_code"), "500");
  EXPECT_TRUE(span.failed);
}

}  // namespace
}  // namespace baedal::tracing
