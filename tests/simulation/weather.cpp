#include "simulation/weather.hpp"

namespace baedal::simulation {

using std::chrono::microseconds;

Weather::Weather(const Plan& plan)
    : faults_(plan.faults), usual_(Chance(plan.seed).fork("usual delays")) {
  const Chance root(plan.seed);
  for (std::size_t fault = 0; fault < kFaultCount; ++fault) {
    chances_.push_back(root.fork(to_word(static_cast<Fault>(fault))));
  }
}

bool Weather::strikes(Fault fault, int per_mille) {
  const auto index = static_cast<std::size_t>(fault);
  if (calm_ || !faults_.test(index) || !chances_.at(index).happens(per_mille)) return false;
  ++struck_.at(index);
  return true;
}

microseconds Weather::delay(Fault fault, microseconds bad) {
  if (strikes(fault, 100)) return chance(fault).between(microseconds{0}, bad);
  return usual_.between(microseconds{10}, microseconds{3'000});
}

}  // namespace baedal::simulation
