// Every promised name is there, with a value that a living process can have.
#include "platform/metrics/process_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "platform/clock/system_clock.hpp"
#include "platform/log/log.hpp"
#include "platform/metrics/prometheus.hpp"

namespace baedal::metrics {
namespace {

TEST(ProcessMetrics, gives_every_name_of_the_contract) {
  const SystemClock clock;
  Registry registry{clock};
  const ProcessMetrics metrics{registry, clock, "/"};
  record_started(registry, std::chrono::milliseconds{5});
  record_ready(registry, std::chrono::milliseconds{7});

  std::map<std::string, double> values;
  for (const Family& family : registry.collect()) {
    values[prometheus_name(family)] = family.samples[0].value;
  }
  const struct {
    const char* name;
    double min, max;
  } kCases[] = {
      {"process_cpu_usage", 0, 1},
      {"process_cpu_time_ns_total", 1, 1e18},
      {"process_uptime_seconds", 0, 1e6},
      {"process_start_time_seconds", 1.6e9, 1e11},
      {"process_files_open_files", 3, 1e6},
      {"process_files_max_files", 3, 1e20},
      {"process_threads", 1, 1e5},
      {"process_resident_memory_bytes", 1e6, 1e12},
      {"process_virtual_memory_bytes", 1e6, 1e15},
      {"system_cpu_usage", 0, 1},
      {"system_cpu_count", 1, 1e4},
      {"system_load_average_1m", 0, 1e5},
      {"disk_free_bytes", 1, 1e18},
      {"disk_total_bytes", 1, 1e18},
      {"application_started_time_seconds", 0.005, 0.005},
      {"application_ready_time_seconds", 0.007, 0.007},
      {"logback_events_total", 0, 1e9},
      {"log_dropped_lines_total", 0, 0},
  };
  for (const auto& c : kCases) {
    ASSERT_TRUE(values.contains(c.name)) << c.name;
    EXPECT_GE(values[c.name], c.min) << c.name;
    EXPECT_LE(values[c.name], c.max) << c.name;
  }
}

TEST(ProcessMetrics, log_events_are_counted_by_level) {
  const SystemClock clock;
  Registry registry{clock};
  const ProcessMetrics metrics{registry, clock, "/nowhere"};
  const auto before = log::event_counts()[static_cast<std::size_t>(log::Level::kError)];
  log::error("metrics.test", "an expected line");
  const auto families = registry.collect();
  EXPECT_THAT(
      prometheus_text(families, TextFormat::kPrometheus),
      ::testing::HasSubstr("logback_events_total{level=\"error\"} " + std::to_string(before + 1)));
  EXPECT_THAT(prometheus_text(families, TextFormat::kPrometheus),
              ::testing::Not(::testing::HasSubstr("disk_free_bytes")));
}

}  // namespace
}  // namespace baedal::metrics
