#include "platform/metrics/http_server_metrics.hpp"

#include <algorithm>

#include "kernel/text.hpp"

namespace baedal::metrics {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kUnknown = "UNKNOWN";

/// Few, since each is a line per series: an objective is stated at one of them.
constexpr std::array<std::chrono::nanoseconds, 9> kBounds{5ms,   10ms,  25ms, 50ms,   100ms,
                                                          250ms, 500ms, 1s,   2'500ms};

std::vector<std::chrono::nanoseconds> bounds() { return {kBounds.begin(), kBounds.end()}; }

std::string_view known_method(std::string_view method) {
  constexpr std::array<std::string_view, 8> kMethods{"GET",   "HEAD",   "POST",    "PUT",
                                                     "PATCH", "DELETE", "OPTIONS", "TRACE"};
  const auto* at = std::ranges::find(kMethods, method);
  return at == kMethods.end() ? kUnknown : *at;
}

std::string_view outcome_of(int status) {
  switch (status / 100) {
    case 1:
      return "INFORMATIONAL";
    case 2:
      return "SUCCESS";
    case 3:
      return "REDIRECTION";
    case 4:
      return "CLIENT_ERROR";
    case 5:
      return "SERVER_ERROR";
    default:
      return kUnknown;
  }
}

std::string_view uri_of(std::string_view route, int status) {
  if (!route.empty()) return route;
  if (status == 404) return "NOT_FOUND";
  return status / 100 == 3 ? "REDIRECTION" : kUnknown;
}

MeterId meter_id(std::string_view method, std::string_view uri, std::string status,
                 std::string_view outcome, std::string_view exception) {
  return {"http.server.requests",
          "seconds",
          "Requests answered.",
          {{"error", std::string{exception}},
           {"exception", std::string{exception}},
           {"method", std::string{method}},
           {"outcome", std::string{outcome}},
           {"status", std::move(status)},
           {"uri", std::string{uri}}}};
}

}  // namespace

HttpServerMetrics::HttpServerMetrics(Registry& registry)
    : registry_(registry),
      active_(registry.active_tasks(
          {"http.server.requests.active", "seconds", "Requests in hand.", {}})),
      overflow_(registry.timer(
          meter_id(kUnknown, kUnknown, std::string{kUnknown}, kUnknown, "none"), bounds())) {}

void HttpServerMetrics::finished(std::string_view method, std::string_view route, int status,
                                 TimePoint started, TimePoint now, std::string_view exception) {
  active_.stop(started);
  Key key{known_method(method), uri_of(route, status), exception, status, 0};
  key.hash = stable_hash(key.route, stable_hash(key.method) + static_cast<std::uint64_t>(status));
  find(key).record(now - started, now);
}

bool HttpServerMetrics::same(const Series& series, const Key& key) {
  return series.hash == key.hash && series.status == key.status && series.method == key.method &&
         series.route == key.route && series.exception == key.exception;
}

Timer& HttpServerMetrics::find(const Key& key) {
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Series* series = slots_[(key.hash + i) % kSlots].load(std::memory_order_acquire);
    if (series == nullptr) break;
    if (same(*series, key)) return *series->timer;
  }
  return add(key);
}

Timer& HttpServerMetrics::add(const Key& key) {
  const std::lock_guard lock{mutex_};
  std::size_t slot = key.hash % kSlots;
  for (; true; slot = (slot + 1) % kSlots) {
    const Series* series = slots_[slot].load(std::memory_order_relaxed);
    if (series == nullptr) break;  // half of the slots always stay empty
    if (same(*series, key)) return *series->timer;
  }
  if (series_.size() >= kSeriesMax) return overflow_;
  Timer& timer = registry_.timer(meter_id(key.method, key.route, std::to_string(key.status),
                                          outcome_of(key.status), key.exception),
                                 bounds());
  series_.push_back(
      std::make_unique<Series>(Series{key.hash, std::string{key.method}, std::string{key.route},
                                      std::string{key.exception}, key.status, &timer}));
  slots_[slot].store(series_.back().get(), std::memory_order_release);
  return timer;
}

}  // namespace baedal::metrics
