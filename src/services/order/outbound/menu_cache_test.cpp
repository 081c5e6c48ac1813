#include "services/order/outbound/menu_cache.hpp"

#include <gtest/gtest.h>

#include "platform/clock/manual_clock.hpp"

namespace baedal::order {
namespace {

using namespace std::chrono_literals;

class MenuCacheTest : public ::testing::Test {
 protected:
  static MenuItem gimbab() { return {.id = MenuId{1}, .name = "Gimbab"}; }

  ManualClock clock{Timestamp{0}};
  MenuCache cache{clock};
};

TEST_F(MenuCacheTest, gives_what_was_kept_until_it_is_no_longer_fresh) {
  EXPECT_FALSE(cache.find(MenuId{1}));
  cache.keep(gimbab(), cache.generation());
  ASSERT_TRUE(cache.find(MenuId{1}));
  EXPECT_EQ(cache.find(MenuId{1})->name, "Gimbab");
  clock.advance(MenuCache::kFreshFor);
  EXPECT_FALSE(cache.find(MenuId{1}));
}

TEST_F(MenuCacheTest, what_was_forgotten_is_read_again) {
  cache.keep(gimbab(), cache.generation());
  cache.forget(MenuId{1});
  EXPECT_FALSE(cache.find(MenuId{1}));
}

TEST_F(MenuCacheTest, a_read_from_before_a_change_is_not_kept) {
  const auto before = cache.generation();
  cache.forget(MenuId{1});
  cache.keep(gimbab(), before);
  EXPECT_FALSE(cache.find(MenuId{1}));
}

TEST_F(MenuCacheTest, keeps_a_bounded_number) {
  for (std::int64_t id = 1; id <= static_cast<std::int64_t>(MenuCache::kItemsMax) + 1; ++id) {
    cache.keep({.id = MenuId{id}, .name = "Gimbab"}, cache.generation());
  }
  EXPECT_FALSE(cache.find(MenuId{1}));
  EXPECT_TRUE(cache.find(MenuId{static_cast<std::int64_t>(MenuCache::kItemsMax) + 1}));
}

}  // namespace
}  // namespace baedal::order
