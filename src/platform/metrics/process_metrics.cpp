#include "platform/metrics/process_metrics.hpp"

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>

#include "platform/log/log.hpp"

namespace baedal::metrics {
namespace {

constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

double seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>{duration}.count();
}

double cpu_count() { return static_cast<double>(::sysconf(_SC_NPROCESSORS_ONLN)); }

/// CPU time of all threads so far, in ns.
double process_cpu_ns() {
  timespec time{};
  if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) != 0) return kNoValue;
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

struct Jiffies {
  double busy = 0, all = 0;
};

/// The first line of /proc/stat: user nice system idle iowait irq softirq steal.
Jiffies system_jiffies() {
  std::ifstream in{"/proc/stat"};
  std::string cpu;
  in >> cpu;
  Jiffies jiffies;
  double value = 0;
  for (int column = 0; column < 8 && in >> value; ++column) {
    jiffies.all += value;
    if (column != 3 && column != 4) jiffies.busy += value;
  }
  return jiffies;
}

/// used/available between two readings; the last result again when nothing has passed.
class Share {
 public:
  double update(double used, double available) {
    if (available > available_) {
      share_ = std::min(1.0, std::max(0.0, (used - used_) / (available - available_)));
      used_ = used;
      available_ = available;
    }
    return share_;
  }

 private:
  double used_ = 0, available_ = 0, share_ = 0;
};

double entries_of(const char* folder) {
  std::error_code error;
  std::filesystem::directory_iterator at{folder, error};
  double count = 0;
  for (; !error && at != std::filesystem::directory_iterator{}; at.increment(error)) ++count;
  return error ? kNoValue : count;
}

/// Column 0 (virtual) or 1 (resident) of /proc/self/statm, in bytes.
double memory_bytes(int column) {
  std::ifstream in{"/proc/self/statm"};
  double pages = kNoValue;
  for (int i = 0; i <= column; ++i) in >> pages;
  return in ? pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) : kNoValue;
}

double disk_bytes(const std::string& path, bool free) {
  struct statvfs disk {};
  if (::statvfs(path.c_str(), &disk) != 0) return kNoValue;
  return static_cast<double>(free ? disk.f_bavail : disk.f_blocks) *
         static_cast<double>(disk.f_frsize);
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

}  // namespace

ProcessMetrics::ProcessMetrics(Registry& registry, const Clock& clock, std::string data_dir) {
  add_process(registry, clock);
  add_system(registry);
  add_disk(registry, data_dir);
  add_logs(registry);
}

void ProcessMetrics::add_process(Registry& registry, const Clock& clock) {
  const auto gauge = [&](std::string name, std::string unit, std::string text, auto read) {
    registrations_.push_back(
        registry.gauge({std::move(name), std::move(unit), std::move(text), {}}, std::move(read)));
  };
  const double start = static_cast<double>(clock.now().micros) / 1e6;
  const auto start_monotonic = clock.monotonic();
  gauge("process.start.time", "seconds", "Start time of the process since unix epoch.",
        [start] { return start; });
  gauge("process.uptime", "seconds", "The uptime of the process.",
        [&clock, start_monotonic] { return seconds(clock.monotonic() - start_monotonic); });
  auto share = std::make_shared<Share>();
  gauge("process.cpu.usage", "", "Recent CPU usage of the process, of all CPUs.",
        [&clock, start_monotonic, share] {
          const double passed = seconds(clock.monotonic() - start_monotonic);
          return share->update(process_cpu_ns() / 1e9, passed * cpu_count());
        });
  registrations_.push_back(registry.counter(
      {"process.cpu.time", "ns", "CPU time used by the process.", {}}, process_cpu_ns));
  gauge("process.files.open", "files", "The open file descriptor count.",
        [] { return entries_of("/proc/self/fd") - 1; });  // without the one that counts
  gauge("process.files.max", "files", "The maximum file descriptor count.", [] {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : kNoValue;
  });
  gauge("process.threads", "threads", "Threads of the process.",
        [] { return entries_of("/proc/self/task"); });
  gauge("process.resident.memory", "bytes", "Memory of the process that is in RAM.",
        [] { return memory_bytes(1); });
  gauge("process.virtual.memory", "bytes", "Address space of the process.",
        [] { return memory_bytes(0); });
}

void ProcessMetrics::add_system(Registry& registry) {
  registrations_.push_back(registry.gauge(
      {"system.cpu.count", "", "The number of processors available to the process.", {}},
      cpu_count));
  registrations_.push_back(
      registry.gauge({"system.cpu.usage", "", "Recent CPU usage of the system.", {}},
                     [share = std::make_shared<Share>()] {
                       const Jiffies jiffies = system_jiffies();
                       return share->update(jiffies.busy, jiffies.all);
                     }));
  registrations_.push_back(registry.gauge(
      {"system.load.average.1m", "", "Runnable tasks averaged over a minute.", {}}, [] {
        double load = 0;
        return ::getloadavg(&load, 1) == 1 ? load : kNoValue;
      }));
}

void ProcessMetrics::add_disk(Registry& registry, const std::string& data_dir) {
  registrations_.push_back(
      registry.gauge({"disk.free", "bytes", "Usable space for path.", {{"path", data_dir}}},
                     [data_dir] { return disk_bytes(data_dir, true); }));
  registrations_.push_back(
      registry.gauge({"disk.total", "bytes", "Total space for path.", {{"path", data_dir}}},
                     [data_dir] { return disk_bytes(data_dir, false); }));
}

void ProcessMetrics::add_logs(Registry& registry) {
  for (std::size_t level = 0; level < log::kLevelCount; ++level) {
    const std::string name = lower(log::to_string(static_cast<log::Level>(level)));
    registrations_.push_back(registry.counter(
        {"logback.events", "events", "Log events written, by level.", {{"level", name}}},
        [level] { return static_cast<double>(log::event_counts()[level]); }));
  }
  registrations_.push_back(registry.counter(
      {"log.dropped", "lines", "Log lines dropped because the queue was full.", {}},
      [] { return static_cast<double>(log::dropped_count()); }));
}

void record_started(Registry& registry, std::chrono::nanoseconds since_start) {
  registry.gauge({"application.started.time", "seconds", "Time taken to start.", {}})
      .set(seconds(since_start));
}

void record_ready(Registry& registry, std::chrono::nanoseconds since_start) {
  registry.gauge({"application.ready.time", "seconds", "Time taken to be ready for requests.", {}})
      .set(seconds(since_start));
}

}  // namespace baedal::metrics
