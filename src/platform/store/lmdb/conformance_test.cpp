// The suite that every Store passes, on LMDB.
#include "platform/store/conformance/store_conformance.hpp"

#include "platform/store/lmdb/lmdb_store.hpp"
#include "platform/store/lmdb/test_support.hpp"

namespace baedal::store::lmdb {
namespace {

class LmdbUnderTest final : public conformance::StoreUnderTest {
 public:
  std::unique_ptr<Store> open(const Clock& clock, GroupCommitLimits limits) override {
    auto store = LmdbStore::open({.path = folder_.store(),
                                  .tables = {&conformance::kThings},
                                  .clock = &clock,
                                  .limits = limits});
    if (!store) ADD_FAILURE() << store.error().detail;
    return store ? std::move(*store) : nullptr;
  }

 private:
  TempFolder folder_;
};

}  // namespace
}  // namespace baedal::store::lmdb

BAEDAL_STORE_CONFORMANCE(Lmdb,
                         [] { return std::make_unique<baedal::store::lmdb::LmdbUnderTest>(); });
