// The exporter against a collector on a real socket that behaves well and badly.
#include "platform/tracing/otlp/otlp_exporter.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "kernel/async/sync.hpp"
#include "platform/http/router.hpp"
#include "platform/http/server.hpp"
#include "platform/runtime/runtime.hpp"

namespace baedal::tracing {
namespace {

using namespace std::chrono_literals;

/// Answers as told, one answer after the other, then 200; keeps what it was sent.
class Collector {
 public:
  Collector() {
    router_.add(http::Method::kPost, "/v1/traces",
                [this](http::Request& request) { return answer(request); });
    runtime_.start();
    EXPECT_TRUE(server_.listen("127.0.0.1", 0));
  }
  ~Collector() { released_.set(); }

  void will_answer(std::deque<http::Response> answers) { answers_ = std::move(answers); }
  void hang() { hangs_ = true; }
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/v1/traces";
  }
  [[nodiscard]] std::vector<std::string> bodies() const {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }
  [[nodiscard]] std::string headers() const {
    const std::lock_guard lock(mutex_);
    return headers_;
  }

 private:
  Task<http::Response> answer(http::Request& request) {
    http::Response response{.content_type = "application/json", .body = "{}"};
    {
      const std::lock_guard lock(mutex_);
      bodies_.emplace_back(request.body);
      for (const http::HeaderView& header : request.headers) {
        headers_.append(header.name).append("=").append(header.value).append("\n");
      }
      if (!answers_.empty()) {
        response = std::move(answers_.front());
        answers_.pop_front();
      }
    }
    if (hangs_) co_await released_.wait();
    co_return response;
  }

  mutable std::mutex mutex_;
  std::deque<http::Response> answers_;
  std::vector<std::string> bodies_;
  std::string headers_;
  std::atomic<bool> hangs_{false};
  Event released_;
  http::Router router_;
  runtime::Runtime runtime_{1};
  http::Server server_{runtime_, router_};
};

class OtlpExporterTest : public ::testing::Test {
 protected:
  void start(std::function<void(OtlpOptions&)> change = {}) {
    OtlpOptions options{.endpoint = collector_.url()};
    options.interval = 1ms;
    options.pause_first = 1ms;
    options.pause_max = 2ms;
    if (change) change(options);
    exporter_.emplace(std::move(options), counts_);
  }
  void add(const std::string& name) {
    Span span;
    span.context = {random_trace_id(), random_span_id(), TraceContext::kSampled};
    span.name = name;
    exporter_->add(std::move(span));
  }
  static bool eventually(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }

  Collector collector_;
  SpanCounts counts_;
  std::optional<OtlpExporter> exporter_;
};

TEST_F(OtlpExporterTest, sends_what_it_is_given_with_its_headers) {
  start([](OtlpOptions& options) { options.headers = {{"Api-Key", "s3cret"}}; });
  add("one");
  EXPECT_TRUE(eventually([&] { return counts_.exported == 1; }));
  EXPECT_NE(collector_.bodies().at(0).find(R"("name":"one")"), std::string::npos);
  EXPECT_NE(collector_.headers().find("Content-Type=application/json\n"), std::string::npos);
  EXPECT_NE(collector_.headers().find("Api-Key=s3cret\n"), std::string::npos);
}

TEST_F(OtlpExporterTest, a_full_batch_does_not_wait_and_none_is_larger) {
  start([](OtlpOptions& options) {
    options.interval = 1h;
    options.batch_max = 10;
  });
  for (int i = 0; i < 20; ++i) add("span");
  EXPECT_TRUE(eventually([&] { return counts_.exported == 20; }));
  EXPECT_EQ(collector_.bodies().size(), 2U);
}

TEST_F(OtlpExporterTest, what_can_be_mended_is_tried_again_and_nothing_else) {
  collector_.will_answer({{.status = 503}, {.status = 429}, {.status = 502}, {.status = 504}});
  start();
  add("patient");
  EXPECT_TRUE(eventually([&] { return counts_.exported == 1; }));
  EXPECT_EQ(collector_.bodies().size(), 5U);
  for (const int status : {400, 401, 404, 413, 500}) {
    const auto failed = counts_.failed.load();
    collector_.will_answer({{.status = status}});
    add("refused");
    EXPECT_TRUE(eventually([&] { return counts_.failed == failed + 1; })) << status;
  }
  EXPECT_EQ(collector_.bodies().size(), 10U);
}

TEST_F(OtlpExporterTest, waits_as_long_as_the_collector_asks) {
  collector_.will_answer({http::Response{.status = 503}.with("Retry-After", "1")});
  start();
  const auto began = std::chrono::steady_clock::now();
  add("later");
  EXPECT_TRUE(eventually([&] { return counts_.exported == 1; }));
  EXPECT_GE(std::chrono::steady_clock::now() - began, 1s);
}

TEST_F(OtlpExporterTest, gives_a_batch_up_after_some_tries_and_goes_on_with_the_next) {
  collector_.will_answer({{.status = 503}, {.status = 503}});
  start([](OtlpOptions& options) { options.attempts_max = 2; });
  add("lost");
  EXPECT_TRUE(eventually([&] { return counts_.failed == 1; }));
  add("next");
  EXPECT_TRUE(eventually([&] { return counts_.exported == 1; }));
}

TEST_F(OtlpExporterTest, counts_what_a_collector_takes_only_in_part) {
  collector_.will_answer({{.content_type = "application/json",
                           .body = R"({"partialSuccess":{"rejectedSpans":"2"}})"}});
  start([](OtlpOptions& options) {
    options.interval = 1h;
    options.batch_max = 3;
  });
  for (int i = 0; i < 3; ++i) add("span");
  EXPECT_TRUE(eventually([&] { return counts_.exported == 1 && counts_.failed == 2; }));
}

TEST_F(OtlpExporterTest, a_collector_that_hangs_costs_spans_and_no_more) {
  collector_.hang();
  start([](OtlpOptions& options) {
    options.queue_max = 8;
    options.batch_max = 1;
    options.stop_within = 50ms;
  });
  add("in hand");
  EXPECT_TRUE(eventually([&] { return collector_.bodies().size() == 1; }));
  for (int i = 0; i < 20; ++i) add("waiting");
  EXPECT_EQ(counts_.dropped, 12U);
  exporter_.reset();
  EXPECT_EQ(counts_.exported, 0U);
  EXPECT_GE(counts_.failed, 8U) << "what waited";
}

TEST_F(OtlpExporterTest, nobody_listening_is_a_failure_in_the_end) {
  start([](OtlpOptions& options) {
    options.endpoint = "http://127.0.0.1:1/v1/traces";
    options.attempts_max = 2;
  });
  add("lost");
  EXPECT_TRUE(eventually([&] { return counts_.failed == 1; }));
}

TEST_F(OtlpExporterTest, what_waits_at_the_end_is_sent) {
  start([](OtlpOptions& options) { options.interval = 1h; });
  for (int i = 0; i < 5; ++i) add("last");
  exporter_.reset();
  EXPECT_EQ(counts_.exported, 5U);
}

}  // namespace
}  // namespace baedal::tracing
