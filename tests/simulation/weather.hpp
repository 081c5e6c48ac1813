#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "simulation/chance.hpp"
#include "simulation/plan.hpp"

namespace baedal::simulation {

/// Decides which fault strikes when. Each kind draws from a stream of its own, so that leaving one
/// out changes nothing in the draws of the others.
class Weather {
 public:
  explicit Weather(const Plan& plan);

  /// Whether `fault` strikes now: `per_mille` of the times, if the plan has it and there is no
  /// calm.
  bool strikes(Fault fault, int per_mille);
  /// How long something takes: a little as a rule, up to `bad` when `fault` strikes.
  std::chrono::microseconds delay(Fault fault, std::chrono::microseconds bad);
  [[nodiscard]] Chance& chance(Fault fault) { return chances_.at(static_cast<std::size_t>(fault)); }

  /// From now on nothing goes wrong.
  void calm() { calm_ = true; }
  [[nodiscard]] bool is_calm() const { return calm_; }
  /// How often each has struck.
  [[nodiscard]] const std::array<std::uint64_t, kFaultCount>& struck() const { return struck_; }

 private:
  Faults faults_;
  std::vector<Chance> chances_;
  Chance usual_;
  std::array<std::uint64_t, kFaultCount> struck_{};
  bool calm_ = false;
};

}  // namespace baedal::simulation
