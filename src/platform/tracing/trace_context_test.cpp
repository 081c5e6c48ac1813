// W3C Trace Context: what is a traceparent and what is not, what of a tracestate is passed on, ids.
#include "platform/tracing/trace_context.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace baedal::tracing {
namespace {

const std::string kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string kSpan = "00f067aa0ba902b7";
const std::string kGood = "00-" + kTrace + "-" + kSpan + "-01";

TEST(TraceContext, reads_what_it_writes) {
  const auto context = TraceContext::parse(kGood);
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id.text(), kTrace);
  EXPECT_EQ(context->span_id.text(), kSpan);
  EXPECT_TRUE(context->sampled());
  EXPECT_EQ(context->traceparent(), kGood);
  static_assert(sizeof(TraceContext) == 25);
}

TEST(TraceContext, takes_the_flags_it_knows_and_drops_the_others) {
  struct {
    const char* sent;
    const char* passed_on;
    bool sampled;
  } const rows[] = {{"00", "00", false}, {"01", "01", true}, {"02", "02", false},
                    {"03", "03", true},  {"ff", "03", true}, {"fe", "02", false},
                    {"04", "00", false}, {"f1", "01", true}};
  for (const auto& row : rows) {
    const auto context = TraceContext::parse("00-" + kTrace + "-" + kSpan + "-" + row.sent);
    ASSERT_TRUE(context) << row.sent;
    EXPECT_EQ(context->sampled(), row.sampled) << row.sent;
    EXPECT_EQ(context->traceparent().substr(53), row.passed_on) << row.sent;
  }
}

TEST(TraceContext, reads_later_versions_by_their_beginning) {
  for (const std::string& later : {
           "01-" + kTrace + "-" + kSpan + "-01",
           "cc-" + kTrace + "-" + kSpan + "-01-what-the-future-will-be-like",
           "fe-" + kTrace + "-" + kSpan + "-01-",
       }) {
    const auto context = TraceContext::parse(later);
    ASSERT_TRUE(context) << later;
    EXPECT_EQ(context->traceparent(), kGood) << "we speak version 00";
  }
}

TEST(TraceContext, refuses_whatever_is_no_traceparent) {
  const std::string zeros(32, '0');
  for (const std::string& bad : std::initializer_list<std::string>{
           "",
           "00",
           "00-",
           kTrace,
           kGood.substr(0, 54),
           kGood.substr(1),
           "ff-" + kTrace + "-" + kSpan + "-01",  // forbidden version
           "0x-" + kTrace + "-" + kSpan + "-01",
           "0-" + kTrace + "-" + kSpan + "-001",
           "00-" + zeros + "-" + kSpan + "-01",                     // no trace
           "00-" + kTrace + "-" + zeros.substr(0, 16) + "-01",      // no span
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + kSpan + "-01",  // upper case
           "00-" + kTrace + "-00F067AA0BA902B7-01",
           "00-" + kTrace + "-" + kSpan + "-0A",
           "00-" + kTrace.substr(1) + "g-" + kSpan + "-01",
           "00-" + kTrace.substr(1) + "-" + kSpan + "0-01",  // a hyphen moved
           "00_" + kTrace + "_" + kSpan + "_01",
           "00-" + kTrace + "-" + kSpan + "-1",
           kGood + "-",
           kGood + "0",
           kGood + " ",
           " " + kGood,
           kGood + "-more",
           "01-" + kTrace + "-" + kSpan + "-01.more",
           "01-" + kTrace + "-" + kSpan + "-011",
           kGood + "," + kGood,
           std::string(55, '-'),
           std::string(55, '\0'),
           std::string(100'000, '0')}) {
    EXPECT_FALSE(TraceContext::parse(bad)) << bad.substr(0, 80);
  }
}

TEST(TraceContext, every_single_change_of_a_character_is_seen_or_harmless) {
  for (std::size_t at = 0; at < kGood.size(); ++at) {
    for (int c = 0; c < 256; ++c) {
      std::string changed = kGood;
      changed[at] = static_cast<char>(c);
      const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      const bool hyphen = at == 2 || at == 35 || at == 52;
      const bool allowed = hyphen ? c == '-' : hex;
      EXPECT_EQ(TraceContext::parse(changed).has_value(), allowed) << at << ' ' << c;
    }
  }
}

TEST(TraceState, is_passed_on_member_by_member) {
  struct {
    const char* given;
    const char* passed_on;
  } const rows[] = {
      {"", ""},
      {"congo=t61rcWkgMzE", "congo=t61rcWkgMzE"},
      {"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"},
      {" a=1 ,\tb=2\t, c=3", "a=1,b=2,c=3"},
      {"a=1,,b=2,", "a=1,b=2"},
      {"fw529a3039@dt=FfAA;0:1", "fw529a3039@dt=FfAA;0:1"},
      {"0vendor=1", "0vendor=1"},
      {"a= 1", "a= 1"},  // blanks before a value are part of it
      // Malformed, so nothing of it.
      {"a", ""},
      {"=1", ""},
      {"a=", ""},
      {"A=1", ""},
      {"a=1,b", ""},
      {"a=1=2", ""},
      {"a=1,a=2", ""},
      {"a b=1", ""},
      {"@dt=1", ""},
      {"x@=1", ""},
      {"x@9dt=1", ""},
      {"x@abcdefghijklmno=1", ""},
      {"a=\x01", ""},
      {"a=\xc3\xa4", ""},
      {"_a=1", ""},
  };
  for (const auto& row : rows)
    EXPECT_EQ(passable_tracestate(row.given), row.passed_on) << row.given;
}

std::string members(int count, std::size_t value_bytes) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out += (i == 0 ? "k" : ",k") + std::to_string(i) + "=" + std::string(value_bytes, 'v');
  }
  return out;
}

TEST(TraceState, is_bounded_in_members_and_bytes) {
  EXPECT_EQ(passable_tracestate(members(32, 1)), members(32, 1));
  EXPECT_EQ(passable_tracestate(members(33, 1)), "");
  EXPECT_EQ(passable_tracestate(members(32, 100)), members(4, 100)) << "the last ones go";
  const std::string long_one = "long=" + std::string(200, 'x');
  EXPECT_EQ(passable_tracestate("a=1," + long_one + "," + members(5, 90)), "a=1," + members(5, 90))
      << "a long one goes first";
  EXPECT_EQ(passable_tracestate("a=1," + long_one), "a=1," + long_one)
      << "while there is room it stays";
  EXPECT_LE(passable_tracestate(members(32, 200)).size(), kTraceStateBytesMax);
  EXPECT_EQ(passable_tracestate("k=" + std::string(257, 'v')), "");
  EXPECT_EQ(passable_tracestate(std::string(257, 'k') + "=v"), "");
}

TEST(Ids, are_not_zero_and_do_not_repeat_over_threads) {
  constexpr int kDraws = 20'000;
  std::array<std::vector<SpanId>, 4> drawn;
  std::vector<std::thread> threads;
  for (auto& of_thread : drawn) {
    threads.emplace_back([&of_thread] {
      for (int i = 0; i < kDraws; ++i) of_thread.push_back(random_span_id());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<SpanId> all;
  for (const auto& of_thread : drawn) all.insert(of_thread.begin(), of_thread.end());
  EXPECT_EQ(all.size(), 4U * kDraws);
  EXPECT_FALSE(all.contains(SpanId{}));
  EXPECT_TRUE(random_trace_id().valid());
  EXPECT_NE(random_trace_id(), random_trace_id());
}

}  // namespace
}  // namespace baedal::tracing
