#include "platform/auth/service_tokens.hpp"

#include <gtest/gtest.h>

#include "platform/clock/manual_clock.hpp"

namespace baedal::auth {
namespace {

constexpr std::string_view kScheme = "Bearer ";

class ServiceTokensTest : public ::testing::Test {
 protected:
  std::string token() { return tokens_.authorization()->substr(kScheme.size()); }

  ManualClock clock_{Timestamp{1'700'000'000'000'000}};
  ServiceTokens tokens_{SigningKey::draw(), "order", clock_};
  Verifier verifier_{{tokens_.trust()}, clock_, {}};
};

TEST_F(ServiceTokensTest, are_taken_by_who_has_the_same_key) {
  ASSERT_TRUE(tokens_.authorization()->starts_with(kScheme));
  const auto verdict = verifier_.verify(token());
  ASSERT_TRUE(verdict) << verdict.error().detail;
  EXPECT_EQ((*verdict)->subject, "order");
  EXPECT_TRUE((*verdict)->roles.has(kService));
  ServiceTokens strangers{SigningKey::draw(), "order", clock_};
  EXPECT_FALSE(verifier_.verify(strangers.authorization()->substr(kScheme.size())));
}

TEST_F(ServiceTokensTest, are_the_same_for_a_while_and_never_near_their_end) {
  const std::string first = token();
  clock_.advance(std::chrono::seconds{44});
  EXPECT_EQ(token(), first);
  clock_.advance(std::chrono::seconds{1});
  EXPECT_NE(token(), first);
  EXPECT_TRUE(verifier_.verify(token()));
  clock_.advance(std::chrono::seconds{80});
  EXPECT_EQ(verifier_.verify(first).error().code, "token-expired");
}

TEST_F(ServiceTokensTest, are_made_anew_when_the_clock_was_set_back) {
  const std::string first = token();
  clock_.set(Timestamp{1'600'000'000'000'000});
  EXPECT_NE(token(), first);
  EXPECT_TRUE(verifier_.verify(token()));
}

}  // namespace
}  // namespace baedal::auth
