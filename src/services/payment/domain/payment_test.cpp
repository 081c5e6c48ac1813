// The payment's state machine: every state × every command, against tables written out by hand.
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "services/payment/domain/payment.hpp"
#include "services/payment/domain/settling.hpp"
#include "services/payment/domain/words.hpp"

namespace baedal::payment {

/// For the messages of failed tests.
void PrintTo(const Payment& payment, std::ostream* out) {
  *out << to_word(payment.status) << (payment.captured ? ", captured" : ", not captured");
}

namespace {

constexpr Timestamp kThen{1'000};
constexpr Timestamp kNow{2'000};

using enum PaymentStatus;

Payment payment_in(PaymentStatus status, bool captured) {
  Payment payment = request(OrderId{7}, Money{4500}, PaymentToken{"tok_approve"}, kThen);
  payment.id = PaymentId{3};
  payment.status = status;
  payment.captured = captured;
  payment.version = 5;
  return payment;
}

/// All that can be in a row: requested is never captured, paid always is.
std::vector<Payment> every_payment() {
  return {payment_in(kRequested, false), payment_in(kPaid, true),      payment_in(kDeclined, false),
          payment_in(kRefunding, false), payment_in(kRefunding, true), payment_in(kRefunded, false),
          payment_in(kRefunded, true)};
}

void expect_same(const Payment& before, const Payment& after) {
  EXPECT_EQ(after.status, before.status);
  EXPECT_EQ(after.captured, before.captured);
  EXPECT_EQ(after.version, before.version);
  EXPECT_EQ(after.updated_at, before.updated_at);
  EXPECT_EQ(after.token, before.token);
}

void expect_changed_once(const Payment& before, const Payment& after) {
  EXPECT_EQ(after.version, before.version + 1);
  EXPECT_EQ(after.updated_at, kNow);
  EXPECT_EQ(after.created_at, before.created_at);
  EXPECT_EQ(after.amount, before.amount);
  const bool final = after.status == kDeclined || after.status == kRefunded;
  EXPECT_EQ(after.token.reveal().empty(), final) << "the token is forgotten at the end only";
}

TEST(Request, starts_with_nothing_taken) {
  const Payment payment = request(OrderId{7}, Money{4500}, PaymentToken{"tok_decline"}, kNow);
  EXPECT_EQ(payment.order_id, OrderId{7});
  EXPECT_EQ(payment.amount, Money{4500});
  EXPECT_EQ(payment.token.reveal(), "tok_decline");
  EXPECT_EQ(payment.status, kRequested);
  EXPECT_FALSE(payment.captured);
  EXPECT_EQ(payment.attempts, 0);
  EXPECT_EQ(payment.version, 1);
  EXPECT_EQ(payment.created_at, kNow);
  EXPECT_EQ(payment.updated_at, kNow);
}

TEST(CancelledBeforeRequest, is_final_and_without_money) {
  const Payment payment = cancelled_before_request(OrderId{7}, *Currency::parse("EUR"), kNow);
  EXPECT_EQ(payment.status, kRefunded);
  EXPECT_EQ(payment.amount, (Money{0, *Currency::parse("EUR")}));
  EXPECT_FALSE(payment.captured);
  EXPECT_EQ(payment.version, 1);
  EXPECT_EQ(next_action(payment, false), Action::kNone);
}

TEST(Cancel, every_state) {
  for (const Payment& before : every_payment()) {
    SCOPED_TRACE(testing::PrintToString(before));
    Payment payment = before;
    const Outcome outcome = cancel(payment, kNow);
    if (before.status == kRequested || before.status == kPaid) {
      EXPECT_EQ(outcome, Outcome::kChanged);
      EXPECT_EQ(payment.status, kRefunding);
      EXPECT_EQ(payment.captured, before.captured);
      expect_changed_once(before, payment);
    } else {
      EXPECT_EQ(outcome, Outcome::kUnchanged);
      expect_same(before, payment);
    }
  }
}

TEST(NextAction, every_state) {
  struct Case {
    PaymentStatus status;
    bool captured;
    Action unknown, authorised;  // without and with an approved authorisation
  };
  using enum Action;
  const Case cases[] = {{kRequested, false, kAuthorise, kCapture},
                        {kPaid, true, kNone, kNone},
                        {kDeclined, false, kNone, kNone},
                        {kRefunding, false, kAuthorise, kVoid},
                        {kRefunding, true, kRefund, kRefund},
                        {kRefunded, false, kNone, kNone},
                        {kRefunded, true, kNone, kNone}};
  ASSERT_EQ(std::size(cases), every_payment().size());
  for (const Case& c : cases) {
    const Payment payment = payment_in(c.status, c.captured);
    SCOPED_TRACE(testing::PrintToString(payment));
    EXPECT_EQ(next_action(payment, false), c.unknown);
    EXPECT_EQ(next_action(payment, true), c.authorised);
  }
}

struct Change {
  PaymentStatus status;
  bool captured;
  Outcome outcome;
};

/// What is expected of one answer; nullopt: nothing changes.
std::optional<Change> expected_change(const Payment& p, Action action, bool approved) {
  const bool asked_back = p.status == kRefunding && !p.captured;
  if (action == Action::kAuthorise && !approved && (p.status == kRequested || asked_back))
    return Change{kDeclined, false, Outcome::kFailed};
  if (action == Action::kCapture && approved && p.status == kRequested)
    return Change{kPaid, true, Outcome::kPaid};
  if (action == Action::kCapture && !approved && p.status == kRequested)
    return Change{kDeclined, false, Outcome::kFailed};
  if (action == Action::kCapture && approved && asked_back)
    return Change{kRefunding, true, Outcome::kChanged};
  if (action == Action::kVoid && asked_back)
    return approved ? Change{kRefunded, false, Outcome::kRefunded}
                    : Change{kRefunding, true, Outcome::kChanged};
  if (action == Action::kRefund && approved && p.status == kRefunding && p.captured)
    return Change{kRefunded, true, Outcome::kRefunded};
  return std::nullopt;
}

TEST(Settle, every_state_every_action_every_answer) {
  using enum Action;
  for (const Payment& before : every_payment()) {
    for (const Action action : {kNone, kAuthorise, kCapture, kVoid, kRefund}) {
      for (const Verdict verdict : {Verdict::kApproved, Verdict::kDeclined}) {
        const bool approved = verdict == Verdict::kApproved;
        SCOPED_TRACE(testing::PrintToString(before) + ": " + std::string{to_word(action)} +
                     (approved ? " approved" : " declined"));
        Payment payment = before;
        const Outcome outcome = settle(payment, action, verdict, kNow);
        const auto expected = expected_change(before, action, approved);
        EXPECT_EQ(outcome, expected ? expected->outcome : Outcome::kUnchanged);
        if (!expected) {
          expect_same(before, payment);
          continue;
        }
        EXPECT_EQ(payment.status, expected->status);
        EXPECT_EQ(payment.captured, expected->captured);
        expect_changed_once(before, payment);
      }
    }
  }
}

TEST(Settle, whatever_the_provider_answers_the_payment_comes_to_an_end) {
  // Walks every path of definite answers, with a cancel possible before each: at most six calls.
  struct Walker {
    int longest = 0;
    void walk(const Payment& payment, bool authorised, bool cancelled, int calls) {
      ASSERT_LE(calls, 6);
      longest = std::max(longest, calls);
      if (!cancelled) {
        Payment other = payment;
        cancel(other, kNow);
        walk(other, authorised, true, calls);
      }
      const Action action = next_action(payment, authorised);
      if (action == Action::kNone) {
        const bool kept = payment.status != kRefunded && payment.status != kDeclined;
        EXPECT_FALSE(cancelled && kept);
        return;
      }
      for (const Verdict verdict : {Verdict::kApproved, Verdict::kDeclined}) {
        if (must_ask_again(action, verdict)) continue;
        Payment next = payment;
        settle(next, action, verdict, kNow);
        const bool now_authorised = action == Action::kAuthorise && verdict == Verdict::kApproved;
        walk(next, authorised || now_authorised, cancelled, calls + 1);
      }
    }
  };
  Walker walker;
  walker.walk(payment_in(kRequested, false), false, false, 0);
  EXPECT_GE(walker.longest, 3);
}

TEST(MustAskAgain, only_a_refused_refund) {
  using enum Action;
  for (const Action action : {kNone, kAuthorise, kCapture, kVoid, kRefund}) {
    EXPECT_FALSE(must_ask_again(action, Verdict::kApproved));
    EXPECT_EQ(must_ask_again(action, Verdict::kDeclined), action == kRefund);
  }
}

TEST(Words, every_status_reads_back) {
  for (const auto status : {kRequested, kPaid, kDeclined, kRefunding, kRefunded}) {
    EXPECT_EQ(parse_payment_status(to_word(status)), status);
  }
  EXPECT_FALSE(parse_payment_status("Paid"));
  EXPECT_FALSE(parse_payment_status(""));
}

}  // namespace
}  // namespace baedal::payment
