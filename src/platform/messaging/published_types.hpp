#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/metrics/meter.hpp"

namespace baedal::messaging {

/// Counts what goes to the bus, by type. A service has a handful of types: each is asked for once,
/// and found again by comparing, without a lock or an allocation. Belongs to one relay's loop.
class PublishedTypes {
 public:
  /// Gives the counter of a type; it lives as long as this.
  using CounterOf = std::function<metrics::Counter&(std::string_view type)>;
  explicit PublishedTypes(CounterOf counter_of) : counter_of_(std::move(counter_of)) {}

  void add(std::string_view type) {
    auto known = std::ranges::find(counters_, type, &Entry::first);
    if (known == counters_.end()) {
      counters_.emplace_back(type, &counter_of_(type));
      known = std::prev(counters_.end());
    }
    known->second->add();
  }

 private:
  using Entry = std::pair<std::string, metrics::Counter*>;

  CounterOf counter_of_;
  std::vector<Entry> counters_;
};

}  // namespace baedal::messaging
