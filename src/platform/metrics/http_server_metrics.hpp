#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "platform/metrics/registry.hpp"

namespace baedal::metrics {

/// http.server.requests and http.server.requests.active, with the tags of Spring Boot 3: error,
/// exception, method, outcome, status, uri, as a histogram with a few fixed bounds. The number of
/// series is bounded whatever clients send: uri is the route's pattern (or NOT_FOUND, REDIRECTION,
/// UNKNOWN when no route matched), unknown methods are UNKNOWN, and beyond kSeriesMax everything
/// goes to one series of UNKNOWNs. Recording: a hash, a look-up without a lock, four atomics. Any
/// thread.
class HttpServerMetrics {
 public:
  static constexpr std::size_t kSeriesMax = 1'024;
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit HttpServerMetrics(Registry& registry);

  void started(TimePoint now) { active_.start(now); }
  /// `route` is the pattern that matched, or empty. `now` is the end. A request answered because
  /// its handler threw carries the exception's name.
  void finished(std::string_view method, std::string_view route, int status, TimePoint started,
                TimePoint now, std::string_view exception = "none");

 private:
  struct Series {
    std::uint64_t hash;
    std::string method, route, exception;
    int status;
    Timer* timer;
  };
  struct Key {
    std::string_view method, route, exception;
    int status;
    std::uint64_t hash;
  };
  Timer& find(const Key& key);
  Timer& add(const Key& key);
  static bool same(const Series& series, const Key& key);

  // Open addressing; slots are only ever filled, under the mutex, and read without it.
  static constexpr std::size_t kSlots = kSeriesMax * 2;
  Registry& registry_;
  ActiveTasks& active_;
  Timer& overflow_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Series>> series_;
  std::array<std::atomic<const Series*>, kSlots> slots_{};
};

}  // namespace baedal::metrics
