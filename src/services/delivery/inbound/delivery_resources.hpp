#pragma once

#include "platform/http/hal/resource.hpp"
#include "services/delivery/app/change_delivery.hpp"
#include "services/delivery/app/delivery_queries.hpp"

namespace baedal::delivery {

extern const http::hal::ResourceType kDeliveryResourceType;

/// /deliveries: read, complete, cancel. Deliveries come from payments, never from a client.
class DeliveryResources final : public http::hal::Resources {
 public:
  DeliveryResources(ChangeDelivery& change, DeliveryQueries& queries)
      : change_(change), queries_(queries) {}

  [[nodiscard]] const http::hal::ResourceType& type() const override {
    return kDeliveryResourceType;
  }
  Task<Result<std::optional<http::hal::Resource>>> find(std::int64_t id) override;
  Task<Result<http::hal::ResourcePage>> list(const http::hal::ListQuery& query) override;
  Task<Result<http::hal::ResourcePage>> search(std::string_view name, const json::Value& argument,
                                               const http::hal::ListQuery& query) override;
  Task<Result<std::optional<http::hal::Written>>> recall(const OnceKey& key) override;
  /// {"status":"complete"}, with "completedAt" where it was earlier, or {"status":"cancelled"}.
  /// Members that repeat what is there are accepted.
  Task<Result<http::hal::Written>> change(std::int64_t id, const json::Object& body,
                                          const Precondition& precondition,
                                          const OnceKey& key) override;
  /// PUT never wipes a delivery: it is read as a change, as the seed's order service sends it.
  Task<Result<http::hal::Written>> replace(std::int64_t id, const json::Object& body,
                                           const Precondition& precondition,
                                           const OnceKey& key) override;

  // Couriers complete what they have taken.
  Task<Result<http::hal::Written>> change_by(const auth::Principal& caller, std::int64_t id,
                                             const json::Object& body,
                                             const Precondition& precondition,
                                             const OnceKey& key) override;
  Task<Result<http::hal::Written>> replace_by(const auth::Principal& caller, std::int64_t id,
                                              const json::Object& body,
                                              const Precondition& precondition,
                                              const OnceKey& key) override;

 private:
  Task<Result<http::hal::Written>> change_as(std::optional<std::string> courier, std::int64_t id,
                                             const json::Object& body,
                                             const Precondition& precondition, const OnceKey& key);

  ChangeDelivery& change_;
  DeliveryQueries& queries_;
};

}  // namespace baedal::delivery
