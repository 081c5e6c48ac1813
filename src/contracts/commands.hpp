#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"

/// The two synchronous calls between services. main/wiring.cpp chooses the adapter: straight to the
/// other service when its role runs in this process, else over HTTP behind a circuit breaker.
namespace baedal::contracts {

/// How the delivery service decided on a cancel.
struct DeliveryDecision {
  std::int64_t delivery_id = 0;
  bool cancelled = false;  ///< false: refused, the delivery is complete
};

/// Implemented by the delivery service; called by order.
class DeliveryApi {
 public:
  virtual ~DeliveryApi() = default;
  /// Cancels the delivery of that order, or writes a cancelled one when it has not started, so that
  /// it never will. Idempotent. kUnavailable: undecided as far as the caller knows.
  virtual Task<Result<DeliveryDecision>> cancel_delivery_of(std::int64_t order_id) = 0;
};

struct MenuItem {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::int64_t> price{};  ///< minor units
  std::string currency = "KRW";
  bool sold_out = false;
  std::int64_t version = 0;
};

/// Implemented by the menu service; called by order for an id its replica has never seen.
class MenuApi {
 public:
  virtual ~MenuApi() = default;
  virtual Task<Result<std::optional<MenuItem>>> find_menu(std::int64_t menu_id) = 0;
};

}  // namespace baedal::contracts
