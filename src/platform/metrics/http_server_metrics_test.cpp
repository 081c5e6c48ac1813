// Requests are counted under the route's pattern; nothing a client sends makes series without end.
#include "platform/metrics/http_server_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "platform/clock/manual_clock.hpp"
#include "platform/metrics/prometheus.hpp"

namespace baedal::metrics {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class HttpMetrics : public ::testing::Test {
 protected:
  void request(std::string_view method, std::string_view route, int status) {
    const auto start = clock_.monotonic();
    metrics_.started(start);
    metrics_.finished(method, route, status, start, start + 1ms);
  }
  [[nodiscard]] std::string text() const {
    const auto families = registry_.collect();
    return prometheus_text(families, TextFormat::kPrometheus);
  }
  [[nodiscard]] std::size_t series() const {
    for (const Family& family : registry_.collect()) {
      if (family.name == "http.server.requests") return family.samples.size();
    }
    return 0;
  }

  ManualClock clock_{Timestamp{0}};
  Registry registry_{clock_};
  HttpServerMetrics metrics_{registry_};
};

TEST_F(HttpMetrics, tags_are_those_of_the_original) {
  const struct {
    const char* method;
    const char* route;
    int status;
    const char* line;
  } kCases[] = {
      {"GET", "/orders/{id}", 200,
       R"({error="none",exception="none",method="GET",outcome="SUCCESS",)"
       R"(status="200",uri="/orders/{id}"} 1)"},
      {"GET", "", 404, R"(method="GET",outcome="CLIENT_ERROR",status="404",uri="NOT_FOUND"} 1)"},
      {"GET", "", 302, R"(outcome="REDIRECTION",status="302",uri="REDIRECTION"} 1)"},
      {"GET", "", 405, R"(status="405",uri="UNKNOWN"} 1)"},
      {"BREW", "", 400, R"(method="UNKNOWN",outcome="CLIENT_ERROR",status="400",uri="UNKNOWN"} 1)"},
      {"POST", "/orders", 503, R"(outcome="SERVER_ERROR",status="503",uri="/orders"} 1)"},
  };
  for (const auto& c : kCases) {
    request(c.method, c.route, c.status);
    EXPECT_THAT(text(), HasSubstr(c.line));
  }
  EXPECT_THAT(text(), HasSubstr("http_server_requests_active_seconds_count 0\n"));
}

TEST_F(HttpMetrics, durations_are_a_histogram_that_objectives_can_be_stated_in) {
  request("POST", "/orders", 201);
  const std::string labels =
      R"({error="none",exception="none",method="POST",outcome="SUCCESS",status="201",uri="/orders",)";
  for (const char* bound :
       {"0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf"}) {
    EXPECT_THAT(text(), HasSubstr("http_server_requests_seconds_bucket" + labels + "le=\"" + bound +
                                  "\"} 1\n"));
  }
}

TEST_F(HttpMetrics, the_number_of_series_is_bounded) {
  for (int i = 0; i < 3'000; ++i) request("GET", "/r" + std::to_string(i), 200);
  EXPECT_EQ(series(), HttpServerMetrics::kSeriesMax + 1);
  EXPECT_THAT(
      text(),
      HasSubstr(R"(method="UNKNOWN",outcome="UNKNOWN",status="UNKNOWN",uri="UNKNOWN"} 1976)"));
}

TEST_F(HttpMetrics, threads_record_the_same_series) {
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([this] {
        for (int i = 0; i < 500; ++i) request("GET", "/r" + std::to_string(i % 50), 200);
      });
    }
  }
  EXPECT_EQ(series(), 51U);
  EXPECT_THAT(text(), HasSubstr(R"(uri="/r7"} 40)"));
}

}  // namespace
}  // namespace baedal::metrics
