#pragma once

#include "services/payment/domain/payment.hpp"

/// Settling: bringing a payment to where its status wants it, one call of the provider after the
/// other. Pure: what to ask next, and what an answer means for the payment as it is by then.
namespace baedal::payment {

enum class Action { kNone, kAuthorise, kCapture, kVoid, kRefund };

/// A known answer. An unknown one is no verdict: it is asked again, never guessed.
enum class Verdict { kApproved, kDeclined };

/// What to ask the provider next; kNone when the payment is settled. `authorised`: the
/// authorisation is known to be approved. That is not kept with the payment: after a crash it is
/// asked again, with the same key, for the same answer.
[[nodiscard]] Action next_action(const Payment& payment, bool authorised);

/// Whether asking for `action` again can change the answer: a refused refund is not the end.
[[nodiscard]] bool must_ask_again(Action action, Verdict verdict);

/// Applies the provider's answer to the payment, which may have changed since `action` was asked: a
/// cancel may have come, or another process may have been faster. An answer that is old news
/// changes nothing.
Outcome settle(Payment& payment, Action action, Verdict verdict, Timestamp now);

}  // namespace baedal::payment
