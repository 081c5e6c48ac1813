// The suite that every Store passes, on the store of the simulation: in fair weather, when it is
// slow, and as a database server's. Where it refuses, the suite has nothing to say.
#include "simulation/disk_store.hpp"

#include <cstdio>

#include "platform/store/conformance/store_conformance.hpp"

namespace baedal::simulation {
namespace {

class DiskUnderTest final : public store::conformance::StoreUnderTest {
 public:
  DiskUnderTest(Faults faults, bool shared) : plan_{.faults = faults}, shared_(shared) {}

  std::unique_ptr<store::Store> open(const Clock& clock, store::GroupCommitLimits limits) override {
    return std::make_unique<DiskStore>(
        "things", disk_, life_, clock,
        DiskStore::World{weather_, story_, std::nullopt, shared_, limits});
  }
  [[nodiscard]] bool takes_threads() const override { return false; }

 private:
  static std::string next_uid() {
    static int made = 0;
    char uid[17];
    std::snprintf(uid, sizeof(uid), "%016x", static_cast<unsigned>(++made));
    return uid;
  }

  const Plan plan_;
  const bool shared_;
  Weather weather_{plan_};
  Timeline timeline_{Chance(plan_.seed)};
  Story story_{timeline_, false};
  Life life_;
  std::shared_ptr<Disk> disk_ = std::make_shared<Disk>(next_uid());
};

std::unique_ptr<DiskUnderTest> fair() { return std::make_unique<DiskUnderTest>(Faults{}, false); }
std::unique_ptr<DiskUnderTest> slow() {
  Faults faults;
  faults.set(static_cast<std::size_t>(Fault::kStoreSlow));
  return std::make_unique<DiskUnderTest>(faults, false);
}
std::unique_ptr<DiskUnderTest> shared() { return std::make_unique<DiskUnderTest>(Faults{}, true); }

}  // namespace
}  // namespace baedal::simulation

BAEDAL_STORE_CONFORMANCE(Simulated, baedal::simulation::fair);
BAEDAL_STORE_CONFORMANCE(SimulatedSlow, baedal::simulation::slow);
BAEDAL_STORE_CONFORMANCE(SimulatedShared, baedal::simulation::shared);
