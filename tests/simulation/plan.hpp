#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "simulation/bug.hpp"

namespace baedal::simulation {

/// What can go wrong. A run has some of them, so that each is also seen without the others.
enum class Fault : std::uint8_t {
  kCrash,           ///< a process dies between two awaits, and starts again
  kStop,            ///< a process is stopped in good order, and starts again
  kHalt,            ///< a process does not run for a while, and then goes on
  kStoreSlow,       ///< a write or its sync takes long
  kStoreRefuses,    ///< reads and commits fail without effect
  kStoreLosesWord,  ///< a commit is durable, and yet its answer is an error
  kBusSlow,         ///< events take long to the bus and from it
  kBusRefuses,      ///< a publish is not kept, and none behind it
  kBusLosesWord,    ///< a publish is kept, and yet its answer is an error
  kBusTwice,        ///< a batch comes once more
  kBusReorders,     ///< a batch comes in another order of its keys
  kBusGoesBack,     ///< a group's position goes back: a rebalance, an operator
  kBusTears,        ///< the bus loses what it has not synced
  kNetSlow,         ///< requests and answers take long
  kNetCuts,         ///< a connection is refused, or ends before or behind the work
  kPartition,       ///< two processes cannot reach each other for a while
  kProviderSlow,    ///< the provider answers late, often beyond the time-out
  kProviderLost,    ///< its answer, or the question, is lost
  kProviderTwice,   ///< a question reaches it twice, the second time much later
  kProviderDown,    ///< it is out of order: try again
  kClockJumps,      ///< a wall clock is wrong, back or forth
};
inline constexpr std::size_t kFaultCount = 21;
using Faults = std::bitset<kFaultCount>;

[[nodiscard]] std::string_view to_word(Fault fault);
/// Of the names that to_word() gives.
[[nodiscard]] std::optional<Fault> parse_fault(std::string_view word);

/// Everything that makes a run what it is. Equal plans make equal runs.
struct Plan {
  std::uint64_t seed = 1;
  std::uint64_t steps = 4'000;  ///< with faults; then the weather is fair until all has ended
  Faults faults{};
  int customers = 6;        ///< each places an order, and may cancel it
  bool in_one = false;      ///< every role in one process, as on a laptop
  bool by_gateway = false;  ///< people go through it; only when it is not all in one
  int replicas = 1;         ///< processes of each role with a store of its own; 2 share one
  int partitions = 1;       ///< of the topic
  /// How long a person asks again with the same key.
  std::chrono::seconds patience{40};
  /// How wrong a wall clock may be, either way.
  std::chrono::seconds clock_error{std::chrono::hours{48}};
  std::optional<Bug> bug{};  ///< what is planted
};

/// What the seed says.
[[nodiscard]] Plan draw_plan(std::uint64_t seed);

/// How long once-keys must be kept in that run, and no longer: until the last request that anybody
/// sends with a key has come to its commit, by whichever clock.
[[nodiscard]] std::chrono::seconds key_retention(const Plan& plan);

/// The longest that a process does not run; it then runs for so long at least.
inline constexpr std::chrono::seconds kHaltMax{8};
/// The longest that a request or its answer is on its way.
inline constexpr std::chrono::seconds kWayMax{3};

}  // namespace baedal::simulation
