#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/http/upstream/upstream_client.hpp"

namespace baedal::gateway {

/// One process behind a route, and how it has done lately.
struct Instance {
  explicit Instance(http::Origin where);

  const http::Origin origin;
  const std::uint64_t seed;  ///< of its scores for callers: the same in every process
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
  /// The same one for the same caller as long as it is in good health, and then another that is
  /// again the same, also from other processes with the same instances (rendezvous hashing: a
  /// change of one instance moves only the callers it had, or gets). Null when all were tried.
  [[nodiscard]] Instance* choose_for(std::string_view caller, Tried& tried);
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
  Instance* take(std::size_t index, Tried& tried);

  const Ejection ejection_;
  const Clock& clock_;
  std::vector<std::unique_ptr<Instance>> instances_;
  std::atomic<std::uint32_t> turn_{0};
};

}  // namespace baedal::gateway
