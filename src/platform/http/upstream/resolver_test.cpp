// The resolver with a lookup made by hand: what is asked, how often, and what survives failures.
#include "platform/http/upstream/resolver.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"

namespace baedal::http {
namespace {

using namespace std::chrono_literals;

class ResolverTest : public testing::Test {
 protected:
  Addresses ask(const std::string& host) { return *executor_.run(resolver_.resolve(host)); }

  ManualClock clock_{Timestamp{0}};
  ManualExecutor executor_;
  std::atomic<int> lookups_{0};
  std::atomic<bool> name_server_up_{true};
  Resolver resolver_{clock_, {}, [this](const std::string& host) {
                       ++lookups_;
                       return name_server_up_ ? Addresses{"10.0.0.1", host + "!"} : Addresses{};
                     }};
};

TEST_F(ResolverTest, an_address_needs_no_lookup) {
  EXPECT_EQ(ask("127.0.0.1"), Addresses{"127.0.0.1"});
  EXPECT_EQ(ask("::1"), Addresses{"::1"});
  EXPECT_EQ(lookups_, 0);
}

TEST_F(ResolverTest, asks_again_only_when_the_answer_is_old) {
  EXPECT_EQ(resolver_.cached("order"), nullptr);
  EXPECT_EQ(ask("order"), (Addresses{"10.0.0.1", "order!"}));
  EXPECT_EQ(ask("order").size(), 2U);
  EXPECT_EQ(lookups_, 1);
  clock_.advance(5s);
  EXPECT_EQ(resolver_.cached("order"), nullptr);
  ask("order");
  EXPECT_EQ(lookups_, 2);
}

TEST_F(ResolverTest, old_addresses_outlive_a_name_server_that_is_down) {
  ask("order");
  name_server_up_ = false;
  clock_.advance(6s);
  EXPECT_EQ(ask("order").size(), 2U);
  clock_.advance(301s);
  EXPECT_TRUE(ask("order").empty());
  EXPECT_TRUE(ask("never heard of").empty());
}

TEST(SystemLookup, finds_this_machine) {
  const Addresses found = Resolver::system_lookup("localhost");
  EXPECT_FALSE(found.empty());
}

}  // namespace
}  // namespace baedal::http
