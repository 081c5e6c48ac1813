// The use cases over a store: what they write, what they tell, who wins, and that a fault at any
// call loses nothing and doubles nothing.
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>

#include "services/delivery/app/delivery_test_support.hpp"
#include "services/delivery/outbound/delivery_rows.hpp"

namespace baedal::delivery {
namespace {

using enum DeliveryStatus;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr OrderId kOrder{7};
constexpr DeliveryId kFirst{1};

TEST(StartDelivery, writes_the_delivery_and_tells_of_it) {
  DeliveryService service;
  const auto started = service.start_now(kOrder);
  ASSERT_TRUE(started);
  EXPECT_EQ(started->status, kStarted);
  EXPECT_EQ(started->version, 1);
  EXPECT_EQ(service.of_order(kOrder)->id, started->id);
  EXPECT_THAT(service.told(), ElementsAre("DeliveryStarted 1/7 started v1"));
}

TEST(StartDelivery, the_event_again_changes_nothing_whatever_has_become_of_the_delivery) {
  for (const auto& [action, last] :
       {std::pair{DeliveryAction::kNothing, "DeliveryStarted 1/7 started v1"},
        std::pair{DeliveryAction::kComplete, "DeliveryCompleted 1/7 complete v2"},
        std::pair{DeliveryAction::kCancel, "DeliveryCancelled 1/7 cancelled v2"}}) {
    DeliveryService service;
    const auto first = service.start_now(kOrder);
    service.change_now(kFirst, action).value();
    const auto before = service.told();
    const auto again = service.start_now(kOrder);
    EXPECT_EQ(again->id, first->id);
    EXPECT_EQ(service.told(), before);
    EXPECT_EQ(service.told().back(), last);
  }
}

TEST(CancelOfOrder, before_the_start_leaves_nothing_to_start) {
  DeliveryService service;
  const auto cancelled = service.cancel_of_order_now(kOrder);
  EXPECT_EQ(cancelled->value.status, kCancelled);
  const auto late = service.start_now(kOrder);
  EXPECT_EQ(late->status, kCancelled);
  EXPECT_THAT(service.told(), ElementsAre("DeliveryCancelled 1/7 cancelled v1"));
}

TEST(CancelOfOrder, repeated_gives_the_same_and_tells_once) {
  DeliveryService service;
  service.start_now(kOrder).value();
  EXPECT_EQ(service.cancel_of_order_now(kOrder)->value.status, kCancelled);
  EXPECT_EQ(service.cancel_of_order_now(kOrder)->value.status, kCancelled);
  EXPECT_THAT(service.told(),
              ElementsAre("DeliveryStarted 1/7 started v1", "DeliveryCancelled 1/7 cancelled v2"));
}

TEST(CancelOfOrder, of_a_complete_delivery_is_refused_by_showing_it) {
  DeliveryService service;
  service.start_now(kOrder).value();
  service.change_now(kFirst, DeliveryAction::kComplete).value();
  EXPECT_EQ(service.cancel_of_order_now(kOrder)->value.status, kComplete);
  EXPECT_THAT(service.told(),
              ElementsAre("DeliveryStarted 1/7 started v1", "DeliveryCompleted 1/7 complete v2"));
}

TEST(ChangeDelivery, the_same_status_again_writes_and_tells_nothing) {
  DeliveryService service;
  service.start_now(kOrder).value();
  service.clock.advance(std::chrono::seconds{1});
  const auto first = service.change_now(kFirst, DeliveryAction::kComplete);
  service.clock.advance(std::chrono::seconds{1});
  const auto again = service.change_now(kFirst, DeliveryAction::kComplete);
  EXPECT_EQ(again->value.version, 2);
  EXPECT_EQ(again->value.updated_at, first->value.updated_at);
  EXPECT_LT(first->value.created_at, first->value.updated_at);
  EXPECT_EQ(service.told().size(), 2U);
}

TEST(ChangeDelivery, what_is_completed_keeps_and_tells_when_it_was) {
  DeliveryService service;
  service.start_now(kOrder).value();
  service.clock.advance(std::chrono::hours{2});
  const Timestamp earlier = service.clock.now() + -std::chrono::hours{1};
  ChangeDeliveryCommand command{kFirst, DeliveryAction::kComplete, {}, {"key", 1}};
  command.completed_at = service.clock.now() + std::chrono::hours{1};
  EXPECT_EQ(service.executor.run(service.change.run(command, kAllowAll)).error().code,
            "completed-at-impossible");
  EXPECT_EQ(service.of_order(kOrder)->status, kStarted);
  command.completed_at = earlier;
  for (int i = 0; i < 2; ++i) {
    const auto completed = service.executor.run(service.change.run(command, kAllowAll));
    ASSERT_TRUE(completed);
    EXPECT_EQ(completed->value.completed_at, earlier);
    EXPECT_EQ(completed->value.updated_at, service.clock.now());
    EXPECT_EQ(completed->replayed, i == 1);
  }
  EXPECT_EQ(service.of_order(kOrder)->completed_at, earlier);
  const auto rows = service.executor.run(service.memory.read_outbox(0, 10)).value();
  EXPECT_EQ(contracts::decode_delivery_event(rows.back().event.data)->completed_at, earlier);
  EXPECT_FALSE(contracts::decode_delivery_event(rows.front().event.data)->completed_at);
}

TEST(ChangeDelivery, what_an_older_program_completed_was_there_when_it_was_written) {
  const Delivery delivery{.id = kFirst,
                          .order_id = kOrder,
                          .status = kComplete,
                          .version = 2,
                          .created_at = Timestamp{1},
                          .updated_at = Timestamp{2},
                          .completed_at = Timestamp{2}};
  store::Row row = to_row(delivery);
  row.back() = store::Value{};
  EXPECT_EQ(to_delivery(row).completed_at, Timestamp{2});
  row.pop_back();  // an answer that it kept
  EXPECT_EQ(to_delivery(row).completed_at, Timestamp{2});
  row[2] = store::Value{std::string{"started"}};
  EXPECT_FALSE(to_delivery(row).completed_at);
}

TEST(ChangeDelivery, the_first_final_state_stays) {
  for (const auto& [first, second, code] :
       {std::tuple{DeliveryAction::kComplete, DeliveryAction::kCancel, "delivery-complete"},
        std::tuple{DeliveryAction::kCancel, DeliveryAction::kComplete, "delivery-cancelled"}}) {
    DeliveryService service;
    service.start_now(kOrder).value();
    service.change_now(kFirst, first).value();
    const auto refused = service.change_now(kFirst, second);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
    EXPECT_EQ(refused.error().code, code);
    EXPECT_EQ(service.told().size(), 2U);
  }
}

TEST(ChangeDelivery, checks_existence_version_and_what_the_caller_says_inside_the_commit) {
  DeliveryService service;
  EXPECT_EQ(service.change_now(kFirst, DeliveryAction::kComplete).error().kind,
            ErrorKind::kNotFound);
  service.start_now(kOrder).value();
  const auto stale = service.change_now(kFirst, DeliveryAction::kComplete, {}, {false, {2, 3}});
  EXPECT_EQ(stale.error().kind, ErrorKind::kPreconditionFailed);
  auto refuse = [](const Delivery& present) -> Result<void> {
    EXPECT_EQ(present.order_id, kOrder);
    return fail(ErrorKind::kConflict, "not-today", "Not today.");
  };
  const ChangeDeliveryCommand command{kFirst, DeliveryAction::kComplete, {}, {}};
  EXPECT_EQ(service.executor.run(service.change.run(command, refuse)).error().code, "not-today");
  EXPECT_EQ(service.of_order(kOrder)->status, kStarted);
  EXPECT_TRUE(service.change_now(kFirst, DeliveryAction::kComplete, {}, {false, {2, 1}}));
}

TEST(ChangeDelivery, a_key_gives_the_first_answer_for_ever) {
  DeliveryService service;
  service.start_now(kOrder).value();
  const OnceKey key{"http:k", 42};
  const auto first = service.change_now(kFirst, DeliveryAction::kComplete, key);
  const auto again = service.change_now(kFirst, DeliveryAction::kComplete, key);
  EXPECT_FALSE(first->replayed);
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->value.updated_at, first->value.updated_at);
  EXPECT_EQ(service.executor.run(service.queries.recall(key)).value()->version, 2);
  const OnceKey other{"http:k", 43};
  EXPECT_EQ(service.change_now(kFirst, DeliveryAction::kCancel, other).error().kind,
            ErrorKind::kIdempotencyMismatch);
}

TEST(ChangeDelivery, nothing_asked_is_nothing_done) {
  DeliveryService service;
  service.start_now(kOrder).value();
  EXPECT_EQ(service.change_now(kFirst, DeliveryAction::kNothing)->value.version, 1);
  EXPECT_EQ(service.told().size(), 1U);
}

// Races. MemoryStore lets others come in before and after each body, as a real writer does: the
// tasks are under way at the same time, and the permutation is the order in which they reach the
// store.

struct Race {
  enum Contender {
    kStart,
    kStartAgain,
    kCompleteIt,
    kCancelIt,
    kCancelOrder,
    kFailPayment,
    kCount
  };

  Task<void> run(Contender contender) {
    const OnceKey no_key = OnceKey::none();
    switch (contender) {
      case kStart:
      case kStartAgain:
        (co_await service.start.run(kOrder)).value();
        break;
      case kCompleteIt:
        completed = co_await change(DeliveryAction::kComplete);
        break;
      case kCancelIt:
        cancelled = co_await change(DeliveryAction::kCancel);
        break;
      case kCancelOrder:
      case kFailPayment: {
        const auto decided = co_await service.cancel_of_order.run(kOrder, no_key);
        order_cancelled.push_back(decided.value().value.status == DeliveryStatus::kCancelled);
        break;
      }
      case kCount:
        break;
    }
    ++done;
  }

  Task<bool> change(DeliveryAction action) {
    const ChangeDeliveryCommand command{kFirst, action, {}, {}};
    const auto changed = co_await service.change.run(command, kAllowAll);
    co_return changed.has_value();
  }

  void expect_sound() {
    const auto last = service.of_order(kOrder);
    ASSERT_TRUE(last);
    EXPECT_EQ(last->id, kFirst) << "an order has one delivery";
    // Everyone heard the same decision.
    EXPECT_FALSE(completed && cancelled);
    EXPECT_TRUE(!completed || last->status == DeliveryStatus::kComplete);
    EXPECT_TRUE(!cancelled || last->status == DeliveryStatus::kCancelled);
    for (const bool yes : order_cancelled)
      EXPECT_EQ(yes, last->status == DeliveryStatus::kCancelled);
    // The events are the row's history: one per version, the last one its state.
    const auto told = service.told();
    ASSERT_EQ(told.size(), static_cast<std::size_t>(last->version));
    EXPECT_LE(told.size(), 2U);
    EXPECT_TRUE(told.size() == 1 || told.front() == "DeliveryStarted 1/7 started v1");
    EXPECT_THAT(told.back(), ::testing::HasSubstr(" " + std::string{to_word(last->status)} + " v"));
  }

  DeliveryService service;
  bool completed = false;
  bool cancelled = false;
  std::vector<bool> order_cancelled;
  int done = 0;
};

TEST(Races, start_complete_and_cancel_in_every_order_have_one_outcome_that_all_agree_on) {
  std::vector<Race::Contender> order;
  for (int i = 0; i < Race::kCount; ++i) order.push_back(static_cast<Race::Contender>(i));
  std::set<DeliveryStatus> outcomes;
  do {
    Race race;
    for (const Race::Contender contender : order) {
      race.service.executor.post([&race, contender] { spawn(race.run(contender)); });
    }
    race.service.executor.run_ready();
    ASSERT_EQ(race.done, Race::kCount);
    race.expect_sound();
    outcomes.insert(race.service.of_order(kOrder)->status);
    if (::testing::Test::HasFailure()) {
      FAIL() << "in the order " << ::testing::PrintToString(order);
    }
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(outcomes, (std::set{kComplete, kCancelled}));
}

// Faults. Each scenario is repeated by its caller until it is answered, as the subscriber and a
// client do; whichever store call failed, the outcome is that of the undisturbed run.

struct Scenario {
  std::string name;
  std::function<bool(DeliveryService&)> step;  ///< whether it was answered
  DeliveryStatus outcome;
  std::vector<std::string> told;
};

const std::vector<Scenario> kScenarios = {
    {"start",
     [](DeliveryService& s) { return s.start_now(kOrder).has_value(); },
     kStarted,
     {"DeliveryStarted 1/7 started v1"}},
    {"cancel of the order",
     [](DeliveryService& s) { return s.cancel_of_order_now(kOrder).has_value(); },
     kCancelled,
     {"DeliveryCancelled 1/7 cancelled v1"}},
    {"start, then complete with a key",
     [](DeliveryService& s) {
       return s.start_now(kOrder).has_value() &&
              s.change_now(s.of_order(kOrder)->id, DeliveryAction::kComplete, {"http:k", 1})
                  .has_value();
     },
     kComplete,
     {"DeliveryStarted 1/7 started v1", "DeliveryCompleted 1/7 complete v2"}}};

class Faults : public ::testing::TestWithParam<store::FaultMode> {};

/// Without the id: ids of rolled-back bodies may be skipped.
std::vector<std::string> without_ids(std::vector<std::string> told) {
  for (std::string& line : told) {
    const auto blank = line.find(' ');
    line.erase(blank, line.find('/') - blank);
  }
  return told;
}

TEST_P(Faults, at_any_call_lose_nothing_and_double_nothing) {
  for (const Scenario& scenario : kScenarios) {
    for (std::int64_t n = 1;; ++n) {
      SCOPED_TRACE(scenario.name + ", call " + std::to_string(n));
      DeliveryService service;
      service.faulty.fail_call(n, GetParam());
      const bool answered = scenario.step(service);
      EXPECT_EQ(answered, !service.faulty.fired());
      EXPECT_TRUE(answered || scenario.step(service)) << "one fault, one repetition";
      EXPECT_EQ(service.of_order(kOrder)->status, scenario.outcome);
      EXPECT_EQ(without_ids(service.told()), without_ids(scenario.told));
      if (answered) break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, Faults,
                         ::testing::Values(store::FaultMode::kRefused,
                                           store::FaultMode::kAnswerLost),
                         [](const auto& mode) { return store::to_word(mode.param); });

}  // namespace
}  // namespace baedal::delivery
