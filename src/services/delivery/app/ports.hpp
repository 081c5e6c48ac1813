#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "kernel/function_ref.hpp"
#include "kernel/once.hpp"
#include "services/delivery/domain/delivery.hpp"

namespace baedal::delivery {

/// What a body of a commit sees: see store::Tx for the rules.
class DeliveryTx {
 public:
  virtual ~DeliveryTx() = default;
  virtual Result<DeliveryId> next_id() = 0;
  virtual Result<std::optional<Delivery>> find(DeliveryId id) = 0;
  virtual Result<std::optional<Delivery>> find_of_order(OrderId order) = 0;
  virtual Result<void> insert(const Delivery& delivery) = 0;
  virtual Result<void> update(const Delivery& delivery) = 0;
  /// Who has taken it; none: nobody yet.
  virtual Result<std::optional<std::string>> courier_of(DeliveryId id) = 0;
  virtual Result<void> insert_courier(DeliveryId id, const std::string& courier) = 0;
  /// Tells the world of the status `delivery` has come to.
  virtual Result<void> append(const Delivery& delivery) = 0;
};

enum class DeliverySort { kId, kOrderId, kStatus };

struct DeliveryListRequest {
  struct By {
    DeliverySort key;
    bool descending;
  };
  std::int64_t page = 0;
  std::int64_t size = 20;
  std::vector<By> sort{};
};

struct DeliveryList {
  std::vector<Delivery> deliveries;
  std::int64_t total = 0;
};

/// The deliveries. commit_once as store::Store::commit_once; the answer kept with the key is the
/// delivery as the body returned it.
class DeliveryStore {
 public:
  virtual ~DeliveryStore() = default;
  virtual Task<Result<Committed<Delivery>>> commit_once(
      const OnceKey& key, FunctionRef<Result<Delivery>(DeliveryTx&)> body) = 0;
  /// The answer kept with `key`, if it was committed before; runs nothing.
  virtual Task<Result<std::optional<Delivery>>> recall(const OnceKey& key) = 0;
  virtual Task<Result<std::optional<Delivery>>> find(DeliveryId id) = 0;
  virtual Task<Result<std::optional<Delivery>>> find_of_order(OrderId order) = 0;
  virtual Task<Result<DeliveryList>> list(const DeliveryListRequest& request) = 0;
};

}  // namespace baedal::delivery
