#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "kernel/function_ref.hpp"
#include "kernel/once.hpp"
#include "services/order/domain/order.hpp"

namespace baedal::order {

/// What this service tells the world, as a copy of the order at that moment.
struct OrderEvent {
  enum class Type { kOrdered, kCancelled };
  Type type;
  Order order;
  std::optional<std::string> payment_token{};  ///< only with kOrdered; never stored
  std::optional<std::string> customer{};       ///< only with kOrdered: whose it is
};

/// What a body of a commit sees: see store::Tx for the rules.
class OrderTx {
 public:
  virtual ~OrderTx() = default;
  virtual Result<OrderId> next_id() = 0;
  virtual Result<std::optional<Order>> find(OrderId id) = 0;
  virtual Result<void> insert(const Order& order) = 0;
  virtual Result<void> update(const Order& order) = 0;
  /// Says whose a new order is.
  virtual Result<void> insert_customer(OrderId order, const std::string& customer) = 0;
  virtual Result<std::optional<MenuItem>> find_menu(MenuId id) = 0;
  virtual Result<void> save_menu(const MenuItem& item) = 0;
  virtual Result<void> append(const OrderEvent& event) = 0;
};

enum class OrderSort { kId, kMenuId, kQuantity, kStatus };

struct OrderListRequest {
  struct By {
    OrderSort key;
    bool descending;
  };
  std::int64_t page = 0;
  std::int64_t size = 20;
  std::vector<By> sort{};
};

struct OrderList {
  std::vector<Order> orders;
  std::int64_t total = 0;
};

/// The orders and the menu replica. commit_once as store::Store::commit_once; the answer kept with
/// the key is the order as the body returned it.
class OrderStore {
 public:
  virtual ~OrderStore() = default;
  virtual Task<Result<Committed<Order>>> commit_once(const OnceKey& key,
                                                     FunctionRef<Result<Order>(OrderTx&)> body) = 0;
  /// For news of others, which have no answer to keep.
  virtual Task<Result<void>> commit_event(const OnceKey& key,
                                          FunctionRef<Result<void>(OrderTx&)> body) = 0;
  /// The answer kept with `key`, if it was committed before; runs nothing.
  virtual Task<Result<std::optional<Order>>> recall(const OnceKey& key) = 0;
  virtual Task<Result<std::optional<Order>>> find(OrderId id) = 0;
  virtual Task<Result<OrderList>> list(const OrderListRequest& request) = 0;
  /// Whose that order is; none when it is nobody's, or there is no such order.
  virtual Task<Result<std::optional<std::string>>> customer_of(OrderId id) = 0;
  /// Those of that customer, by id: other sort keys are passed over.
  virtual Task<Result<OrderList>> list_of(const std::string& customer,
                                          const OrderListRequest& request) = 0;
  virtual Task<Result<std::optional<MenuItem>>> find_menu(MenuId id) = 0;
};

/// The menu service, asked only for an id that no event has told of yet.
class MenuCatalog {
 public:
  virtual ~MenuCatalog() = default;
  virtual Task<Result<std::optional<MenuItem>>> find(MenuId id) = 0;
};

/// The delivery service's answer to a cancel.
struct CancelDecision {
  DeliveryId delivery{};
  bool cancelled = false;  ///< false: complete, and so final
};

/// The delivery service: the one decider of cancel against complete.
class DeliveryDesk {
 public:
  virtual ~DeliveryDesk() = default;
  /// Idempotent. kUnavailable: the answer is not known.
  virtual Task<Result<CancelDecision>> cancel(OrderId order) = 0;
};

}  // namespace baedal::order
