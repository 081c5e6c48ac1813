#include "platform/store/ids_by.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Column kColumns[] = {{"id", ColumnType::kInteger}, {"owner", ColumnType::kText}};
constexpr Index kIndexes[] = {{1}};
constexpr Table kThings{"things", kColumns, kIndexes};

class IdsBy : public ::testing::Test {
 protected:
  void add(std::int64_t first, std::int64_t count, const std::string& owner) {
    auto body = [&](Tx& tx) -> Result<std::string> {
      for (std::int64_t id = first; id < first + count; ++id) {
        if (auto added = tx.insert(kThings, {id, owner}); !added) return pass_on(added);
      }
      return std::string{};
    };
    const OnceKey no_key;
    ASSERT_TRUE(executor_.run(store_.commit_once(no_key, body)));
  }
  std::vector<std::int64_t> of(const std::string& owner) {
    return executor_.run(ids_by(store_, kThings, 1, Value{owner})).value();
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'000'000}};
  MemoryDisk disk_{"test"};
  MemoryStore store_{disk_, clock_};
};

TEST_F(IdsBy, gives_all_of_one_value_in_order) {
  add(1, 2, "kim");
  add(3, 1, "lee");
  add(4, 1, "kim");
  EXPECT_THAT(of("kim"), ElementsAre(1, 2, 4));
  EXPECT_THAT(of("park"), IsEmpty());
}

TEST_F(IdsBy, goes_on_behind_the_first_thousand) {
  add(1, 2'001, "kim");
  EXPECT_THAT(of("kim"), SizeIs(2'001));
}

TEST(PartOf, takes_pages_from_either_end) {
  const std::vector<std::int64_t> ids{1, 2, 3, 4, 5};
  EXPECT_THAT(part_of(ids, 0, 2, false), ElementsAre(1, 2));
  EXPECT_THAT(part_of(ids, 2, 2, false), ElementsAre(5));
  EXPECT_THAT(part_of(ids, 0, 2, true), ElementsAre(5, 4));
  EXPECT_THAT(part_of(ids, 3, 2, false), IsEmpty());
  EXPECT_THAT(part_of(ids, 1'000'000'000, 1000, false), IsEmpty());
  EXPECT_THAT(part_of({}, 0, 20, true), IsEmpty());
}

}  // namespace
}  // namespace baedal::store
