// The choice of an instance: load, health, ejection, and what is done when nobody is well.
#include "services/gateway/outbound/instance_set.hpp"

#include <gtest/gtest.h>

#include "platform/clock/manual_clock.hpp"

namespace baedal::gateway {
namespace {

using namespace std::chrono_literals;

class InstanceSetTest : public testing::Test {
 protected:
  static std::vector<http::Origin> origins(int count) {
    std::vector<http::Origin> all;
    for (int i = 0; i < count; ++i) {
      all.push_back(*http::Origin::parse("http://10.0.0." + std::to_string(i + 1) + ":80"));
    }
    return all;
  }
  Instance* choose() {
    InstanceSet::Tried tried = 0;
    return set_.choose(tried);
  }
  Instance& at(std::size_t i) { return *set_.instances()[i]; }

  ManualClock clock_{Timestamp{0}};
  InstanceSet set_{origins(3), {.failures_in_a_row = 2, .time = 5s}, clock_};
};

TEST_F(InstanceSetTest, the_one_with_the_fewest_requests_in_hand) {
  at(0).in_hand = 2;
  at(1).in_hand = 1;
  at(2).in_hand = 3;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(choose(), &at(1));
}

TEST_F(InstanceSetTest, equals_take_turns) {
  std::vector<int> chosen(3);
  for (int i = 0; i < 30; ++i) {
    const Instance* instance = choose();
    for (std::size_t j = 0; j < 3; ++j) chosen[j] += instance == &at(j) ? 1 : 0;
  }
  EXPECT_EQ(chosen, (std::vector{10, 10, 10}));
}

TEST_F(InstanceSetTest, each_is_tried_once) {
  InstanceSet::Tried tried = 0;
  const Instance* a = set_.choose(tried);
  const Instance* b = set_.choose(tried);
  const Instance* c = set_.choose(tried);
  EXPECT_TRUE(a != b && b != c && a != c);
  EXPECT_EQ(set_.choose(tried), nullptr);
}

TEST_F(InstanceSetTest, one_that_cannot_be_connected_to_is_left_alone_for_a_while) {
  set_.failed(at(0), false);
  EXPECT_FALSE(set_.available(at(0)));
  for (int i = 0; i < 6; ++i) EXPECT_NE(choose(), &at(0));
  clock_.advance(5s);
  EXPECT_TRUE(set_.available(at(0)));
}

TEST_F(InstanceSetTest, one_that_fails_is_left_alone_after_failures_in_a_row) {
  set_.failed(at(0), true);
  EXPECT_TRUE(set_.available(at(0)));
  set_.succeeded(at(0));
  set_.failed(at(0), true);
  EXPECT_TRUE(set_.available(at(0)));
  set_.failed(at(0), true);
  EXPECT_FALSE(set_.available(at(0)));
}

TEST_F(InstanceSetTest, a_check_takes_an_instance_out_and_brings_it_back) {
  set_.checked(at(0), false);
  clock_.advance(1h);
  EXPECT_FALSE(set_.available(at(0)));
  set_.failed(at(0), false);
  set_.checked(at(0), true);
  EXPECT_TRUE(set_.available(at(0)));
}

TEST_F(InstanceSetTest, when_none_is_well_any_is_tried) {
  for (std::size_t i = 0; i < 3; ++i) set_.failed(at(i), false);
  EXPECT_NE(choose(), nullptr);
  InstanceSet alone(origins(1), {}, clock_);
  alone.failed(*alone.instances()[0], false);
  InstanceSet::Tried tried = 0;
  EXPECT_NE(alone.choose(tried), nullptr);
}

class AffinityTest : public InstanceSetTest {
 protected:
  static std::string client(int i) { return "192.0.2." + std::to_string(i); }
  Instance* choose_for(const std::string& caller) {
    InstanceSet::Tried tried = 0;
    return set_.choose_for(caller, tried);
  }
};

TEST_F(AffinityTest, a_client_stays_with_its_instance_whatever_the_load) {
  for (int i = 0; i < 50; ++i) {
    Instance* const mine = choose_for(client(i));
    mine->in_hand += 100;
    EXPECT_EQ(choose_for(client(i)), mine);
  }
}

TEST_F(AffinityTest, clients_spread_over_the_instances) {
  std::vector<int> chosen(3);
  for (int i = 0; i < 3'000; ++i) {
    for (std::size_t j = 0; j < 3; ++j) chosen[j] += choose_for(client(i)) == &at(j) ? 1 : 0;
  }
  for (const int count : chosen) EXPECT_NEAR(count, 1'000, 150);
}

TEST_F(AffinityTest, another_process_that_lists_the_instances_otherwise_chooses_the_same) {
  std::vector<http::Origin> reversed = origins(3);
  std::swap(reversed.front(), reversed.back());
  InstanceSet other(std::move(reversed), {}, clock_);
  for (int i = 0; i < 50; ++i) {
    InstanceSet::Tried tried = 0;
    EXPECT_EQ(other.choose_for(client(i), tried)->origin.authority,
              choose_for(client(i))->origin.authority);
  }
}

TEST_F(AffinityTest, an_instance_that_is_not_well_moves_only_its_own_clients) {
  std::vector<Instance*> before;
  for (int i = 0; i < 100; ++i) before.push_back(choose_for(client(i)));
  set_.checked(at(1), false);
  for (std::size_t i = 0; i < before.size(); ++i) {
    Instance* const now = choose_for(client(static_cast<int>(i)));
    if (before[i] == &at(1)) {
      EXPECT_NE(now, &at(1));
    } else {
      EXPECT_EQ(now, before[i]);
    }
  }
  set_.checked(at(1), true);
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(choose_for(client(static_cast<int>(i))), before[i]);
  }
}

TEST_F(AffinityTest, each_is_tried_once_the_unwell_last) {
  set_.checked(*choose_for("a"), false);
  InstanceSet::Tried tried = 0;
  EXPECT_TRUE(set_.available(*set_.choose_for("a", tried)));
  EXPECT_TRUE(set_.available(*set_.choose_for("a", tried)));
  EXPECT_FALSE(set_.available(*set_.choose_for("a", tried)));
  EXPECT_EQ(set_.choose_for("a", tried), nullptr);
}

}  // namespace
}  // namespace baedal::gateway
