#include "services/order/module.hpp"

#include "platform/http/hal/controller.hpp"
#include "services/order/app/follow_events.hpp"
#include "services/order/inbound/order_events.hpp"
#include "services/order/inbound/order_resources.hpp"
#include "services/order/outbound/neighbours.hpp"
#include "services/order/outbound/order_store.hpp"
#include "services/order/outbound/order_tables.hpp"

namespace baedal::order {
namespace {

class OrderModule final : public service::Module {
 public:
  explicit OrderModule(const Dependencies& d)
      : store_(d.store, d.clock),
        menus_(d.menus),
        deliveries_(d.deliveries),
        place_(store_, menus_, d.clock),
        cancel_(store_, deliveries_, d.clock),
        follow_(store_, d.clock),
        queries_(store_),
        resources_(place_, cancel_, queries_),
        controller_(resources_, d.presentation) {}

  void add_routes(http::Router& router) override { controller_.add_routes(router); }
  void add_handlers(messaging::Subscriber& subscriber) override {
    register_events(subscriber, follow_);
  }

 private:
  StoredOrders store_;
  ContractMenuCatalog menus_;
  ContractDeliveryDesk deliveries_;
  PlaceOrder place_;
  CancelOrder cancel_;
  FollowEvents follow_;
  OrderQueries queries_;
  OrderResources resources_;
  http::hal::Controller controller_;
};

}  // namespace

const http::hal::ResourceType& resource_type() { return kOrderResourceType; }

service::StoreSchema store_schema() { return {"order", kTables, migrations()}; }

std::unique_ptr<service::Module> make_module(const Dependencies& dependencies) {
  return std::make_unique<OrderModule>(dependencies);
}

}  // namespace baedal::order
