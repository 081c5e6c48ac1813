// Meters count, the maximum decays by the clock, and both exports are what a scraper of the
// original reads. Time is moved by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>

#include "kernel/json/parse.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/metrics/micrometer.hpp"
#include "platform/metrics/prometheus.hpp"
#include "platform/metrics/registry.hpp"

namespace baedal::metrics {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class Metrics : public ::testing::Test {
 protected:
  [[nodiscard]] auto now() const { return clock_.monotonic(); }
  [[nodiscard]] std::string text(TextFormat format = TextFormat::kPrometheus,
                                 const std::vector<std::string>& included = {}) const {
    const auto families = registry_.collect();
    return prometheus_text(families, format, included);
  }
  [[nodiscard]] std::optional<std::string> metric(std::string_view name,
                                                  const Tags& tags = {}) const {
    const auto families = registry_.collect();
    return metric_json(families, name, tags);
  }

  ManualClock clock_{Timestamp{0}};
  Registry registry_{clock_};
};

TEST_F(Metrics, names_become_those_of_prometheus) {
  const struct {
    Family family;
    std::string name;
  } kCases[] = {
      {{"http.server.requests", "seconds", "", Kind::kTimer, {}}, "http_server_requests_seconds"},
      {{"process.cpu.usage", "", "", Kind::kGauge, {}}, "process_cpu_usage"},
      {{"process.cpu.time", "ns", "", Kind::kCounter, {}}, "process_cpu_time_ns_total"},
      {{"process.files.open", "files", "", Kind::kGauge, {}}, "process_files_open_files"},
      {{"disk.free", "bytes", "", Kind::kGauge, {}}, "disk_free_bytes"},
      {{"logback.events", "events", "", Kind::kCounter, {}}, "logback_events_total"},
      {{"system.load.average.1m", "", "", Kind::kGauge, {}}, "system_load_average_1m"},
  };
  for (const auto& c : kCases) EXPECT_EQ(prometheus_name(c.family), c.name);
}

TEST_F(Metrics, the_same_name_and_tags_are_the_same_meter) {
  Counter& one = registry_.counter({"events", "", "", {{"a", "1"}, {"b", "2"}}});
  Counter& same = registry_.counter({"events", "", "", {{"b", "2"}, {"a", "1"}}});
  Counter& other = registry_.counter({"events", "", "", {{"a", "1"}, {"b", "3"}}});
  EXPECT_EQ(&one, &same);
  EXPECT_NE(&one, &other);
}

TEST_F(Metrics, a_timer_reads_as_a_summary_and_a_maximum) {
  Timer& timer =
      registry_.timer({"http.server.requests", "", "Requests.", {{"uri", "/orders/{id}"}}});
  timer.record(30ms, now());
  timer.record(24271252ns, now());
  EXPECT_EQ(text(),
            "# HELP http_server_requests_seconds Requests.\n"
            "# TYPE http_server_requests_seconds summary\n"
            "http_server_requests_seconds_count{uri=\"/orders/{id}\"} 2\n"
            "http_server_requests_seconds_sum{uri=\"/orders/{id}\"} 0.054271252\n"
            "# HELP http_server_requests_seconds_max Requests.\n"
            "# TYPE http_server_requests_seconds_max gauge\n"
            "http_server_requests_seconds_max{uri=\"/orders/{id}\"} 0.03\n");
}

TEST_F(Metrics, the_maximum_is_that_of_the_last_two_minutes) {
  Timer& timer = registry_.timer({"t"});
  timer.record(5s, now());
  EXPECT_EQ(timer.max(now()), 5s);
  clock_.advance(60s);
  timer.record(1s, now());
  EXPECT_EQ(timer.max(now()), 5s);
  clock_.advance(61s);
  EXPECT_EQ(timer.max(now()), 1s);
  clock_.advance(120s);
  EXPECT_EQ(timer.max(now()), 0s);
  timer.record(-1s, now());
  EXPECT_EQ(timer.total(), 6s);
}

TEST_F(Metrics, a_timer_with_bounds_is_a_histogram) {
  Timer& timer = registry_.timer({"t"}, {5ms, 1s});
  for (const auto duration : {1ms, 5ms, 6ms, 2000ms}) timer.record(duration, now());
  EXPECT_THAT(text(), HasSubstr("# TYPE t_seconds histogram\n"
                                "t_seconds_bucket{le=\"0.005\"} 2\n"
                                "t_seconds_bucket{le=\"1\"} 3\n"
                                "t_seconds_bucket{le=\"+Inf\"} 4\n"
                                "t_seconds_count 4\n"));
  EXPECT_THAT(text(TextFormat::kOpenMetrics), HasSubstr("t_seconds_bucket{le=\"1.0\"} 3\n"));
}

TEST_F(Metrics, what_is_going_on_is_counted_and_timed) {
  ActiveTasks& tasks = registry_.active_tasks({"active"});
  const auto first = now();
  tasks.start(first);
  clock_.advance(2s);
  const auto second = now();
  tasks.start(second);
  clock_.advance(1s);
  EXPECT_THAT(text(), HasSubstr("active_seconds_count 2\nactive_seconds_sum 4\n"));
  tasks.stop(first);
  EXPECT_EQ(tasks.read(now()).active, 1U);
  EXPECT_EQ(tasks.read(now()).duration, 1s);
  tasks.stop(second);
  EXPECT_EQ(tasks.read(now()).active, 0U);
  EXPECT_EQ(tasks.read(now()).duration, 0s);
}

TEST_F(Metrics, active_tasks_stay_right_when_the_clock_is_large) {
  clock_.advance(std::chrono::hours{24 * 3650});
  ActiveTasks& tasks = registry_.active_tasks({"active"});
  for (int i = 0; i < 1'000; ++i) tasks.start(now());
  clock_.advance(3s);
  EXPECT_EQ(tasks.read(now()).active, 1'000U);
  EXPECT_EQ(tasks.read(now()).duration, 3'000s);
}

TEST_F(Metrics, values_and_labels_are_escaped_and_numbers_are_exact) {
  registry_.gauge({"g", "", "a \\ b\nc", {{"p", "\"x\\\n"}}}).set(0.1);
  registry_.gauge({"h"}).set(std::numeric_limits<double>::infinity());
  registry_.gauge({"i"}).set(123456789012.0);
  const std::string out = text();
  EXPECT_THAT(out, HasSubstr("# HELP g a \\\\ b\\nc\n"));
  EXPECT_THAT(out, HasSubstr("g{p=\"\\\"x\\\\\\n\"} 0.1\n"));
  EXPECT_THAT(out, HasSubstr("h +Inf\n"));
  EXPECT_THAT(out, HasSubstr("i 123456789012\n"));
}

TEST_F(Metrics, open_metrics_names_the_counter_without_total_and_ends_with_eof) {
  registry_.counter({"events"}).add(3);
  EXPECT_EQ(text(TextFormat::kOpenMetrics),
            "# HELP events \n# TYPE events counter\nevents_total 3\n# EOF\n");
  EXPECT_EQ(text(), "# HELP events_total \n# TYPE events_total counter\nevents_total 3\n");
}

TEST_F(Metrics, included_names_filter_families_and_single_samples) {
  registry_.counter({"events"}).add();
  registry_.timer({"t"}).record(1s, now());
  EXPECT_EQ(text(TextFormat::kPrometheus, {"events_total"}),
            "# HELP events_total \n# TYPE events_total counter\nevents_total 1\n");
  EXPECT_THAT(text(TextFormat::kPrometheus, {"t_seconds"}), Not(HasSubstr("_max")));
  EXPECT_EQ(text(TextFormat::kPrometheus, {"t_seconds_max"}),
            "# HELP t_seconds_max \n# TYPE t_seconds_max gauge\nt_seconds_max 1\n");
  EXPECT_EQ(text(TextFormat::kPrometheus, {"nothing"}), "");
}

TEST_F(Metrics, a_callback_is_read_while_its_registration_lives) {
  double value = 1;
  {
    const auto gauge = registry_.gauge({"g"}, [&value] { return value; });
    const auto counter = registry_.counter({"c"}, [] { return 7.0; });
    value = 2;
    EXPECT_THAT(text(), HasSubstr("g 2\n"));
    EXPECT_THAT(text(), HasSubstr("c_total 7\n"));
    value = std::nan("");
    EXPECT_THAT(text(), Not(HasSubstr("g ")));
  }
  EXPECT_EQ(text(), "");
  Registration outlives;
  {
    Registry other{clock_};
    outlives = other.gauge({"g"}, [] { return 1.0; });
  }
}

TEST_F(Metrics, series_are_bounded_and_the_rest_is_counted) {
  Registry small{clock_, 2};
  for (int i = 0; i < 5; ++i) small.counter({"c", "", "", {{"i", std::to_string(i)}}}).add();
  const auto families = small.collect();
  ASSERT_EQ(families.size(), 2U);
  EXPECT_EQ(families[0].samples.size(), 2U);
  EXPECT_EQ(families[1].name, "metrics.series.dropped");
  EXPECT_EQ(families[1].samples[0].value, 3);
}

TEST_F(Metrics, micrometer_adds_up_what_the_tags_select) {
  const auto timer = [&](const char* uri, const char* status) -> Timer& {
    return registry_.timer({"http.server.requests", "", "", {{"uri", uri}, {"status", status}}});
  };
  timer("/orders", "200").record(1s, now());
  timer("/orders", "404").record(2s, now());
  timer("/menus", "200").record(4s, now());
  EXPECT_EQ(metric("http.server.requests", {{"uri", "/orders"}}),
            R"({"name":"http.server.requests","baseUnit":"seconds","measurements":[)"
            R"({"statistic":"COUNT","value":2.0},{"statistic":"TOTAL_TIME","value":3.0},)"
            R"({"statistic":"MAX","value":2.0}],"availableTags":[)"
            R"({"tag":"status","values":["200","404"]}]})");
  EXPECT_EQ(metric("http_server_requests_seconds", {{"uri", "/orders"}}),
            metric("http.server.requests", {{"uri", "/orders"}}));
  EXPECT_EQ(metric("http.server.requests", {{"uri", "/nothing"}}), std::nullopt);
  EXPECT_EQ(metric("nothing"), std::nullopt);
}

TEST_F(Metrics, micrometer_shows_each_kind_with_its_statistic) {
  registry_.counter({"c", "", "Counted."}).add(2);
  registry_.gauge({"g"}).set(1.5);
  registry_.active_tasks({"a"}).start(now());
  EXPECT_THAT(*metric("c"),
              HasSubstr(R"("description":"Counted.","measurements":[{"statistic":"COUNT")"));
  EXPECT_THAT(*metric("g"), HasSubstr(R"({"statistic":"VALUE","value":1.5})"));
  EXPECT_THAT(*metric("a"), HasSubstr(R"("statistic":"ACTIVE_TASKS")"));
  const auto families = registry_.collect();
  EXPECT_EQ(names_json(families), R"({"names":["a","c","g"]})");
}

TEST_F(Metrics, threads_may_record_while_others_collect) {
  Timer& timer = registry_.timer({"t"}, {1ms});
  Counter& counter = registry_.counter({"c"});
  const auto at = now();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1'000; ++i) {
          timer.record(std::chrono::microseconds{i}, at);
          counter.add();
        }
      });
    }
    for (int i = 0; i < 20; ++i) EXPECT_THAT(text(), HasSubstr("t_seconds_count"));
  }
  EXPECT_EQ(timer.count(), 3'000U);
  EXPECT_EQ(counter.value(), 3'000U);
  EXPECT_EQ(timer.max(at), 999us);
}

}  // namespace
}  // namespace baedal::metrics
