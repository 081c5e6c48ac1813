#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace load {

using Clock = std::chrono::steady_clock;

inline double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// Durations in microseconds, every one kept: percentiles are exact.
class Durations {
 public:
  void add(Clock::duration took) {
    micros_.push_back(static_cast<float>(std::chrono::duration<double, std::micro>(took).count()));
  }
  [[nodiscard]] std::size_t count() const { return micros_.size(); }

  /// {"count":…,"p50":…,"p99":…,"max":…} in microseconds.
  [[nodiscard]] std::string json() {
    if (micros_.empty()) return R"({"count":0})";
    std::ranges::sort(micros_);
    const auto at = [&](double share) {
      const auto index = static_cast<std::size_t>(static_cast<double>(micros_.size()) * share);
      return static_cast<double>(micros_[std::min(index, micros_.size() - 1)]);
    };
    char text[160];
    std::snprintf(text, sizeof text, R"({"count":%zu,"p50":%.1f,"p90":%.1f,"p99":%.1f,"max":%.1f})",
                  micros_.size(), at(0.5), at(0.9), at(0.99), at(1.0));
    return text;
  }

 private:
  std::vector<float> micros_;
};

}  // namespace load
