#include "services/delivery/module.hpp"

#include "platform/http/hal/controller.hpp"
#include "services/delivery/inbound/cancellations.hpp"
#include "services/delivery/inbound/claims.hpp"
#include "services/delivery/inbound/delivery_api.hpp"
#include "services/delivery/inbound/delivery_events.hpp"
#include "services/delivery/inbound/delivery_resources.hpp"
#include "services/delivery/outbound/delivery_store.hpp"
#include "services/delivery/outbound/delivery_tables.hpp"

namespace baedal::delivery {
namespace {

class WiredDelivery final : public DeliveryModule {
 public:
  explicit WiredDelivery(const Dependencies& d)
      : store_(d.store, d.clock),
        start_(store_, d.clock),
        change_(store_, d.clock),
        cancel_of_order_(store_, d.clock),
        claim_(store_),
        queries_(store_),
        api_(cancel_of_order_),
        cancellations_(cancel_of_order_),
        claims_(claim_, queries_),
        resources_(change_, queries_),
        controller_(resources_, d.presentation) {}

  void add_routes(http::Router& router) override {
    controller_.add_routes(router);
    cancellations_.add_routes(router);
    claims_.add_routes(router);
  }
  void add_handlers(messaging::Subscriber& subscriber) override {
    register_events(subscriber, start_, cancel_of_order_);
  }
  [[nodiscard]] contracts::DeliveryApi& api() override { return api_; }

 private:
  StoredDeliveries store_;
  StartDelivery start_;
  ChangeDelivery change_;
  CancelOfOrder cancel_of_order_;
  ClaimDelivery claim_;
  DeliveryQueries queries_;
  LocalDeliveryApi api_;
  Cancellations cancellations_;
  Claims claims_;
  DeliveryResources resources_;
  http::hal::Controller controller_;
};

}  // namespace

const http::hal::ResourceType& resource_type() { return kDeliveryResourceType; }

service::StoreSchema store_schema() { return {"delivery", kTables, migrations()}; }

std::unique_ptr<DeliveryModule> make_module(const Dependencies& dependencies) {
  return std::make_unique<WiredDelivery>(dependencies);
}

}  // namespace baedal::delivery
