// A delivery store is no view that could be built anew: what an older program left must open.
#include "services/delivery/outbound/delivery_tables.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/store/lmdb/lmdb_store.hpp"

namespace baedal::delivery {
namespace {

/// The table before completed_at.
constexpr auto kFormerColumns = std::span(kDeliveryColumns).first(kDeliveryCompletedAt);
constexpr store::Table kFormer{"deliveries", kFormerColumns, kDeliveryIndexes};

TEST(DeliveryTables, on_lmdb_what_was_written_before_completed_at_is_there) {
  std::string pattern = (std::filesystem::temp_directory_path() / "deliveries-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  const ManualClock clock{Timestamp{1}};
  ManualExecutor executor;
  const store::Row row{std::int64_t{1}, std::int64_t{7}, std::string{"started"},
                       std::int64_t{1}, std::int64_t{5}, std::int64_t{5}};
  {
    auto former = store::LmdbStore::open(
        {.path = folder, .tables = {&kFormer, &kDeliveryCouriers}, .clock = &clock});
    ASSERT_TRUE(former) << former.error().detail;
    const auto key = OnceKey::none();
    const auto insert = [&](store::Tx& tx) -> Result<std::string> {
      auto fresh = row;
      fresh.at(kDeliveryId) = tx.next_id(kFormer).value();
      if (auto inserted = tx.insert(kFormer, fresh); !inserted) return pass_on(inserted);
      return std::string{};
    };
    ASSERT_TRUE(executor.run((*former)->commit_once(key, insert)));
  }
  auto opened = store::LmdbStore::open(
      {.path = folder, .tables = {std::begin(kTables), std::end(kTables)}, .clock = &clock});
  ASSERT_TRUE(opened) << opened.error().detail;
  auto expected = row;
  expected.emplace_back();
  EXPECT_EQ(executor.run((*opened)->find(kDeliveries, 1)).value(), expected);
  opened->reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace baedal::delivery
