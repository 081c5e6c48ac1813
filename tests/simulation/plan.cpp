#include "simulation/plan.hpp"

#include <algorithm>

#include "simulation/chance.hpp"

namespace baedal::simulation {
namespace {

constexpr std::array<std::string_view, kFaultCount> kFaultWords{
    "crash",          "stop",          "halt",
    "store-slow",     "store-refuses", "store-loses-word",
    "bus-slow",       "bus-refuses",   "bus-loses-word",
    "bus-twice",      "bus-reorders",  "bus-goes-back",
    "bus-tears",      "net-slow",      "net-cuts",
    "partition",      "provider-slow", "provider-lost",
    "provider-twice", "provider-down", "clock-jumps"};

constexpr std::array<std::string_view, kBugCount> kBugWords{"publishes-before-commit",
                                                            "answers-before-sync",
                                                            "outbox-apart",
                                                            "key-apart",
                                                            "key-forgotten",
                                                            "outbox-numbers-begin-again",
                                                            "marks-before-published",
                                                            "position-before-handled",
                                                            "keys-over-partitions",
                                                            "tombstone-forgotten",
                                                            "cancels-complete",
                                                            "completes-cancelled",
                                                            "cancels-without-asking",
                                                            "new-provider-keys",
                                                            "unknown-is-declined",
                                                            "unknown-is-approved",
                                                            "refunds-forgotten",
                                                            "view-by-arrival",
                                                            "keys-swept-too-early"};

template <class T, std::size_t N>
std::optional<T> parse(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<T>(found - words.begin());
}

}  // namespace

std::string_view to_word(Fault fault) { return kFaultWords.at(static_cast<std::size_t>(fault)); }
std::optional<Fault> parse_fault(std::string_view word) { return parse<Fault>(kFaultWords, word); }

std::string_view to_word(Bug bug) { return kBugWords.at(static_cast<std::size_t>(bug)); }
std::optional<Bug> parse_bug(std::string_view word) { return parse<Bug>(kBugWords, word); }

Plan draw_plan(std::uint64_t seed) {
  Chance chance = Chance(seed).fork("plan");
  Plan plan{.seed = seed};
  plan.steps = static_cast<std::uint64_t>(chance.between(500, 6'000));
  for (std::size_t fault = 0; fault < kFaultCount; ++fault) {
    plan.faults.set(fault, chance.happens(500));
  }
  plan.customers = static_cast<int>(chance.between(1, 8));
  plan.in_one = chance.happens(300);
  plan.by_gateway = !plan.in_one && chance.happens(600);
  plan.replicas = !plan.in_one && chance.happens(400) ? 2 : 1;
  plan.partitions = static_cast<int>(chance.between(1, 3));
  plan.patience = std::chrono::seconds{chance.between(4, 40)};
  if (chance.happens(500)) plan.clock_error = std::chrono::seconds{chance.between(1, 10)};
  return plan;
}

std::chrono::seconds key_retention(const Plan& plan) {
  using namespace std::chrono_literals;
  const auto has = [&](Fault fault) { return plan.faults.test(static_cast<std::size_t>(fault)); };
  const bool by_gateway = plan.by_gateway && !plan.in_one;
  // Asking a neighbour, waiting for a group of commits or two, and the group itself.
  auto under_way = 5s;
  // The gateway gives up an instance that cannot be reached, and takes another.
  if (has(Fault::kNetSlow)) under_way += kWayMax * (by_gateway ? 3 : 1);
  if (has(Fault::kHalt)) under_way += kHaltMax * (by_gateway ? 2 : 1);
  // Whoever shares the store may stand still in the midst of a commit.
  if (has(Fault::kHalt) && plan.replicas > 1) under_way += kHaltMax;
  if (has(Fault::kClockJumps)) under_way += 2 * plan.clock_error;
  return plan.patience + under_way;
}

}  // namespace baedal::simulation
