#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "kernel/function_ref.hpp"
#include "services/payment/domain/payment.hpp"

namespace baedal::payment {

/// What this service tells the world, as a copy of the payment at that moment.
struct PaymentEvent {
  enum class Type { kPaid, kFailed, kRefunded };
  Type type;
  Payment payment;
};

/// What a body of a commit sees: see store::Tx for the rules.
class PaymentTx {
 public:
  virtual ~PaymentTx() = default;
  virtual Result<PaymentId> next_id() = 0;
  virtual Result<std::optional<Payment>> find(PaymentId id) = 0;
  virtual Result<std::optional<Payment>> find_by_order(OrderId order) = 0;
  /// kConflict when the order has a payment already.
  virtual Result<void> insert(const Payment& payment) = 0;
  virtual Result<void> update(const Payment& payment) = 0;
  virtual Result<void> append(const PaymentEvent& event) = 0;
};

enum class PaymentSort { kId, kOrderId, kStatus };

struct PaymentListRequest {
  struct By {
    PaymentSort key;
    bool descending;
  };
  std::int64_t page = 0;
  std::int64_t size = 20;
  std::vector<By> sort{};
};

struct PaymentList {
  std::vector<Payment> payments;
  std::int64_t total = 0;
};

/// A part of the payments that match a search.
struct PaymentSlice {
  std::vector<Payment> payments;
  bool has_more = false;
};

/// The payments.
class PaymentStore {
 public:
  virtual ~PaymentStore() = default;
  /// As store::Store::commit_once, without a key: whoever repeats a body finds the payment as the
  /// first run left it, and changes nothing.
  virtual Task<Result<void>> commit(FunctionRef<Result<void>(PaymentTx&)> body) = 0;
  virtual Task<Result<std::optional<Payment>>> find(PaymentId id) = 0;
  virtual Task<Result<std::optional<Payment>>> find_by_order(OrderId order) = 0;
  virtual Task<Result<PaymentList>> list(const PaymentListRequest& request) = 0;
  virtual Task<Result<PaymentSlice>> list_by_status(PaymentStatus status,
                                                    const PaymentListRequest& request) = 0;
};

/// One question to the provider. The same `key` is the same question, however often it is asked.
struct ProviderRequest {
  std::string key;  ///< "order-7-capture"
  OrderId order{};
  Money amount{};
  PaymentToken token{};
};

enum class ProviderOutcome {
  kApproved,
  kDeclined,  ///< final: asking again gives the same
  kUnknown,   ///< it may have been done, or may still be: only asking again can tell
  kTryAgain,  ///< it was not done; later it may be
};

struct ProviderAnswer {
  ProviderOutcome outcome = ProviderOutcome::kUnknown;
  std::string reason{};  ///< for people, when it is not approved; without secrets
};

/// Whoever moves the money. Rules of every provider (tests: outbound/conformance):
///   - idempotent per key: what was approved or declined under a key stays so, and is done once;
///   - the calls of one order take effect one after the other;
///   - capture needs an approved authorisation that was not voided, else it is declined;
///   - void lets an authorisation go; it is declined once the money was captured;
///   - refund gives back what was captured; it is declined when nothing was.
/// A call owns its request and whatever it touches: its caller may have given up, or be gone, when
/// it ends. Any executor; resumes on the caller's.
class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;
  virtual Task<ProviderAnswer> authorise(ProviderRequest request) = 0;
  virtual Task<ProviderAnswer> capture(ProviderRequest request) = 0;
  virtual Task<ProviderAnswer> void_payment(ProviderRequest request) = 0;
  virtual Task<ProviderAnswer> refund(ProviderRequest request) = 0;
};

}  // namespace baedal::payment
