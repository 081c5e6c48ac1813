#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace baedal::simulation {

/// Draws from one seed: the same seed gives the same draws on every machine (SplitMix64; nothing of
/// <random>, whose distributions differ between libraries).
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  /// From [0, n); n > 0.
  std::int64_t below(std::int64_t n);
  /// From [first, last].
  std::int64_t between(std::int64_t first, std::int64_t last);
  std::chrono::microseconds between(std::chrono::microseconds first,
                                    std::chrono::microseconds last);
  /// True `per_mille` times of a thousand.
  bool happens(int per_mille) { return below(1000) < per_mille; }
  /// Another stream that has nothing to do with this one's later draws.
  [[nodiscard]] Chance fork(std::string_view name) const;

 private:
  std::uint64_t state_;
};

}  // namespace baedal::simulation
