// Tokens that an installation makes itself are taken by itself, and by nobody else.
#include "platform/auth/own_issuer.hpp"

#include <gtest/gtest.h>

#include "platform/clock/manual_clock.hpp"

namespace baedal::auth {
namespace {

class OwnIssuerTest : public ::testing::Test {
 protected:
  Verifier verifier_of(const OwnIssuer& issuer) { return Verifier{{issuer.trust()}, clock_, {}}; }

  ManualClock clock_{Timestamp{1'700'000'000'000'000}};
  const SigningKey key_ = SigningKey::draw();
  const OwnIssuer issuer_{key_, "baedal", clock_};
};

TEST_F(OwnIssuerTest, its_tokens_say_who_with_which_roles_and_of_which_login) {
  Verifier verifier = verifier_of(issuer_);
  const Principal kim{.subject = "kim", .roles = {"customer", "merchant"}, .session = "s1"};
  const auto taken = verifier.verify(issuer_.issue(kim, std::chrono::seconds{60}));
  ASSERT_TRUE(taken);
  EXPECT_EQ((*taken)->subject, "kim");
  EXPECT_EQ((*taken)->roles, kim.roles);
  EXPECT_EQ((*taken)->session, "s1");
  const auto without = verifier.verify(issuer_.issue({.subject = "lee"}, std::chrono::seconds{60}));
  ASSERT_TRUE(without);
  EXPECT_EQ((*without)->session, "");
}

TEST_F(OwnIssuerTest, its_tokens_end) {
  Verifier verifier = verifier_of(issuer_);
  const std::string token = issuer_.issue({.subject = "kim"}, std::chrono::seconds{60});
  EXPECT_TRUE(verifier.verify(token));
  clock_.advance(std::chrono::seconds{91});
  EXPECT_EQ(verifier.verify(token).error().code, "token-expired");
}

TEST_F(OwnIssuerTest, another_key_or_another_audience_is_another_installation) {
  const OwnIssuer stranger{SigningKey::draw(), "baedal", clock_};
  const OwnIssuer elsewhere{key_, "elsewhere", clock_};
  const Principal kim{.subject = "kim"};
  Verifier verifier = verifier_of(issuer_);
  EXPECT_EQ(verifier.verify(stranger.issue(kim, std::chrono::seconds{60})).error().code,
            "token-forged");
  EXPECT_EQ(verifier.verify(elsewhere.issue(kim, std::chrono::seconds{60})).error().code,
            "token-foreign");
}

TEST_F(OwnIssuerTest, a_service_it_makes_nobody) {
  Verifier verifier = verifier_of(issuer_);
  const Principal kim{.subject = "kim", .roles = {"service", "customer"}};
  const auto taken = verifier.verify(issuer_.issue(kim, std::chrono::seconds{60}));
  ASSERT_TRUE(taken);
  EXPECT_FALSE((*taken)->roles.has(kService));
}

TEST_F(OwnIssuerTest, secrets_are_of_the_key_and_of_the_purpose) {
  const OwnIssuer again{key_, "baedal", clock_};
  const OwnIssuer stranger{SigningKey::draw(), "baedal", clock_};
  EXPECT_EQ(issuer_.secret_for("a").size(), 64U);
  EXPECT_EQ(issuer_.secret_for("a"), again.secret_for("a"));
  EXPECT_NE(issuer_.secret_for("a"), issuer_.secret_for("b"));
  EXPECT_NE(issuer_.secret_for("a"), stranger.secret_for("a"));
}

}  // namespace
}  // namespace baedal::auth
