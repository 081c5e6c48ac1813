// The sandbox: what every provider promises, what its tokens do, and its books.
#include "services/payment/outbound/sandbox_provider.hpp"

#include "kernel/async/with_timeout.hpp"
#include "services/payment/outbound/conformance/provider_conformance.hpp"
#include "services/payment/outbound/faulty_provider.hpp"

namespace baedal::payment {
namespace {

using namespace std::chrono_literals;
using enum ProviderOutcome;

ProviderUnderTest sandbox_with(std::string name, std::string approving, std::string declining) {
  return {std::move(name), [] { return std::make_unique<SandboxProvider>(); }, std::move(approving),
          std::move(declining)};
}

INSTANTIATE_TEST_SUITE_P(
    Sandbox, ProviderConformance,
    testing::Values(sandbox_with("approve", "tok_approve", "tok_decline"),
                    sandbox_with("no_token", "", "tok_nobody_knows"),
                    sandbox_with("slow", "tok_timeout_then_approve", "tok_decline"),
                    sandbox_with("failing_refund", "tok_refund_fails_twice", "tok_decline")),
    [](const auto& test) { return test.param.name; });

class Sandbox : public testing::Test {
 protected:
  static ProviderRequest of(std::string action, std::string token, std::int64_t order = 7) {
    return {"order-" + std::to_string(order) + "-" + action, OrderId{order}, Money{4500},
            PaymentToken{std::move(token)}};
  }

  ManualExecutor executor_;
  SandboxProvider provider_{SandboxOptions{.slow_answer = 2s, .orders_max = 3}};
};

TEST_F(Sandbox, books_what_was_taken_and_given_back_once) {
  for (int i = 0; i < 2; ++i) {
    executor_.run(provider_.authorise(of("authorise", "tok_approve")));
    executor_.run(provider_.capture(of("capture", "tok_approve")));
    executor_.run(provider_.refund(of("refund", "tok_approve")));
  }
  const auto entry = provider_.ledger().find(OrderId{7});
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->captures, 1);
  EXPECT_EQ(entry->captured, Money{4500});
  EXPECT_EQ(entry->refunds, 1);
  EXPECT_EQ(entry->refunded, Money{4500});
}

TEST_F(Sandbox, the_slow_token_answers_too_late_once_per_key) {
  const auto ask = [&](std::int64_t order) {
    auto call = provider_.authorise(of("authorise", "tok_timeout_then_approve", order));
    return executor_.run(with_timeout(std::move(call), 1s));
  };
  EXPECT_FALSE(ask(7)) << "too late";
  EXPECT_TRUE(provider_.ledger().find(OrderId{7})->authorised) << "but done";
  EXPECT_EQ(ask(7)->outcome, kApproved);
  EXPECT_FALSE(ask(8)) << "another key";
  executor_.advance(2s);
}

TEST_F(Sandbox, void_and_refund_fail_twice_per_key) {
  const auto token = "tok_refund_fails_twice";
  executor_.run(provider_.authorise(of("authorise", token)));
  executor_.run(provider_.capture(of("capture", token)));
  for (const auto outcome : {kTryAgain, kTryAgain, kApproved, kApproved}) {
    EXPECT_EQ(executor_.run(provider_.refund(of("refund", token))).outcome, outcome);
  }
  executor_.run(provider_.authorise(of("authorise", token, 8)));
  for (const auto outcome : {kTryAgain, kTryAgain, kApproved, kApproved}) {
    EXPECT_EQ(executor_.run(provider_.void_payment(of("void", token, 8))).outcome, outcome);
  }
}

TEST_F(Sandbox, remembers_a_bounded_number_of_orders_and_gives_back_those_it_forgot) {
  for (std::int64_t order = 1; order <= 4; ++order) {
    executor_.run(provider_.authorise(of("authorise", "tok_approve", order)));
    executor_.run(provider_.capture(of("capture", "tok_approve", order)));
  }
  EXPECT_FALSE(provider_.ledger().find(OrderId{1}));
  EXPECT_TRUE(provider_.ledger().find(OrderId{2}));
  EXPECT_EQ(executor_.run(provider_.refund(of("refund", "tok_approve", 1))).outcome, kApproved);
}

TEST_F(Sandbox, a_faulty_wrapper_fails_the_nth_call_in_each_way) {
  FaultyProvider faulty(provider_);
  struct Case {
    ProviderFault fault;
    ProviderOutcome outcome;
    bool done;
  };
  std::int64_t order = 1;
  for (const Case& c : {Case{ProviderFault::kRefused, kTryAgain, false},
                        Case{ProviderFault::kUnreached, kUnknown, false},
                        Case{ProviderFault::kAnswerLost, kUnknown, true}}) {
    faulty.fail_call(2, c.fault);
    EXPECT_EQ(executor_.run(faulty.authorise(of("authorise", "", order))).outcome, kApproved);
    EXPECT_FALSE(faulty.fired());
    EXPECT_EQ(executor_.run(faulty.capture(of("capture", "", order))).outcome, c.outcome);
    EXPECT_TRUE(faulty.fired());
    EXPECT_EQ(provider_.ledger().find(OrderId{order})->captures, c.done ? 1 : 0);
    EXPECT_EQ(executor_.run(faulty.capture(of("capture", "", order))).outcome, kApproved);
    EXPECT_EQ(provider_.ledger().find(OrderId{order})->captures, 1);
    ++order;
  }
}

}  // namespace
}  // namespace baedal::payment
