#include "services/payment/outbound/sandbox_ledger.hpp"

namespace baedal::payment {
namespace {

ProviderAnswer approved() { return {ProviderOutcome::kApproved}; }
ProviderAnswer declined(std::string_view reason) {
  return {ProviderOutcome::kDeclined, std::string{reason}};
}

/// Tokens of the sandbox that can pay; an empty one stands for the default.
bool can_pay(const std::string& token) {
  return token.empty() || token == "tok_approve" || token == "tok_timeout_then_approve" ||
         token == "tok_refund_fails_twice";
}

}  // namespace

ProviderAnswer SandboxLedger::authorise(const ProviderRequest& request) {
  return once(request, [&](LedgerEntry& entry) {
    if (!can_pay(request.token.reveal())) return declined("The means of payment was refused.");
    if (entry.voided) return declined("The payment was voided.");
    entry.authorised = true;
    return approved();
  });
}

ProviderAnswer SandboxLedger::capture(const ProviderRequest& request) {
  return once(request, [&](LedgerEntry& entry) {
    if (!entry.authorised || entry.voided) return declined("There is no authorisation.");
    entry.captured = request.amount;
    ++entry.captures;
    return approved();
  });
}

ProviderAnswer SandboxLedger::void_payment(const ProviderRequest& request) {
  return once(request, [&](LedgerEntry& entry) {
    if (entry.captures > 0) return declined("The money was captured already.");
    entry.voided = true;
    return approved();
  });
}

ProviderAnswer SandboxLedger::refund(const ProviderRequest& request) {
  return once(request, [&](LedgerEntry& entry) {
    const bool known = entry.authorised || entry.voided;
    if (known && entry.captures == 0) return declined("Nothing was captured.");
    entry.refunded = request.amount;
    ++entry.refunds;
    return approved();
  });
}

std::optional<LedgerEntry> SandboxLedger::find(OrderId order) const {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(order);
  return found == accounts_.end() ? std::nullopt : std::optional{found->second.entry};
}

int SandboxLedger::asked(const ProviderRequest& request) {
  const std::lock_guard lock(mutex_);
  return ++account(request.order).asked[request.key];
}

SandboxLedger::Account& SandboxLedger::account(OrderId order) {
  const auto found = accounts_.find(order);
  if (found != accounts_.end()) return found->second;
  if (oldest_first_.size() >= orders_max_) {
    accounts_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
  oldest_first_.push_back(order);
  return accounts_[order];
}

template <class Decide>
ProviderAnswer SandboxLedger::once(const ProviderRequest& request, Decide decide) {
  const std::lock_guard lock(mutex_);
  Account& of_order = account(request.order);
  const auto known = of_order.answers.find(request.key);
  if (known != of_order.answers.end()) return known->second;
  ProviderAnswer answer = decide(of_order.entry);
  of_order.answers.emplace(request.key, answer);
  return answer;
}

}  // namespace baedal::payment
