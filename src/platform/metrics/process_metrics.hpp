#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/metrics/registry.hpp"

namespace baedal::metrics {

/// What the operating system knows about this process (Linux), under Micrometer's names: process.*,
/// system.*, disk.*, and logback.events for the lines logged. Memory, for which Micrometer only has
/// JVM names, follows Prometheus: process.resident.memory, process.virtual.memory, process.threads.
/// Made at the start of main: process.start.time and process.uptime count from there.
class ProcessMetrics {
 public:
  /// `data_dir` is the folder whose disk is watched.
  ProcessMetrics(Registry& registry, const Clock& clock, std::string data_dir);

 private:
  void add_process(Registry& registry, const Clock& clock);
  void add_system(Registry& registry);
  void add_disk(Registry& registry, const std::string& data_dir);
  void add_logs(Registry& registry);

  std::vector<Registration> registrations_;
};

/// application.started.time and application.ready.time: how long the start took, in seconds.
void record_started(Registry& registry, std::chrono::nanoseconds since_start);
void record_ready(Registry& registry, std::chrono::nanoseconds since_start);

}  // namespace baedal::metrics
