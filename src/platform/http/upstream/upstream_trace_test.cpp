// What a call to another process says of the trace it is made in.
#include "platform/http/upstream/upstream_client.hpp"
#include "platform/http/upstream/upstream_fixture.hpp"
#include "platform/tracing/testing/kept_spans.hpp"
#include "platform/tracing/tracer.hpp"

namespace baedal::http {
namespace {

using tracing::attribute;
using tracing::Span;
using tracing::TraceContext;

const TraceContext kSampled =
    *TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
const TraceContext kUnsampled =
    *TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");

class UpstreamTraceTest : public UpstreamClientTest {
 protected:
  UpstreamTraceTest() {
    router_.add(Method::kGet, "/trace", [](Request& request) {
      std::string seen;
      for (const HeaderView& header : request.headers) {
        const std::string name{header.name};
        if (name.starts_with("trace") || name.starts_with("Trace")) {
          seen.append(name).append("=").append(header.value).append(";");
        }
      }
      return text(seen);
    });
  }

  UpstreamAnswer send_in(const TraceContext& context, std::string tracestate,
                         const UpstreamRequest& request) {
    auto work = [&]() -> Task<UpstreamAnswer> {
      const TaskContext::Scope scope(TaskContext{new tracing::Trace(tracer_, context, tracestate)});
      auto sending = client_.send(origin_, request);
      co_return co_await sending;
    };
    return runtime_.run(work());
  }

  tracing::KeptSpans spans_;
  tracing::Tracer tracer_{clock_, 1, &spans_};
  const std::vector<HeaderView> of_the_client_{{"Traceparent", "of the client"},
                                               {"tracestate", "of=theclient"}};
};

TEST_F(UpstreamTraceTest, outside_a_trace_headers_pass_as_they_are) {
  start_all();
  const auto answer = send({.target = "/trace", .headers = of_the_client_});
  EXPECT_EQ(answer->body, "Traceparent=of the client;tracestate=of=theclient;");
}

TEST_F(UpstreamTraceTest, one_that_is_not_recorded_passes_its_own_place_on) {
  start_all();
  const auto answer = send_in(kUnsampled, "", {.target = "/trace", .headers = of_the_client_});
  EXPECT_EQ(answer->body, "traceparent=" + kUnsampled.traceparent() + ";");
  EXPECT_TRUE(spans_.all().empty());
}

TEST_F(UpstreamTraceTest, one_that_is_recorded_has_a_span_which_the_upstream_is_told_of) {
  start_all();
  const auto answer =
      send_in(kSampled, "a=1", {.target = "/trace?token=s3cret", .headers = of_the_client_});
  ASSERT_EQ(spans_.all().size(), 1U);
  const Span span = spans_.all()[0];
  EXPECT_EQ(answer->body, "traceparent=" + span.context.traceparent() + ";tracestate=a=1;");
  EXPECT_EQ(span.parent, kSampled.span_id);
  EXPECT_EQ(span.kind, tracing::SpanKind::kClient);
  EXPECT_EQ(span.name, "GET");
  EXPECT_EQ(attribute(span, "http.request.method"), "GET");
  EXPECT_EQ(attribute(span, "server.address"), "127.0.0.1");
  EXPECT_EQ(attribute(span, "server.port"), std::to_string(server_->port()));
  EXPECT_EQ(attribute(span, "url.full"),
            "http://127.0.0.1:" + std::to_string(server_->port()) + "/trace");
  EXPECT_EQ(attribute(span, "http.response.status_code"), "200");
  EXPECT_FALSE(span.failed);
}

TEST_F(UpstreamTraceTest, a_refusal_and_no_answer_are_failed_spans) {
  start_all();
  EXPECT_EQ(send_in(kSampled, "", {.target = "/nowhere"})->status, 404);
  origin_ = *Origin::parse("http://127.0.0.1:1");
  EXPECT_FALSE(send_in(kSampled, "", {.target = "/trace"}));
  ASSERT_EQ(spans_.all().size(), 2U);
  EXPECT_EQ(attribute(spans_.all()[0], "error.type"), "404");
  EXPECT_EQ(attribute(spans_.all()[1], "error.type"), "not connected");
}

}  // namespace
}  // namespace baedal::http
