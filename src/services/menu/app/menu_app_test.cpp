// The use cases over a store: what they write, what they tell, and that a fault at any call loses
// nothing and doubles nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "contracts/events.hpp"
#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/menu/app/change_menu.hpp"
#include "services/menu/app/create_menu.hpp"
#include "services/menu/app/delete_menu.hpp"
#include "services/menu/app/menu_queries.hpp"
#include "services/menu/outbound/menu_store.hpp"

namespace baedal::menu {
namespace {

using ::testing::ElementsAre;

constexpr MenuId kFirst{1};
const MenuDetails kGimbab{.name = "김밥", .price = 4500};

struct MenuService {
  ManualExecutor executor;
  ManualClock clock{Timestamp{1'700'000'000'000'000}};
  store::MemoryDisk disk{"test"};
  store::MemoryStore memory{disk, clock};
  store::FaultyStore faulty{memory};
  StoredMenus store{faulty, clock};
  CreateMenu create{store, clock};
  ChangeMenu change{store, clock};
  DeleteMenu erase{store, clock};
  MenuQueries queries{store};

  Result<Committed<Menu>> create_now(const MenuDetails& details, const OnceKey& key = {}) {
    return executor.run(create.run(details, key));
  }
  Result<Committed<Menu>> change_now(MenuId id, MenuChanges changes, Precondition precondition = {},
                                     OnceKey key = {}) {
    const ChangeMenuCommand command{id, std::move(changes), std::move(precondition),
                                    std::move(key)};
    return executor.run(change.run(command));
  }
  Result<void> erase_now(MenuId id, const Precondition& precondition = {}) {
    return executor.run(erase.run(id, precondition));
  }
  std::optional<Menu> find(MenuId id) {
    StoredMenus undisturbed{memory, clock};
    return executor.run(undisturbed.find(id)).value();
  }
  /// "MenuCreated 1 김밥 4500 KRW v1": what the events say, in the order of commit.
  std::vector<std::string> told() {
    std::vector<std::string> told;
    const auto rows = executor.run(memory.read_outbox(0, 1000)).value();
    for (const auto& row : rows) {
      const auto event = contracts::decode_menu_event(row.event.data).value();
      EXPECT_EQ(row.event.key, std::to_string(event.id));
      const std::string price = event.price ? std::to_string(*event.price) : "-";
      told.push_back(row.event.type + " " + std::to_string(event.id) + " " + event.menu_name + " " +
                     price + " " + event.currency + (event.sold_out ? " sold out" : "") + " v" +
                     std::to_string(event.version));
    }
    return told;
  }
};

TEST(MenuApp, each_write_is_told_with_a_growing_version) {
  MenuService service;
  const auto created = service.create_now(kGimbab);
  ASSERT_TRUE(created);
  EXPECT_EQ(created->value.id, kFirst);
  service.clock.advance(std::chrono::seconds{1});
  const auto changed =
      service.change_now(kFirst, {.price = std::optional<std::int64_t>{}, .sold_out = true});
  EXPECT_EQ(changed->value.version, 2);
  EXPECT_EQ(service.find(kFirst)->details, changed->value.details);
  EXPECT_EQ(service.find(kFirst)->created_at, created->value.created_at);
  EXPECT_TRUE(service.erase_now(kFirst));
  EXPECT_FALSE(service.find(kFirst));
  EXPECT_THAT(service.told(),
              ElementsAre("MenuCreated 1 김밥 4500 KRW v1", "MenuChanged 1 김밥 - KRW sold out v2",
                          "MenuDeleted 1 김밥 - KRW sold out v3"));
}

TEST(MenuApp, a_change_that_changes_nothing_writes_and_tells_nothing) {
  MenuService service;
  service.create_now(kGimbab).value();
  service.clock.advance(std::chrono::seconds{1});
  const auto same = service.change_now(kFirst, {.name = kGimbab.name, .price = kGimbab.price});
  EXPECT_EQ(same->value.version, 1);
  EXPECT_EQ(same->value.updated_at, same->value.created_at);
  EXPECT_EQ(service.told().size(), 1U);
}

TEST(MenuApp, what_is_not_there_is_not_found) {
  MenuService service;
  EXPECT_EQ(service.change_now(kFirst, {.name = "X"}).error().code, "menu-not-found");
  EXPECT_EQ(service.erase_now(kFirst).error().kind, ErrorKind::kNotFound);
  service.create_now(kGimbab).value();
  EXPECT_TRUE(service.erase_now(kFirst));
  EXPECT_EQ(service.erase_now(kFirst).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(service.create_now(kGimbab)->value.id, MenuId{2}) << "an id never comes back";
}

TEST(MenuApp, another_version_than_asked_for_is_left_alone) {
  MenuService service;
  service.create_now(kGimbab).value();
  const Precondition stale{false, {0, 2}};
  EXPECT_EQ(service.change_now(kFirst, {.name = "X"}, stale).error().kind,
            ErrorKind::kPreconditionFailed);
  EXPECT_EQ(service.change_now(kFirst, {}, stale).error().kind, ErrorKind::kPreconditionFailed);
  EXPECT_EQ(service.erase_now(kFirst, stale).error().kind, ErrorKind::kPreconditionFailed);
  EXPECT_EQ(service.find(kFirst)->version, 1);
  EXPECT_TRUE(service.change_now(kFirst, {.name = "X"}, {false, {1}}));
  EXPECT_TRUE(service.erase_now(kFirst, {false, {2}}));
}

TEST(MenuApp, two_writers_with_one_version_have_one_winner) {
  MenuService service;
  service.create_now(kGimbab).value();
  int won = 0;
  int lost = 0;
  auto write = [&](std::string name) -> Task<void> {
    const ChangeMenuCommand command{kFirst, {.name = std::move(name)}, {false, {1}}, {}};
    const auto changed = co_await service.change.run(command);
    changed ? ++won : ++lost;
  };
  service.executor.post([&] { spawn(write("First")); });
  service.executor.post([&] { spawn(write("Second")); });
  service.executor.run_ready();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, 1);
  EXPECT_EQ(service.find(kFirst)->version, 2);
}

TEST(MenuApp, a_key_makes_one_menu_and_gives_the_first_answer) {
  MenuService service;
  const OnceKey key{"http:k", 1};
  const auto first = service.create_now(kGimbab, key);
  service.change_now(kFirst, {.name = "Juice"}).value();
  const auto again = service.create_now(kGimbab, key);
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->value.id, first->value.id);
  EXPECT_EQ(again->value.details, kGimbab);
  EXPECT_EQ(service.executor.run(service.queries.recall(key)).value()->details, kGimbab);
  EXPECT_EQ(service.told().size(), 2U);
}

struct Scenario {
  std::string name;
  std::function<bool(MenuService&)> step;  ///< whether it was answered
  std::vector<std::string> told;
};

const std::vector<Scenario> kScenarios = {
    {"create with a key",
     [](MenuService& s) {
       return s.create_now(kGimbab, {"http:k", 1}).has_value();
     },
     {"MenuCreated 김밥 4500 KRW v1"}},
    {"create and change with keys",
     [](MenuService& s) {
       const auto menu = s.create_now(kGimbab, {"http:k", 1});
       return menu && s.change_now(menu->value.id, {.sold_out = true}, {}, {"http:l", 2});
     },
     {"MenuCreated 김밥 4500 KRW v1", "MenuChanged 김밥 4500 KRW sold out v2"}},
    {"create with a key, and delete",
     [](MenuService& s) {
       const auto menu = s.create_now(kGimbab, {"http:k", 1});
       if (!menu) return false;
       const auto erased = s.erase_now(menu->value.id);
       // Whoever lost the answer of a delete asks again, and hears that it is gone.
       return erased || erased.error().kind == ErrorKind::kNotFound;
     },
     {"MenuCreated 김밥 4500 KRW v1", "MenuDeleted 김밥 4500 KRW v2"}}};

/// Without the id: ids of rolled-back bodies may be skipped.
std::vector<std::string> without_ids(std::vector<std::string> told) {
  for (std::string& line : told) {
    const auto blank = line.find(' ');
    line.erase(blank, line.find(' ', blank + 1) - blank);
  }
  return told;
}

class Faults : public ::testing::TestWithParam<store::FaultMode> {};

TEST_P(Faults, at_any_call_lose_nothing_and_double_nothing) {
  for (const Scenario& scenario : kScenarios) {
    for (std::int64_t n = 1;; ++n) {
      SCOPED_TRACE(scenario.name + ", call " + std::to_string(n));
      MenuService service;
      service.faulty.fail_call(n, GetParam());
      const bool answered = scenario.step(service);
      EXPECT_EQ(answered, !service.faulty.fired());
      EXPECT_TRUE(answered || scenario.step(service)) << "one fault, one repetition";
      EXPECT_EQ(without_ids(service.told()), scenario.told);
      if (answered) break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, Faults,
                         ::testing::Values(store::FaultMode::kRefused,
                                           store::FaultMode::kAnswerLost),
                         [](const auto& mode) { return store::to_word(mode.param); });

}  // namespace
}  // namespace baedal::menu
