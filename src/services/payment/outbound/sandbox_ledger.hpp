#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "services/payment/app/ports.hpp"

namespace baedal::payment {

/// What a provider that keeps nothing durably knows of one order.
struct LedgerEntry {
  Money captured{};
  Money refunded{};
  int captures = 0;  ///< times money was taken
  int refunds = 0;   ///< times money was given back
  bool authorised = false, voided = false;
};

/// The sandbox's books: what it answered per key, and where each order's money is. Bounded: above
/// `orders_max` the oldest order is forgotten, as all are when the process ends; of a forgotten
/// order everything asked back is approved. Any thread.
class SandboxLedger {
 public:
  explicit SandboxLedger(std::size_t orders_max) : orders_max_(orders_max) {}

  ProviderAnswer authorise(const ProviderRequest& request);
  ProviderAnswer capture(const ProviderRequest& request);
  ProviderAnswer void_payment(const ProviderRequest& request);
  ProviderAnswer refund(const ProviderRequest& request);

  /// The order's money now; nullopt when it was never heard of, or forgotten.
  [[nodiscard]] std::optional<LedgerEntry> find(OrderId order) const;
  /// Counts how often `key` was asked: 1 at the first time.
  int asked(const ProviderRequest& request);

 private:
  struct Account {
    LedgerEntry entry;
    std::unordered_map<std::string, ProviderAnswer> answers;  // by key
    std::unordered_map<std::string, int> asked;               // by key
  };
  Account& account(OrderId order);
  template <class Decide>
  ProviderAnswer once(const ProviderRequest& request, Decide decide);

  const std::size_t orders_max_;
  mutable std::mutex mutex_;
  std::unordered_map<OrderId, Account> accounts_;
  std::deque<OrderId> oldest_first_;
};

}  // namespace baedal::payment
