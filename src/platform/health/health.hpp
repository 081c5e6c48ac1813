#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/error.hpp"
#include "kernel/json/value.hpp"

namespace baedal::health {

/// The most severe one wins when several are added up.
enum class Status { kDown, kOutOfService, kUp, kUnknown };

/// "DOWN", "OUT_OF_SERVICE", "UP", "UNKNOWN"
[[nodiscard]] std::string_view to_string(Status status);
/// 503 for kDown and kOutOfService, else 200.
[[nodiscard]] int http_status(Status status);

/// Where the process stands. It moves forward only: starting → ready → draining, or → broken from
/// anywhere.
enum class Lifecycle {
  kStarting,  ///< migrations, replay: alive, takes no traffic yet
  kReady,
  kDraining,  ///< SIGTERM came: alive, finishes what is in hand, wants no new traffic
  kBroken,    ///< cannot recover by itself: wants to be restarted
};

/// What an indicator found. `details` is shown to operators: no secrets.
struct Check {
  Result<void> state{};
  json::Object details{};
};

/// Answers from memory, at once: health is asked on an I/O thread. Called from any thread.
using Indicator = std::function<Check()>;

enum class Readiness {
  kIgnores,  ///< shown, but traffic goes on: another system that is down is not this one's fault
  kNeeds,    ///< without it no request could be answered well: this process's own store
};

struct Component {
  std::string name;
  Status status = Status::kUp;
  json::Object details{};
};

/// A status with what it was added up from, in the order of registration.
struct Report {
  Status status = Status::kUp;
  std::vector<Component> components{};
};

/// The health of the process, in the groups Spring Boot has: everything, liveness and readiness.
/// Liveness is this process alone: never add another system to it, or its outage restarts the
/// fleet. Any thread.
class HealthRegistry {
 public:
  /// Names are unique and non-empty: a programmer error otherwise. The indicator's owner must
  /// outlive the last question.
  void add(std::string name, Indicator indicator, Readiness readiness = Readiness::kIgnores);

  /// Hears of each component that is found DOWN, or UP again, since it was last asked for; on the
  /// thread that asks, which orchestrators and gateways do every few seconds. One listener, set
  /// before the first question.
  using Listener = std::function<void(const Component&)>;
  void on_change(Listener listener) { listener_ = std::move(listener); }

  /// Going back is ignored: a late "ready" does not undo a shutdown.
  void set_lifecycle(Lifecycle lifecycle);
  [[nodiscard]] Lifecycle lifecycle() const { return lifecycle_.load(); }

  /// Makes every group DOWN whatever is found: for showing how an orchestrator heals.
  void force_down(bool down) { forced_down_.store(down); }

  /// All components, with livenessState and readinessState.
  [[nodiscard]] Report overall() const;
  /// DOWN only when broken (or forced). While starting the process is alive: a long migration must
  /// not end in a loop of restarts.
  [[nodiscard]] Report liveness() const;
  /// OUT_OF_SERVICE while starting or draining; DOWN with an indicator that readiness needs.
  [[nodiscard]] Report readiness() const;

 private:
  struct Entry {
    std::string name;
    Indicator indicator;
    Readiness readiness;
    std::shared_ptr<std::atomic<Status>> found;  ///< at the last question
  };
  [[nodiscard]] Component liveness_state() const;
  [[nodiscard]] Component readiness_state() const;
  void add_indicators(Report& report, bool only_needed) const;
  [[nodiscard]] Report finish(Report report) const;

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  Listener listener_;
  std::atomic<Lifecycle> lifecycle_{Lifecycle::kStarting};
  std::atomic<bool> forced_down_{false};
};

}  // namespace baedal::health
