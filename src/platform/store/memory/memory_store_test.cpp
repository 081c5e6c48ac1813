#include "platform/store/memory/memory_store.hpp"

#include "platform/store/conformance/store_conformance.hpp"

namespace baedal::store {
namespace {

class MemoryUnderTest final : public conformance::StoreUnderTest {
 public:
  std::unique_ptr<Store> open(const Clock& clock, GroupCommitLimits limits) override {
    return std::make_unique<MemoryStore>(disk_, clock, limits);
  }

 private:
  MemoryDisk disk_;
};

}  // namespace
}  // namespace baedal::store

BAEDAL_STORE_CONFORMANCE(Memory, [] { return std::make_unique<baedal::store::MemoryUnderTest>(); });
