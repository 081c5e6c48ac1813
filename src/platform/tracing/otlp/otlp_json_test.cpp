// The body of an export, byte for byte as OTLP's JSON asks for it.
#include "platform/tracing/otlp/otlp_json.hpp"

#include <gtest/gtest.h>

#include "kernel/json/parse.hpp"

namespace baedal::tracing {
namespace {

const Resource kResource{{{"service.name", "baedal-order"}}, "1.2.3"};

Span span() {
  Span one;
  one.context = *TraceContext::parse("00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01");
  one.name = "POST /orders";
  one.kind = SpanKind::kServer;
  one.start = Timestamp{1'544'712'660'000'001};
  one.took = std::chrono::nanoseconds{1'234};
  return one;
}

TEST(OtlpJson, a_root_span) {
  EXPECT_EQ(otlp_json(kResource, std::vector{span()}),
            R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":)"
            R"({"stringValue":"baedal-order"}}]},"scopeSpans":[{"scope":{"name":"baedal",)"
            R"("version":"1.2.3"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",)"
            R"("spanId":"eee19b7ec3c1b174","flags":1,"name":"POST /orders","kind":2,)"
            R"("startTimeUnixNano":"1544712660000001000","endTimeUnixNano":"1544712660000002234",)"
            R"("attributes":[],"status":{}}]}]}]})");
}

TEST(OtlpJson, a_failed_child_with_attributes_of_every_type) {
  Span child = span();
  child.parent.bytes = {0xee, 0xe1, 0x9b, 0x7e, 0xc3, 0xc1, 0xb1, 0x73};
  child.tracestate = "a=1";
  child.failed = true;
  child.attributes = {{"text", std::string{"q\"\n"}}, {"number", std::int64_t{-7}}, {"flag", true}};
  const std::string body = otlp_json(kResource, std::vector{span(), child});
  EXPECT_NE(body.find(R"("traceState":"a=1","parentSpanId":"eee19b7ec3c1b173")"), body.npos);
  EXPECT_NE(body.find(R"({"key":"text","value":{"stringValue":"q\"\n"}})"), body.npos);
  EXPECT_NE(body.find(R"({"key":"number","value":{"intValue":"-7"}})"), body.npos);
  EXPECT_NE(body.find(R"({"key":"flag","value":{"boolValue":true}})"), body.npos);
  EXPECT_NE(body.find(R"("status":{"code":2})"), body.npos);
  EXPECT_TRUE(json::parse(body));
}

TEST(OtlpJson, what_is_no_utf8_does_not_spoil_the_batch) {
  Span odd = span();
  odd.name = "GET /\xff\xfe";
  odd.attributes = {{"url.path", std::string{"/\xc3("}}};
  EXPECT_TRUE(json::parse(otlp_json(kResource, std::vector{odd})));
}

TEST(OtlpJson, tells_how_many_a_collector_refused) {
  EXPECT_EQ(rejected_spans(""), 0U);
  EXPECT_EQ(rejected_spans("{}"), 0U);
  EXPECT_EQ(rejected_spans(R"({"partialSuccess":{}})"), 0U);
  EXPECT_EQ(rejected_spans(R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"x"}})"), 3U);
  EXPECT_EQ(rejected_spans(R"({"partialSuccess":{"rejectedSpans":4}})"), 4U);
  EXPECT_EQ(rejected_spans(R"({"partialSuccess":{"rejectedSpans":"-4"}})"), 0U);
  EXPECT_EQ(rejected_spans("no JSON"), 0U);
}

}  // namespace
}  // namespace baedal::tracing
