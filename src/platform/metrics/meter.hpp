#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace baedal::metrics {

/// The hot path: a handle taken once from the Registry, then plain relaxed atomics from any thread.
/// No lock, no allocation, no look-up. Handles live as long as their registry.

/// Something that only grows.
class alignas(64) Counter {
 public:
  void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// A value that goes up and down.
class alignas(64) Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  void add(double amount) { value_.fetch_add(amount, std::memory_order_relaxed); }
  [[nodiscard]] double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// How long something took: how often, how long in all, the longest of the last two minutes, and
/// (when the registry was given bounds) how many stayed below each bound.
class alignas(64) Timer {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `bounds` ascending; empty for no histogram.
  explicit Timer(std::vector<std::chrono::nanoseconds> bounds = {});

  /// `now` is the time at which it ended: the caller has it at hand.
  void record(std::chrono::nanoseconds duration, TimePoint now);

  [[nodiscard]] std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::chrono::nanoseconds total() const {
    return std::chrono::nanoseconds{total_.load(std::memory_order_relaxed)};
  }
  [[nodiscard]] std::chrono::microseconds max(TimePoint now) const;
  [[nodiscard]] std::span<const std::chrono::nanoseconds> bounds() const { return bounds_; }
  /// How many took at most bounds()[i].
  [[nodiscard]] std::vector<std::uint64_t> cumulative() const;

 private:
  // A slot holds the greatest duration of one span of 40 s, as span number (24 bits) and µs (40
  // bits) in one word: the greater word is the newer span, or the longer duration of the same one.
  static constexpr std::size_t kSlots = 3;
  std::array<std::atomic<std::uint64_t>, kSlots> max_{};
  std::atomic<std::uint64_t> count_{0};
  std::atomic<std::int64_t> total_{0};  // ns
  std::vector<std::chrono::nanoseconds> bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> buckets_;
};

/// What is going on right now: how many, and for how long altogether. start() and stop() may be on
/// different threads.
class alignas(64) ActiveTasks {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  void start(TimePoint started) { word_.fetch_add(of(started), std::memory_order_relaxed); }
  void stop(TimePoint started) { word_.fetch_sub(of(started), std::memory_order_relaxed); }

  struct Reading {
    std::uint64_t active;
    std::chrono::milliseconds duration;
  };
  [[nodiscard]] Reading read(TimePoint now) const;

 private:
  // One word, so that a reader never sees half a change: the count in the low bits, the sum of the
  // start times (ms, modulo what fits) above. count × now - sum is the duration, modulo as well.
  static constexpr unsigned kCountBits = 20;
  static std::uint64_t of(TimePoint started);

  std::atomic<std::uint64_t> word_{0};
};

}  // namespace baedal::metrics
