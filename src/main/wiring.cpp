#include "main/wiring.hpp"

#include <algorithm>
#include <random>

#include "kernel/assert.hpp"
#include "main/open_store.hpp"
#include "main/roles.hpp"
#include "main/view_stores.hpp"
#include "services/delivery/module.hpp"
#include "services/menu/module.hpp"
#include "services/mypage/module.hpp"
#include "services/order/module.hpp"
#include "services/order/outbound/remote_delivery.hpp"
#include "services/order/outbound/remote_menu.hpp"
#include "services/order/settings.hpp"
#include "services/payment/module.hpp"

namespace baedal {
namespace {

/// The modules that others call directly, once they are made.
struct Neighbours {
  contracts::MenuApi* menu = nullptr;
  contracts::DeliveryApi* delivery = nullptr;
};

mypage::WatchLimits streams_of(const config::Settings& settings) {
  const auto count = [&](std::string_view name) {
    return static_cast<std::size_t>(settings.integer(name));
  };
  return {.all = count("mypage.streams-max"), .of_client = count("mypage.streams-per-client-max")};
}

class Wiring {
 public:
  explicit Wiring(const WiringContext& context) : context_(context) {}

  Task<Result<Services>> run(const std::vector<std::string>& roles) {
    if (auto reached = reach_neighbours(roles); !reached) co_return pass_on(reached);
    // Order calls menu and delivery: they are made before it.
    for (const char* role : {"menu", "delivery", "payment", "order", "mypage"}) {
      if (std::ranges::find(roles, role) == roles.end()) continue;
      const std::string name = role;
      auto host = co_await make_host(name);
      if (!host) co_return pass_on(host);
      services_.hosts.push_back(std::move(*host));
    }
    co_return std::move(services_);
  }

 private:
  /// Remote adapters for what the roles need and this process does not play.
  Result<void> reach_neighbours(const std::vector<std::string>& roles) {
    const auto plays = [&](std::string_view role) {
      return std::ranges::find(roles, role) != roles.end();
    };
    if (!plays("order")) return {};
    if (!plays("menu")) {
      auto service = remote_service("menu");
      if (!service) return pass_on(service);
      services_.remotes.menu = std::make_unique<order::RemoteMenu>(**service);
      neighbours_.menu = services_.remotes.menu.get();
    }
    if (!plays("delivery")) {
      auto service = remote_service("delivery");
      if (!service) return pass_on(service);
      services_.remotes.delivery = std::make_unique<order::RemoteDelivery>(**service);
      neighbours_.delivery = services_.remotes.delivery.get();
    }
    return {};
  }

  Result<order::RemoteService*> remote_service(const std::string& name) {
    auto options = order::remote_options(context_.settings, name);
    if (!options) return pass_on(options);
    if (auth::ServiceTokens* tokens = context_.service_tokens) {
      options->authorization = [tokens] { return tokens->authorization(); };
    }
    return services_.remotes.services
        .emplace_back(std::make_unique<order::RemoteService>(std::move(*options), context_.client,
                                                             context_.clock, random_fraction))
        .get();
  }

  Task<Result<ServiceHost>> make_host(const std::string& role) {
    ServiceHost host;
    host.name = role;
    auto store = open(role);
    if (!store) co_return pass_on(store);
    host.store = std::move(*store);
    host.traced_store = std::make_unique<store::TracedStore>(*host.store);
    auto parking_store = open_parking_store(role, host.store);
    if (!parking_store) co_return pass_on(parking_store);
    host.parking_store = std::move(*parking_store);
    auto parking = co_await messaging::StoreParking::open(*host.parking_store);
    if (!parking) co_return pass_on(parking);
    host.parking = std::move(*parking);

    std::string group = role;
    if (role == "mypage") {
      auto lineage = co_await mypage::lineage_of(*host.store);
      if (!lineage) co_return pass_on(lineage);
      group = *lineage;
    }
    host.module = make_module(role, host, group);
    host.router = std::make_unique<http::Router>();
    host.module->add_routes(*host.router);
    connect(host, *find_role(role), group);
    // Kept open here, the files of a view that was rebuilt would take room until the end.
    if (host.module->replaced_store()) {
      host.traced_store.reset();
      host.store.reset();
    }
    co_return host;
  }

  Result<std::shared_ptr<store::Store>> open(const std::string& role) {
    auto url = parse_store_url(context_.settings, role);
    if (!url) return pass_on(url);
    const service::StoreSchema schema = schema_of(role);
    if (role != "mypage") {
      auto store = open_store(*url, schema, context_.settings, context_.clock);
      if (!store) return pass_on(store);
      return std::shared_ptr<store::Store>{std::move(*store)};
    }
    // The view is rebuilt beside the live one: there are generations of it.
    services_.view_generations = std::make_unique<store::Generations>(
        view_generations(*url, schema, context_.settings, context_.clock));
    auto store = services_.view_generations->open_current();
    if (!store) return pass_on(store);
    return std::shared_ptr<store::Store>{std::move(*store)};
  }

  /// The view's store goes when a rebuilt one takes its place; what is parked must not go with it.
  Result<std::shared_ptr<store::Store>> open_parking_store(
      const std::string& role, const std::shared_ptr<store::Store>& store) {
    if (role != "mypage") return store;
    auto url = parse_store_url(context_.settings, role);
    if (!url) return pass_on(url);
    auto parked = parked_events_of_view(std::move(*url));
    if (!parked) return pass_on(parked);
    const service::StoreSchema only_parked_events{"parking", {}, {}};
    auto opened = open_store(*parked, only_parked_events, context_.settings, context_.clock);
    if (!opened) return pass_on(opened);
    return std::shared_ptr<store::Store>{std::move(*opened)};
  }

  std::unique_ptr<service::Module> make_module(const std::string& role, const ServiceHost& host,
                                               const std::string& lineage) {
    const auto& [settings, clock, presentation, bus, client, tracing, registry, tokens] = context_;
    store::Store& store = *host.traced_store;
    if (role == "menu") {
      auto module = menu::make_module({store, clock, presentation});
      neighbours_.menu = &module->api();
      return module;
    }
    if (role == "delivery") {
      auto module = delivery::make_module({store, clock, presentation});
      neighbours_.delivery = &module->api();
      return module;
    }
    if (role == "payment") {
      const payment::PaymentOptions options = payment::options_from(settings);
      services_.payment_provider = payment::make_sandbox_provider(options);
      return payment::make_module(
          {store, clock, *services_.payment_provider, presentation, options});
    }
    if (role == "order") {
      return order::make_module(
          {store, clock, *neighbours_.menu, *neighbours_.delivery, presentation});
    }
    BAEDAL_ASSERT(role == "mypage");
    return mypage::make_module({host.store, *services_.view_generations, lineage, bus, clock,
                                presentation, streams_of(settings)});
  }

  void connect(ServiceHost& host, const Role& role, const std::string& group) {
    const config::Settings& settings = context_.settings;
    if (!role.listens.empty()) {
      const messaging::RetryPolicy policy{
          .attempts_max = static_cast<int>(settings.integer("messaging.subscriber.attempts-max")),
          .pause_first = settings.duration("messaging.subscriber.pause-first"),
          .pause_max = settings.duration("messaging.subscriber.pause-max")};
      host.subscriber =
          std::make_unique<messaging::Subscriber>(group, *host.parking, context_.clock, policy);
      host.module->add_handlers(*host.subscriber);
      host.subscriber->trace_with(context_.tracing);
      host.subscriber->subscribe_to(context_.bus);
    }
    if (!role.publishes.empty()) {
      messaging::RelayOptions options;
      options.tracing = &context_.tracing;
      options.pause_first = settings.duration("messaging.relay.pause-first");
      options.pause_max = settings.duration("messaging.relay.pause-max");
      host.published_types = count_published(host.name);
      options.types = host.published_types.get();
      host.relay = std::make_unique<messaging::Relay>(host.name, *host.store, context_.bus,
                                                      context_.clock, options);
    }
  }

  std::unique_ptr<messaging::PublishedTypes> count_published(const std::string& service) {
    auto counter_of = [&registry = context_.metrics, service ](std::string_view type) -> auto& {
      return registry.counter(
          {.name = "baedal.events.published",
           .description = "Events given to the bus, by type; those it refused count again",
           .tags = {{"service", service}, {"type", std::string{type}}}});
    };
    return std::make_unique<messaging::PublishedTypes>(std::move(counter_of));
  }

  const WiringContext& context_;
  Services services_;
  Neighbours neighbours_;
};

}  // namespace

double random_fraction() {
  thread_local std::minstd_rand engine{std::random_device{}()};
  return std::generate_canonical<double, 32>(engine);
}

Task<Result<Services>> wire_services(const WiringContext& context,
                                     const std::vector<std::string>& roles) {
  Wiring wiring(context);
  co_return co_await wiring.run(roles);
}

service::StoreSchema schema_of(const std::string& role) {
  if (role == "menu") return menu::store_schema();
  if (role == "order") return order::store_schema();
  if (role == "payment") return payment::store_schema();
  if (role == "delivery") return delivery::store_schema();
  BAEDAL_ASSERT(role == "mypage");
  return mypage::store_schema();
}

}  // namespace baedal
