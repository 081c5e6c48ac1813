#include "platform/metrics/registry.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <variant>

#include "kernel/assert.hpp"

namespace baedal::metrics {
namespace {

using Read = std::function<double()>;
using Meter = std::variant<std::unique_ptr<Counter>, std::unique_ptr<Gauge>, std::unique_ptr<Timer>,
                           std::unique_ptr<ActiveTasks>, Read>;

struct Entry {
  std::string unit;
  std::string description;
  Kind kind;
  std::map<Tags, Meter> series;
};

double seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>{duration}.count();
}

/// Turns one meter into a sample; nothing when it has no value now.
class Sampler {
 public:
  Sampler(const Tags& tags, Timer::TimePoint now) : now_(now) { sample_.tags = tags; }

  std::optional<Sample> operator()(const std::unique_ptr<Counter>& counter) {
    sample_.value = static_cast<double>(counter->value());
    return sample_;
  }
  std::optional<Sample> operator()(const std::unique_ptr<Gauge>& gauge) {
    sample_.value = gauge->value();
    return sample_;
  }
  std::optional<Sample> operator()(const std::unique_ptr<Timer>& timer) {
    // Buckets before the count: a bucket must not show more than the count.
    const auto cumulative = timer->cumulative();
    for (std::size_t i = 0; i < cumulative.size(); ++i) {
      sample_.buckets.emplace_back(seconds(timer->bounds()[i]), cumulative[i]);
    }
    sample_.count = timer->count();
    sample_.total_seconds = seconds(timer->total());
    sample_.max_seconds = seconds(timer->max(now_));
    return sample_;
  }
  std::optional<Sample> operator()(const std::unique_ptr<ActiveTasks>& tasks) {
    const auto reading = tasks->read(now_);
    sample_.count = reading.active;
    sample_.value = static_cast<double>(reading.active);
    sample_.total_seconds = seconds(reading.duration);
    return sample_;
  }
  std::optional<Sample> operator()(const Read& read) {
    sample_.value = read();
    return std::isnan(sample_.value) ? std::nullopt : std::optional{sample_};
  }

 private:
  Timer::TimePoint now_;
  Sample sample_;
};

}  // namespace

struct Registry::State {
  State(const Clock& the_clock, std::size_t the_series_max)
      : clock(the_clock), series_max(the_series_max) {}

  /// The meter of that id, made by `make` when it is new; null when there is no room for it.
  template <class T, class Make>
  T* find_or_add(MeterId& id, Kind kind, Make make) {
    const std::lock_guard lock{mutex};
    std::ranges::sort(id.tags);
    Entry& entry = family(id, kind);
    auto at = entry.series.find(id.tags);
    if (at == entry.series.end()) {
      if (series_count >= series_max) {
        ++dropped;
        return nullptr;
      }
      ++series_count;
      at = entry.series.emplace(std::move(id.tags), make()).first;
    }
    auto* meter = std::get_if<std::unique_ptr<T>>(&at->second);
    BAEDAL_ASSERT(meter != nullptr);  // the same series is read by a callback already
    return meter->get();
  }

  void add_callback(MeterId& id, Kind kind, Read read) {
    const std::lock_guard lock{mutex};
    std::ranges::sort(id.tags);
    if (series_count >= series_max) {
      ++dropped;
      return;
    }
    const bool added = family(id, kind).series.emplace(id.tags, std::move(read)).second;
    BAEDAL_ASSERT(added);  // two callbacks for one series
    ++series_count;
  }

  void remove(const MeterId& id) {
    const std::lock_guard lock{mutex};
    const auto at = families.find(id.name);
    if (at == families.end()) return;
    series_count -= at->second.series.erase(id.tags);
    if (at->second.series.empty()) families.erase(at);
  }

  Entry& family(const MeterId& id, Kind kind) {
    Entry& entry =
        families.try_emplace(id.name, Entry{id.unit, id.description, kind, {}}).first->second;
    BAEDAL_ASSERT(entry.kind == kind);
    return entry;
  }

  const Clock& clock;
  const std::size_t series_max;
  std::mutex mutex;
  std::map<std::string, Entry> families;
  std::size_t series_count = 0;
  std::uint64_t dropped = 0;
  // What callers get when there is no room: works, but nobody sees it.
  Counter spare_counter;
  Gauge spare_gauge;
  Timer spare_timer;
  ActiveTasks spare_tasks;
};

Registry::Registry(const Clock& clock, std::size_t series_max)
    : state_(std::make_shared<State>(clock, series_max)) {}

Registry::~Registry() = default;

Counter& Registry::counter(MeterId id) {
  auto* meter = state_->find_or_add<Counter>(id, Kind::kCounter,
                                             [] { return Meter{std::make_unique<Counter>()}; });
  return meter != nullptr ? *meter : state_->spare_counter;
}

Gauge& Registry::gauge(MeterId id) {
  auto* meter =
      state_->find_or_add<Gauge>(id, Kind::kGauge, [] { return Meter{std::make_unique<Gauge>()}; });
  return meter != nullptr ? *meter : state_->spare_gauge;
}

Timer& Registry::timer(MeterId id, std::vector<std::chrono::nanoseconds> bounds) {
  BAEDAL_ASSERT(std::ranges::is_sorted(bounds));
  id.unit = "seconds";
  auto* meter = state_->find_or_add<Timer>(
      id, Kind::kTimer, [&] { return Meter{std::make_unique<Timer>(std::move(bounds))}; });
  return meter != nullptr ? *meter : state_->spare_timer;
}

ActiveTasks& Registry::active_tasks(MeterId id) {
  id.unit = "seconds";
  auto* meter = state_->find_or_add<ActiveTasks>(
      id, Kind::kActiveTasks, [] { return Meter{std::make_unique<ActiveTasks>()}; });
  return meter != nullptr ? *meter : state_->spare_tasks;
}

Registration Registry::gauge(MeterId id, std::function<double()> read) {
  state_->add_callback(id, Kind::kGauge, std::move(read));
  return Registration{[weak = std::weak_ptr{state_}, id = std::move(id)] {
    if (const auto state = weak.lock()) state->remove(id);
  }};
}

Registration Registry::counter(MeterId id, std::function<double()> read) {
  state_->add_callback(id, Kind::kCounter, std::move(read));
  return Registration{[weak = std::weak_ptr{state_}, id = std::move(id)] {
    if (const auto state = weak.lock()) state->remove(id);
  }};
}

std::vector<Family> Registry::collect() const {
  const std::lock_guard lock{state_->mutex};
  const auto now = state_->clock.monotonic();
  std::vector<Family> families;
  for (const auto& [name, entry] : state_->families) {
    Family family{name, entry.unit, entry.description, entry.kind, {}};
    for (const auto& [tags, meter] : entry.series) {
      if (auto sample = std::visit(Sampler{tags, now}, meter)) {
        family.samples.push_back(std::move(*sample));
      }
    }
    if (!family.samples.empty()) families.push_back(std::move(family));
  }
  if (state_->dropped > 0) {
    families.push_back({"metrics.series.dropped",
                        "",
                        "Meters refused because there are too many.",
                        Kind::kCounter,
                        {{.tags = {}, .value = static_cast<double>(state_->dropped)}}});
    std::ranges::sort(families, {}, &Family::name);
  }
  return families;
}

}  // namespace baedal::metrics
