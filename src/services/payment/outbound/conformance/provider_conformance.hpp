#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "kernel/async/manual_executor.hpp"
#include "services/payment/app/ports.hpp"

/// What every PaymentProvider promises, as tests. An adapter runs them by
///   INSTANTIATE_TEST_SUITE_P(Sandbox, ProviderConformance, testing::Values(kSandboxUnderTest));
namespace baedal::payment {

/// How to make the provider under test, and which tokens of it are approved and declined.
struct ProviderUnderTest {
  std::string name;
  std::function<std::unique_ptr<PaymentProvider>()> make;
  std::string approving_token;
  std::string declining_token;
};

class ProviderConformance : public testing::TestWithParam<ProviderUnderTest> {
 protected:
  using Call = Task<ProviderAnswer> (PaymentProvider::*)(ProviderRequest);

  /// Asks until the outcome is known, as every caller must.
  ProviderOutcome ask(Call call, std::string action, std::int64_t amount = 4500) {
    return ask_with(GetParam().approving_token, call, std::move(action), amount);
  }

  ProviderOutcome ask_with(const std::string& token, Call call, std::string action,
                           std::int64_t amount = 4500) {
    const ProviderRequest request{"order-7-" + action, OrderId{7}, Money{amount},
                                  PaymentToken{token}};
    for (int i = 0; i < kTriesMax; ++i) {
      const ProviderAnswer answer = executor_.run((provider_.get()->*call)(request));
      const bool known = answer.outcome == ProviderOutcome::kApproved ||
                         answer.outcome == ProviderOutcome::kDeclined;
      if (known) return answer.outcome;
    }
    return ProviderOutcome::kUnknown;
  }

  ProviderOutcome authorise() { return ask(&PaymentProvider::authorise, "authorise"); }
  ProviderOutcome capture() { return ask(&PaymentProvider::capture, "capture"); }
  ProviderOutcome void_payment() { return ask(&PaymentProvider::void_payment, "void"); }
  ProviderOutcome refund() { return ask(&PaymentProvider::refund, "refund"); }

  static constexpr int kTriesMax = 10;
  static constexpr auto kApproved = ProviderOutcome::kApproved;
  static constexpr auto kDeclined = ProviderOutcome::kDeclined;

  ManualExecutor executor_;
  std::unique_ptr<PaymentProvider> provider_ = GetParam().make();
};

TEST_P(ProviderConformance, approves_the_whole_way_there_and_back) {
  EXPECT_EQ(authorise(), kApproved);
  EXPECT_EQ(capture(), kApproved);
  EXPECT_EQ(refund(), kApproved);
}

TEST_P(ProviderConformance, the_same_key_has_the_same_answer_for_ever) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(authorise(), kApproved);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(capture(), kApproved);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(refund(), kApproved);
  EXPECT_EQ(capture(), kApproved) << "an old question keeps its answer";
  EXPECT_EQ(authorise(), kApproved);
}

TEST_P(ProviderConformance, declines_what_cannot_be_paid_and_stays_with_it) {
  const std::string& token = GetParam().declining_token;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(ask_with(token, &PaymentProvider::authorise, "authorise"), kDeclined);
  }
  EXPECT_EQ(ask_with(token, &PaymentProvider::capture, "capture"), kDeclined);
}

TEST_P(ProviderConformance, captures_nothing_without_an_authorisation) {
  EXPECT_EQ(capture(), kDeclined);
}

TEST_P(ProviderConformance, a_voided_authorisation_cannot_be_captured) {
  EXPECT_EQ(authorise(), kApproved);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(void_payment(), kApproved);
  EXPECT_EQ(capture(), kDeclined);
}

TEST_P(ProviderConformance, what_was_captured_cannot_be_voided_but_refunded) {
  EXPECT_EQ(authorise(), kApproved);
  EXPECT_EQ(capture(), kApproved);
  EXPECT_EQ(void_payment(), kDeclined);
  EXPECT_EQ(void_payment(), kDeclined);
  EXPECT_EQ(refund(), kApproved);
}

TEST_P(ProviderConformance, refunds_nothing_that_was_not_captured) {
  EXPECT_EQ(authorise(), kApproved);
  EXPECT_EQ(refund(), kDeclined);
}

TEST_P(ProviderConformance, takes_an_amount_of_zero) {
  EXPECT_EQ(ask(&PaymentProvider::authorise, "authorise", 0), kApproved);
  EXPECT_EQ(ask(&PaymentProvider::capture, "capture", 0), kApproved);
  EXPECT_EQ(ask(&PaymentProvider::refund, "refund", 0), kApproved);
}

TEST_P(ProviderConformance, a_call_may_outlive_its_provider) {
  const ProviderRequest request{"order-8-authorise", OrderId{8}, Money{1},
                                PaymentToken{GetParam().approving_token}};
  auto call = provider_->authorise(request);
  auto outlive = [](Task<ProviderAnswer> running, bool& ended) -> Task<void> {
    co_await running;
    ended = true;
  };
  bool ended = false;
  executor_.post([&, started = std::make_shared<Task<void>>(outlive(std::move(call), ended))] {
    spawn(std::move(*started));
    provider_.reset();
  });
  executor_.advance(std::chrono::minutes{1});
  EXPECT_TRUE(ended);
}

}  // namespace baedal::payment
