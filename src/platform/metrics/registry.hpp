#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/metrics/meter.hpp"

namespace baedal::metrics {

/// Tag names and values; sorted by name inside the registry.
using Tags = std::vector<std::pair<std::string, std::string>>;

/// What a meter is called, as Micrometer calls it: the Prometheus name is made from it
/// ("http.server.requests" + seconds → http_server_requests_seconds; counters end in _total).
struct MeterId {
  std::string name;
  std::string unit{};  ///< "bytes", "seconds"; timers are always seconds
  std::string description{};
  Tags tags{};
};

enum class Kind { kCounter, kGauge, kTimer, kActiveTasks };

/// One series, as it was at the time of collect(). Which members mean something depends on the
/// kind.
struct Sample {
  Tags tags;
  double value = 0;  ///< counter, gauge; of active tasks: how many
  std::uint64_t count = 0;
  double total_seconds = 0;
  double max_seconds = 0;
  std::vector<std::pair<double, std::uint64_t>> buckets{};  ///< bound in seconds, cumulative count
};

/// All series of one name.
struct Family {
  std::string name;
  std::string unit;
  std::string description;
  Kind kind;
  std::vector<Sample> samples;
};

/// Keeps a callback meter registered while it lives; outliving the registry is fine.
class Registration {
 public:
  Registration() = default;
  explicit Registration(std::function<void()> undo) : undo_(std::move(undo)) {}
  Registration(Registration&& other) noexcept : undo_(std::exchange(other.undo_, nullptr)) {}
  Registration& operator=(Registration&& other) noexcept {
    std::swap(undo_, other.undo_);
    return *this;
  }
  ~Registration() {
    if (undo_) undo_();
  }

 private:
  std::function<void()> undo_;
};

/// The meters of the process. Registering and collecting take a lock; using a handle does not.
/// Any thread. Asking twice for the same name and tags gives the same meter; asking with another
/// kind is a programmer error.
///
/// prometheus-cpp is not used: its counters would do, but its summaries and histograms lock on each
/// observation, it knows neither OpenMetrics nor Micrometer's JSON, both of which are promised, and
/// what is left of it is the 80 lines of prometheus.cpp.
class Registry {
 public:
  /// At most `series_max` series: a meter asked for beyond that works, but is not exported, and is
  /// counted in metrics.series.dropped.
  explicit Registry(const Clock& clock, std::size_t series_max = 10'000);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  [[nodiscard]] Counter& counter(MeterId id);
  [[nodiscard]] Gauge& gauge(MeterId id);
  /// `bounds` ascending, for a histogram; taken from the first call of that name and tags.
  [[nodiscard]] Timer& timer(MeterId id, std::vector<std::chrono::nanoseconds> bounds = {});
  [[nodiscard]] ActiveTasks& active_tasks(MeterId id);

  /// Meters that are read when collected. `read` runs on the collecting thread under the registry's
  /// lock: it answers from memory and does not use the registry. NaN leaves the sample out.
  [[nodiscard]] Registration gauge(MeterId id, std::function<double()> read);
  [[nodiscard]] Registration counter(MeterId id, std::function<double()> read);

  /// Every family with its samples, sorted by name and tags.
  [[nodiscard]] std::vector<Family> collect() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace baedal::metrics
