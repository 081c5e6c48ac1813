#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/http/upstream/upstream_client.hpp"

namespace baedal::gateway {

/// One process behind a route, and how it has done lately.
struct Instance {
  explicit Instance(http::Origin where) : origin(std::move(where)) {}

  const http::Origin origin;
  std::atomic<std::uint32_t> in_hand{0};
  std::atomic<std::uint32_t> failures_in_a_row{0};
  std::atomic<std::int64_t> ejected_until_ns{0};
  std::atomic<bool> healthy{true};  ///< by the active checks
};

/// When an instance is left alone for a while.
struct Ejection {
  std::uint32_t failures_in_a_row = 5;
  std::chrono::milliseconds time{5'000};
};

/// The instances of one upstream. Any thread, without a lock.
class InstanceSet {
 public:
  /// Bits of the instances that were tried.
  using Tried = std::uint64_t;
  static constexpr std::size_t kInstancesMax = 64;

  /// 1 to kInstancesMax origins.
  InstanceSet(std::vector<http::Origin> origins, const Ejection& ejection, const Clock& clock);

  /// The one with the fewest requests in hand among those in good health; when none is, among all:
  /// trying beats refusing. Null when all were tried.
  [[nodiscard]] Instance* choose(Tried& tried);
  void succeeded(Instance& instance) const;
  /// `connected`: it answered wrongly or not at all; else it was not even there.
  void failed(Instance& instance, bool connected) const;
  /// What an active check found.
  void checked(Instance& instance, bool healthy) const;

  [[nodiscard]] bool available(const Instance& instance) const;
  [[nodiscard]] const std::vector<std::unique_ptr<Instance>>& instances() const {
    return instances_;
  }

 private:
  [[nodiscard]] std::int64_t now_ns() const;

  const Ejection ejection_;
  const Clock& clock_;
  std::vector<std::unique_ptr<Instance>> instances_;
  std::atomic<std::uint32_t> turn_{0};
};

}  // namespace baedal::gateway
