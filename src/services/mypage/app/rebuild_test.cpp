// Rebuilding the view from all events while it serves and events keep coming: stepped by hand, with
// a failure of every part.
#include "services/mypage/app/rebuild.hpp"

#include <gtest/gtest.h>

#include "services/mypage/app/mypage_test_support.hpp"
#include "services/mypage/outbound/mypage_table.hpp"

namespace baedal::mypage {
namespace {

TEST(Rebuild, of_a_sound_view_finds_no_difference_and_puts_the_new_one_in_its_place) {
  MypageWorld world;
  world.happen(1, 5);
  const auto before = world.live_lines();
  ASSERT_EQ(before.size(), 5U);
  EXPECT_EQ(before[0].delivery_status, DeliveryStatus::kComplete);
  const auto report = world.rebuild_now();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->events, 20);
  EXPECT_EQ(report->lines, 5);
  EXPECT_EQ(report->differences, 0);
  EXPECT_EQ(world.projection.live(), world.generations.made.at(0)->view());
  EXPECT_EQ(world.generations.promoted, 1);
  EXPECT_EQ(world.live_lines(), before);
  world.happen(6, 6);
  EXPECT_EQ(world.live_lines().size(), 6U) << "followed from now on";
  EXPECT_EQ(MypageWorld::lines_of(world.executor, *world.first.view()).size(), 5U);
}

TEST(Rebuild, of_nothing_gives_an_empty_view) {
  MypageWorld world;
  const auto report = world.rebuild_now();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->events, 0);
  EXPECT_EQ(report->lines, 0);
  EXPECT_EQ(report->differences, 0);
}

TEST(Rebuild, counts_every_line_that_differs_and_puts_it_right) {
  MypageWorld world;
  world.happen(1, 3);
  // Lines the live view has wrongly: one ahead of the events, one of no event at all.
  StoredView damaged = world.first.undisturbed();
  const Change cancelled{OrderId{2}, Timestamp{9}, OrderNews{{}, OrderStatus::kCancelled}};
  const Change invented{OrderId{9}, Timestamp{9}, OrderNews{}};
  ASSERT_TRUE(world.executor.run(damaged.merge({&cancelled, 1})));
  ASSERT_TRUE(world.executor.run(damaged.merge({&invented, 1})));
  const auto report = world.rebuild_now();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->differences, 2);
  EXPECT_EQ(report->lines, 3);
  const auto lines = world.live_lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1].status, OrderStatus::kOrdered);
}

TEST(Rebuild, fills_in_the_steps_of_a_line_that_is_older_than_they_are) {
  MypageWorld world;
  world.happen(1, 3);
  const auto before = world.live_lines();
  const auto key = OnceKey::none();
  const auto forget_steps = [](store::Tx& tx) -> Result<std::string> {
    auto row = tx.find(kMypages, 2).value().value();
    row.at(kSteps) = {};
    if (auto updated = tx.update(kMypages, row); !updated) return pass_on(updated);
    return std::string{};
  };
  ASSERT_TRUE(world.executor.run(world.first.memory.commit_once(key, forget_steps)));
  const auto report = world.rebuild_now();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->differences, 1);
  EXPECT_EQ(report->in_steps_alone, 1);
  EXPECT_EQ(world.live_lines(), before);
}

TEST(Rebuild, while_the_bus_is_stopped_is_refused_and_events_kept_meanwhile_are_no_difference) {
  MypageWorld world;
  world.executor.run(world.bus.stop());
  world.happen(1, 3);
  EXPECT_FALSE(world.rebuild_now());
  EXPECT_EQ(world.projection.live(), world.first.view());
  world.executor.post([&] { EXPECT_TRUE(world.bus.start()); });
  const auto report = world.rebuild_now();  // the live view is still catching up
  ASSERT_TRUE(report);
  EXPECT_EQ(report->differences, 0);
  EXPECT_EQ(world.live_lines().size(), 3U);
}

TEST(Rebuild, events_that_come_at_any_moment_of_it_are_in_the_new_view) {
  for (int hops = 0; hops <= 120; ++hops) {
    SCOPED_TRACE(hops);
    MypageWorld world;
    world.happen(1, 4);
    // One order goes on and one begins, `hops` turns of the executor after the rebuild began.
    auto arrive = [&]() -> Task<void> {
      for (int i = 0; i < hops; ++i) co_await yield();
      for (const std::int64_t order : {5, 6}) {
        auto life = world.life_of(order);
        co_await world.publish(std::move(life));
      }
    };
    world.executor.post([&] { spawn(arrive()); });
    const auto report = world.rebuild_now();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->differences, 0);
    world.executor.run_ready();
    EXPECT_EQ(world.projection.live(), world.generations.made.at(0)->view());
    const auto lines = world.live_lines();
    ASSERT_EQ(lines.size(), 6U);
    for (const Mypage& line : lines) {
      EXPECT_EQ(line.delivery_status, DeliveryStatus::kComplete);
      EXPECT_TRUE(line.facts);
      EXPECT_TRUE(line.payment_status);
    }
    const auto check = world.rebuild_now();
    ASSERT_TRUE(check);
    EXPECT_EQ(check->differences, 0) << "equal to what replaying all events gives";
    EXPECT_EQ(check->events, 24);
  }
}

TEST(Rebuild, when_a_part_fails_the_live_view_stays_as_it_is_and_the_next_one_works) {
  struct Case {
    const char* name;
    void (*set)(MypageWorld&, bool fails);
    int discarded;
  };
  const Case cases[] = {
      {"begin_fresh", [](MypageWorld& w, bool fails) { w.generations.begin_fails = fails; }, 0},
      {"replay", [](MypageWorld& w, bool fails) { w.history.fails = fails; }, 1},
      {"promote", [](MypageWorld& w, bool fails) { w.generations.promote_fails = fails; }, 1}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    MypageWorld world;
    world.happen(1, 3);
    c.set(world, true);
    EXPECT_FALSE(world.rebuild_now());
    EXPECT_EQ(world.projection.live(), world.first.view());
    EXPECT_EQ(world.generations.discarded, c.discarded);
    world.happen(4, 4);
    EXPECT_EQ(world.live_lines().size(), 4U) << "neither held nor followed into what is discarded";
    for (const auto& made : world.generations.made) {
      EXPECT_LE(MypageWorld::lines_of(world.executor, *made->view()).size(), 3U);
    }
    c.set(world, false);
    const auto report = world.rebuild_now();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->differences, 0);
    EXPECT_EQ(world.live_lines().size(), 4U);
  }
}

class Faults : public ::testing::TestWithParam<store::FaultMode> {};

TEST_P(Faults, at_any_call_of_the_fresh_view_leave_the_live_one) {
  for (std::int64_t n = 1;; ++n) {
    SCOPED_TRACE(n);
    MypageWorld world;
    world.happen(1, 3);
    world.generations.fail_fresh_call = n;
    world.generations.fault_mode = GetParam();
    const auto report = world.rebuild_now();
    const bool fired = world.generations.made.at(0)->faulty.fired();
    world.generations.made.at(0)->faulty.fail_call(0, GetParam());
    EXPECT_EQ(report.has_value(), !fired);
    world.generations.fail_fresh_call = 0;
    EXPECT_EQ(world.projection.live() == world.first.view(), fired);
    EXPECT_EQ(world.live_lines().size(), 3U);
    const auto again = world.rebuild_now();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->differences, 0);
    if (!fired) break;
  }
}

TEST_P(Faults, at_any_call_of_the_live_view_lose_no_event) {
  for (std::int64_t n = 1;; ++n) {
    SCOPED_TRACE(n);
    MypageWorld world;
    world.first.faulty.fail_call(n, GetParam());
    world.happen(1, 2);
    world.executor.advance(std::chrono::seconds{10});  // the subscriber tries again after a pause
    const bool fired = world.first.faulty.fired();
    world.first.faulty.fail_call(0, GetParam());
    EXPECT_EQ(world.live_lines().size(), 2U);
    for (const Mypage& line : world.live_lines()) {
      EXPECT_EQ(line.delivery_status, DeliveryStatus::kComplete);
    }
    EXPECT_TRUE(world.executor.run(world.parking->list(10)).value().empty());
    if (!fired) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, Faults,
                         ::testing::Values(store::FaultMode::kRefused,
                                           store::FaultMode::kAnswerLost),
                         [](const auto& mode) { return store::to_word(mode.param); });

TEST(Rebuild, two_at_once_is_a_conflict_for_the_second) {
  MypageWorld world;
  world.happen(1, 3);
  std::vector<Result<RebuildReport>> reports;
  auto run_one = [&]() -> Task<void> { reports.push_back(co_await world.rebuild.run()); };
  for (int i = 0; i < 2; ++i) world.executor.post([&] { spawn(run_one()); });
  world.executor.run_ready();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(reports[1]);
  EXPECT_EQ(world.generations.made.size(), 1U);
  EXPECT_TRUE(world.rebuild_now()) << "one after the other is fine";
}

}  // namespace
}  // namespace baedal::mypage
