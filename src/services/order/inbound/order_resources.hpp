#pragma once

#include "platform/http/hal/resource.hpp"
#include "services/order/app/cancel_order.hpp"
#include "services/order/app/order_queries.hpp"
#include "services/order/app/place_order.hpp"

namespace baedal::order {

extern const http::hal::ResourceType kOrderResourceType;

/// /orders: place, read, cancel.
class OrderResources final : public http::hal::Resources {
 public:
  OrderResources(PlaceOrder& place, CancelOrder& cancel, OrderQueries& queries)
      : place_(place), cancel_(cancel), queries_(queries) {}

  [[nodiscard]] const http::hal::ResourceType& type() const override { return kOrderResourceType; }
  Task<Result<std::optional<http::hal::Resource>>> find(std::int64_t id) override;
  Task<Result<http::hal::ResourcePage>> list(const http::hal::ListQuery& query) override;
  Task<Result<std::optional<http::hal::Written>>> recall(const OnceKey& key) override;
  Task<Result<http::hal::Written>> create(const json::Object& body, const OnceKey& key) override;
  /// The one change there is: {"status":"cancel"}. Members that repeat what is there are accepted.
  Task<Result<http::hal::Written>> change(std::int64_t id, const json::Object& body,
                                          const Precondition& precondition,
                                          const OnceKey& key) override;
  /// PUT never wipes an order: it is read as a change.
  Task<Result<http::hal::Written>> replace(std::int64_t id, const json::Object& body,
                                           const Precondition& precondition,
                                           const OnceKey& key) override;

  // Customers see their own orders, and place them for themselves.
  Task<Result<void>> admit(const auth::Principal& caller, std::int64_t id) override;
  Task<Result<http::hal::ResourcePage>> list_for(const auth::Principal& caller,
                                                 const http::hal::ListQuery& query) override;
  Task<Result<http::hal::Written>> create_by(const auth::Principal& caller,
                                             const json::Object& body, const OnceKey& key) override;

 private:
  Task<Result<http::hal::Written>> place(const json::Object& body, const OnceKey& key,
                                         std::optional<std::string> customer);

  PlaceOrder& place_;
  CancelOrder& cancel_;
  OrderQueries& queries_;
};

}  // namespace baedal::order
