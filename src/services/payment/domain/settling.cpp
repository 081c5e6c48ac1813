#include "services/payment/domain/settling.hpp"

namespace baedal::payment {
namespace {

/// Whether the provider may still say whether there is any money: nobody has noted a capture.
bool is_undecided(const Payment& payment) {
  return payment.status == PaymentStatus::kRequested ||
         (payment.status == PaymentStatus::kRefunding && !payment.captured);
}

Outcome end_as(Payment& payment, PaymentStatus status, Outcome outcome, Timestamp now) {
  payment.status = status;
  payment.token = PaymentToken{};
  touch(payment, now);
  return outcome;
}

Outcome note_captured(Payment& payment, Timestamp now) {
  payment.captured = true;
  touch(payment, now);
  return Outcome::kChanged;
}

/// No authorisation, no money: declined, also when a cancel came meanwhile.
Outcome authorisation_declined(Payment& payment, Timestamp now) {
  if (!is_undecided(payment)) return Outcome::kUnchanged;
  return end_as(payment, PaymentStatus::kDeclined, Outcome::kFailed, now);
}

Outcome captured(Payment& payment, Timestamp now) {
  if (!is_undecided(payment)) return Outcome::kUnchanged;
  const bool wanted = payment.status == PaymentStatus::kRequested;
  note_captured(payment, now);
  if (!wanted) return Outcome::kChanged;  // a cancel came meanwhile: goes on to the refund
  payment.status = PaymentStatus::kPaid;
  return Outcome::kPaid;
}

/// The authorisation is of no use any more (lapsed). While refunding, voiding clears up.
Outcome capture_declined(Payment& payment, Timestamp now) {
  if (payment.status != PaymentStatus::kRequested) return Outcome::kUnchanged;
  return end_as(payment, PaymentStatus::kDeclined, Outcome::kFailed, now);
}

Outcome voided(Payment& payment, Timestamp now) {
  if (payment.status != PaymentStatus::kRefunding || payment.captured) return Outcome::kUnchanged;
  return end_as(payment, PaymentStatus::kRefunded, Outcome::kRefunded, now);
}

/// Too late to void: a capture whose answer never reached us has taken the money.
Outcome void_declined(Payment& payment, Timestamp now) {
  if (payment.status != PaymentStatus::kRefunding || payment.captured) return Outcome::kUnchanged;
  return note_captured(payment, now);
}

Outcome refunded(Payment& payment, Timestamp now) {
  if (payment.status != PaymentStatus::kRefunding || !payment.captured) return Outcome::kUnchanged;
  return end_as(payment, PaymentStatus::kRefunded, Outcome::kRefunded, now);
}

}  // namespace

Action next_action(const Payment& payment, bool authorised) {
  switch (payment.status) {
    case PaymentStatus::kRequested:
      return authorised ? Action::kCapture : Action::kAuthorise;
    case PaymentStatus::kRefunding:
      if (payment.captured) return Action::kRefund;
      return authorised ? Action::kVoid : Action::kAuthorise;
    case PaymentStatus::kPaid:
    case PaymentStatus::kDeclined:
    case PaymentStatus::kRefunded:
      return Action::kNone;
  }
  return Action::kNone;
}

bool must_ask_again(Action action, Verdict verdict) {
  return action == Action::kRefund && verdict == Verdict::kDeclined;
}

Outcome settle(Payment& payment, Action action, Verdict verdict, Timestamp now) {
  const bool approved = verdict == Verdict::kApproved;
  switch (action) {
    case Action::kNone:
      return Outcome::kUnchanged;
    case Action::kAuthorise:
      return approved ? Outcome::kUnchanged : authorisation_declined(payment, now);
    case Action::kCapture:
      return approved ? captured(payment, now) : capture_declined(payment, now);
    case Action::kVoid:
      return approved ? voided(payment, now) : void_declined(payment, now);
    case Action::kRefund:
      return approved ? refunded(payment, now) : Outcome::kUnchanged;
  }
  return Outcome::kUnchanged;
}

}  // namespace baedal::payment
