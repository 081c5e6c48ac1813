#pragma once

#include "platform/http/hal/resource.hpp"
#include "services/payment/app/payment_queries.hpp"

namespace baedal::payment {

extern const http::hal::ResourceType kPaymentResourceType;

/// /payments: to be read only. What moves a payment is its order.
class PaymentResources final : public http::hal::Resources {
 public:
  explicit PaymentResources(PaymentQueries& queries) : queries_(queries) {}

  [[nodiscard]] const http::hal::ResourceType& type() const override {
    return kPaymentResourceType;
  }
  Task<Result<std::optional<http::hal::Resource>>> find(std::int64_t id) override;
  Task<Result<http::hal::ResourcePage>> list(const http::hal::ListQuery& query) override;
  Task<Result<http::hal::ResourcePage>> search(std::string_view name, const json::Value& argument,
                                               const http::hal::ListQuery& query) override;

 private:
  Task<Result<http::hal::ResourcePage>> find_by_order(OrderId order);
  Task<Result<http::hal::ResourcePage>> find_by_status(PaymentStatus status,
                                                       const http::hal::ListQuery& query);

  PaymentQueries& queries_;
};

}  // namespace baedal::payment
