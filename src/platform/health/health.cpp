#include "platform/health/health.hpp"

#include <algorithm>

#include "kernel/assert.hpp"

namespace baedal::health {
namespace {

Component component_of(std::string name, Check check) {
  Component component{std::move(name), Status::kUp, std::move(check.details)};
  if (!check.state) {
    component.status = Status::kDown;
    component.details.set("error", std::move(check.state.error().detail));
  }
  return component;
}

}  // namespace

std::string_view to_string(Status status) {
  switch (status) {
    case Status::kDown:
      return "DOWN";
    case Status::kOutOfService:
      return "OUT_OF_SERVICE";
    case Status::kUp:
      return "UP";
    case Status::kUnknown:
      return "UNKNOWN";
  }
  return "";
}

int http_status(Status status) {
  return status == Status::kDown || status == Status::kOutOfService ? 503 : 200;
}

void HealthRegistry::add(std::string name, Indicator indicator, Readiness readiness) {
  const std::lock_guard lock{mutex_};
  BAEDAL_ASSERT(!name.empty() && indicator);
  BAEDAL_ASSERT(std::ranges::find(entries_, name, &Entry::name) == entries_.end());
  auto found = std::make_shared<std::atomic<Status>>(Status::kUp);
  entries_.push_back({std::move(name), std::move(indicator), readiness, std::move(found)});
}

void HealthRegistry::set_lifecycle(Lifecycle lifecycle) {
  Lifecycle present = lifecycle_.load();
  while (present < lifecycle && !lifecycle_.compare_exchange_weak(present, lifecycle)) {
  }
}

Report HealthRegistry::overall() const {
  Report report;
  add_indicators(report, false);
  report.components.push_back(liveness_state());
  report.components.push_back(readiness_state());
  return finish(std::move(report));
}

Report HealthRegistry::liveness() const { return finish({Status::kUp, {liveness_state()}}); }

Report HealthRegistry::readiness() const {
  Report report;
  add_indicators(report, true);
  report.components.push_back(readiness_state());
  return finish(std::move(report));
}

Component HealthRegistry::liveness_state() const {
  return {"livenessState", lifecycle() == Lifecycle::kBroken ? Status::kDown : Status::kUp};
}

Component HealthRegistry::readiness_state() const {
  return {"readinessState", lifecycle() == Lifecycle::kReady ? Status::kUp : Status::kOutOfService};
}

void HealthRegistry::add_indicators(Report& report, bool only_needed) const {
  // Called without the lock: an indicator may take locks of its own.
  std::vector<Entry> entries;
  {
    const std::lock_guard lock{mutex_};
    entries = entries_;
  }
  for (Entry& entry : entries) {
    if (only_needed && entry.readiness == Readiness::kIgnores) continue;
    report.components.push_back(component_of(std::move(entry.name), entry.indicator()));
    const Component& component = report.components.back();
    if (entry.found->exchange(component.status) != component.status && listener_) {
      listener_(component);
    }
  }
}

Report HealthRegistry::finish(Report report) const {
  report.status = Status::kUp;
  for (const Component& component : report.components) {
    report.status = std::min(report.status, component.status);
  }
  if (forced_down_.load()) report.status = Status::kDown;
  return report;
}

}  // namespace baedal::health
