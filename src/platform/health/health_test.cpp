// Every state of the life of a process, and what each group says to it.
#include "platform/health/health.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace baedal::health {
namespace {

using enum Status;

TEST(Health, groups_follow_the_lifecycle) {
  const struct {
    Lifecycle lifecycle;
    Status liveness, readiness, overall;
  } kCases[] = {
      {Lifecycle::kStarting, kUp, kOutOfService, kOutOfService},
      {Lifecycle::kReady, kUp, kUp, kUp},
      {Lifecycle::kDraining, kUp, kOutOfService, kOutOfService},
      {Lifecycle::kBroken, kDown, kOutOfService, kDown},
  };
  for (const auto& c : kCases) {
    HealthRegistry registry;
    registry.set_lifecycle(c.lifecycle);
    EXPECT_EQ(registry.liveness().status, c.liveness);
    EXPECT_EQ(registry.readiness().status, c.readiness);
    EXPECT_EQ(registry.overall().status, c.overall);
  }
}

TEST(Health, the_lifecycle_never_goes_back) {
  HealthRegistry registry;
  registry.set_lifecycle(Lifecycle::kDraining);
  registry.set_lifecycle(Lifecycle::kReady);
  EXPECT_EQ(registry.lifecycle(), Lifecycle::kDraining);
}

TEST(Health, an_outage_elsewhere_shows_but_neither_restarts_nor_takes_traffic_away) {
  HealthRegistry registry;
  registry.set_lifecycle(Lifecycle::kReady);
  std::atomic<bool> up{false};
  registry.add("bus", [&up] {
    Check check;
    if (!up) check.state = unavailable("bus-down", "The bus does not answer.");
    check.details.set("lag", 7);
    return check;
  });
  const Report down = registry.overall();
  EXPECT_EQ(down.status, kDown);
  ASSERT_EQ(down.components.size(), 3U);
  EXPECT_EQ(down.components[0].name, "bus");
  EXPECT_EQ(*down.components[0].details.find("error"), json::Value{"The bus does not answer."});
  EXPECT_EQ(*down.components[0].details.find("lag"), json::Value{7});
  EXPECT_EQ(registry.liveness().status, kUp);
  EXPECT_EQ(registry.readiness().status, kUp);
  up = true;
  EXPECT_EQ(registry.overall().status, kUp);
}

TEST(Health, what_readiness_needs_takes_traffic_away_but_does_not_restart) {
  HealthRegistry registry;
  registry.set_lifecycle(Lifecycle::kReady);
  registry.add(
      "store",
      [] {
        return Check{unavailable("disk-full", "The disk is full."), {}};
      },
      Readiness::kNeeds);
  EXPECT_EQ(registry.readiness().status, kDown);
  EXPECT_EQ(registry.liveness().status, kUp);
}

TEST(Health, forced_down_is_down_everywhere_until_lifted) {
  HealthRegistry registry;
  registry.set_lifecycle(Lifecycle::kReady);
  registry.force_down(true);
  EXPECT_EQ(registry.overall().status, kDown);
  EXPECT_EQ(registry.liveness().status, kDown);
  EXPECT_EQ(registry.readiness().status, kDown);
  registry.force_down(false);
  EXPECT_EQ(registry.overall().status, kUp);
}

TEST(Health, down_and_out_of_service_are_503) {
  EXPECT_EQ(http_status(kDown), 503);
  EXPECT_EQ(http_status(kOutOfService), 503);
  EXPECT_EQ(http_status(kUp), 200);
  EXPECT_EQ(http_status(kUnknown), 200);
}

TEST(Health, tells_once_of_each_change) {
  HealthRegistry registry;
  bool up = true;
  registry.add("store", [&up] {
    return up ? Check{} : Check{.state = fail(ErrorKind::kUnavailable, "gone", "Gone.")};
  });
  std::vector<std::pair<std::string, Status>> heard;
  registry.on_change([&](const Component& c) { heard.emplace_back(c.name, c.status); });
  for (const bool now : {true, false, false, true, true}) {
    up = now;
    static_cast<void>(registry.overall());
  }
  const std::vector<std::pair<std::string, Status>> expected{{"store", kDown}, {"store", kUp}};
  EXPECT_EQ(heard, expected);
}

TEST(Health, may_be_asked_while_it_changes) {
  HealthRegistry registry;
  {
    std::jthread changes{[&] {
      for (int i = 0; i < 100; ++i) {
        registry.add("c" + std::to_string(i), [] { return Check{}; });
        registry.force_down(i % 2 == 0);
      }
    }};
    for (int i = 0; i < 100; ++i) EXPECT_NE(registry.overall().status, kUnknown);
  }
  EXPECT_EQ(registry.overall().components.size(), 102U);
}

}  // namespace
}  // namespace baedal::health
