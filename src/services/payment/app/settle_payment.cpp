#include "services/payment/app/settle_payment.hpp"

#include "kernel/assert.hpp"
#include "kernel/async/with_timeout.hpp"
#include "kernel/text.hpp"
#include "services/payment/domain/words.hpp"

namespace baedal::payment {
namespace {

SettleStep set_back(SettleProgress& progress) {
  ++progress.setbacks;
  progress.payment.reset();
  return SettleStep::kTryLater;
}

std::optional<Verdict> verdict_of(ProviderOutcome outcome) {
  switch (outcome) {
    case ProviderOutcome::kApproved:
      return Verdict::kApproved;
    case ProviderOutcome::kDeclined:
      return Verdict::kDeclined;
    case ProviderOutcome::kUnknown:
    case ProviderOutcome::kTryAgain:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<PaymentEvent::Type> event_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPaid:
      return PaymentEvent::Type::kPaid;
    case Outcome::kFailed:
      return PaymentEvent::Type::kFailed;
    case Outcome::kRefunded:
      return PaymentEvent::Type::kRefunded;
    case Outcome::kUnchanged:
    case Outcome::kChanged:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Task<SettleStep> SettlePayment::step(PaymentId id, SettleProgress& progress) {
  // read
  if (!progress.payment) {
    auto found = co_await store_.find(id);
    if (!found) co_return set_back(progress);
    if (!*found) co_return SettleStep::kSettled;
    progress.payment = std::move(*found);
  }
  // decide
  const Payment& payment = *progress.payment;
  const Action action = next_action(payment, progress.authorised);
  if (action == Action::kNone) co_return SettleStep::kSettled;
  const ProviderOutcome outcome = co_await ask(action, payment);
  ++progress.calls;
  const auto verdict = verdict_of(outcome);
  if (!verdict || must_ask_again(action, *verdict)) co_return set_back(progress);
  if (action == Action::kAuthorise && *verdict == Verdict::kApproved) {
    progress.authorised = true;
    progress.setbacks = 0;
    co_return SettleStep::kGoOn;
  }
  // commit
  co_return co_await commit(id, action, *verdict, progress);
}

Task<ProviderOutcome> SettlePayment::ask(Action action, const Payment& payment) {
  ProviderRequest request{provider_key(payment.order_id, action), payment.order_id, payment.amount,
                          payment.token};
  auto asked = call(action, std::move(request));
  auto timed = with_timeout(std::move(asked), provider_timeout_);
  const auto answer = co_await timed;
  co_return answer ? answer->outcome : ProviderOutcome::kUnknown;
}

Task<ProviderAnswer> SettlePayment::call(Action action, ProviderRequest request) {
  switch (action) {
    case Action::kAuthorise:
      return provider_.authorise(std::move(request));
    case Action::kCapture:
      return provider_.capture(std::move(request));
    case Action::kVoid:
      return provider_.void_payment(std::move(request));
    case Action::kRefund:
      return provider_.refund(std::move(request));
    case Action::kNone:
      break;
  }
  BAEDAL_ASSERT(!"there is nothing to ask");
}

Task<SettleStep> SettlePayment::commit(PaymentId id, Action action, Verdict verdict,
                                       SettleProgress& progress) {
  bool settled = false;
  std::optional<PaymentEvent::Type> end;
  auto body = [&](PaymentTx& tx) -> Result<void> {
    end.reset();
    auto found = tx.find(id);
    if (!found) return pass_on(found);
    if (!*found)
      return fail(ErrorKind::kNotFound, "payment-not-found", "There is no such payment.");
    Payment& payment = **found;
    const Outcome outcome = settle(payment, action, verdict, clock_.now());
    settled = next_action(payment, progress.authorised) == Action::kNone;
    if (outcome == Outcome::kUnchanged) return {};
    payment.attempts += progress.calls;
    if (auto saved = tx.update(payment); !saved) return saved;
    end = event_of(outcome);
    return end ? tx.append(PaymentEvent{*end, payment}) : Result<void>{};
  };
  const auto committed = co_await store_.commit(body);
  if (!committed) co_return set_back(progress);
  if (end) ended_.at(static_cast<std::size_t>(*end)).fetch_add(1, std::memory_order_relaxed);
  progress.payment.reset();
  progress.calls = 0;
  progress.setbacks = 0;
  co_return settled ? SettleStep::kSettled : SettleStep::kGoOn;
}

std::string provider_key(OrderId order, Action action) {
  std::string key = "order-";
  append_int(key, order.value());
  key += '-';
  key += to_word(action);
  return key;
}

}  // namespace baedal::payment
