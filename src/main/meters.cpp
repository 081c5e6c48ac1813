#include "main/meters.hpp"

namespace baedal {
namespace {

metrics::MeterId meter(std::string name, std::string description, metrics::Tags tags = {},
                       std::string unit = {}) {
  return {std::move(name), std::move(unit), std::move(description), std::move(tags)};
}

template <class Number>
double number(Number value) {
  return static_cast<double>(value);
}

}  // namespace

SystemMeters::SystemMeters(metrics::Registry& registry, const std::vector<ServiceHost>& hosts,
                           const messaging::Bus& bus, const http::Server& server)
    : registry_(registry) {
  for (const ServiceHost& host : hosts) {
    add_store(host);
    if (host.relay) add_relay(host);
    if (host.subscriber) {
      add_subscriber(host);
      add_group(host, bus);
    }
    add_readings(host);
  }
  add_server(server);
  registrations_.push_back(
      registry.gauge(meter("baedal.bus.up", "1 where events are kept and delivered"),
                     [&bus] { return bus.health() ? 1.0 : 0.0; }));
}

void SystemMeters::add_store(const ServiceHost& host) {
  const metrics::Tags tags{{"service", host.name}};
  const auto gauge = [&](std::string name, std::string text, auto read) {
    registrations_.push_back(
        registry_.gauge(meter(std::move(name), std::move(text), tags),
                        [&host, read] { return number(read(host.current_store()->stats())); }));
  };
  const auto counter = [&](std::string name, std::string text, auto read) {
    registrations_.push_back(
        registry_.counter(meter(std::move(name), std::move(text), tags),
                          [&host, read] { return number(read(host.current_store()->stats())); }));
  };
  counter("baedal.store.groups", "Durable group commits",
          [](const store::StoreStats& s) { return s.groups; });
  counter("baedal.store.commits", "Commits carried by the groups",
          [](const store::StoreStats& s) { return s.bodies; });
  registrations_.push_back(
      registry_.gauge(meter("baedal.store.up", "1 where a write would work", tags),
                      [&host] { return host.current_store()->health() ? 1.0 : 0.0; }));
  counter("baedal.store.refused", "Commits shed, the queue being full",
          [](const store::StoreStats& s) { return s.refused; });
  gauge("baedal.store.waiting", "Commits in the queue",
        [](const store::StoreStats& s) { return s.waiting; });
  registrations_.push_back(
      registry_.gauge(meter("baedal.parked.events", "Events put aside, to be looked at", tags),
                      [&host] { return number(host.parking->count()); }));
  gauge("baedal.outbox.rows", "Events committed and not yet with the bus",
        [](const store::StoreStats& s) { return s.outbox_rows; });
}

void SystemMeters::add_relay(const ServiceHost& host) {
  const metrics::Tags tags{{"service", host.name}};
  const messaging::Relay& relay = *host.relay;
  registrations_.push_back(registry_.gauge(
      meter("baedal.outbox.oldest.age", "Age of the oldest unsent event", tags, "seconds"),
      [&relay] { return number(relay.stats().oldest_unsent_age.count()) / 1e6; }));
  registrations_.push_back(
      registry_.counter(meter("baedal.relay.failures", "Refusals of the bus", tags),
                        [&relay] { return number(relay.stats().failures); }));
  registrations_.push_back(registry_.gauge(
      meter("baedal.relay.lease", "1 where this process carries the service's outbox", tags),
      [&relay] { return relay.stats().has_lease ? 1.0 : 0.0; }));
}

void SystemMeters::add_subscriber(const ServiceHost& host) {
  const messaging::Subscriber& subscriber = *host.subscriber;
  const auto counter = [&](std::string outcome, auto read) {
    registrations_.push_back(
        registry_.counter(meter("baedal.events", "Events taken in, by outcome",
                                {{"service", host.name}, {"outcome", std::move(outcome)}}),
                          [&subscriber, read] { return number(read(subscriber.stats())); }));
  };
  counter("handled", [](const messaging::SubscriberStats& s) { return s.handled; });
  counter("ignored", [](const messaging::SubscriberStats& s) { return s.ignored; });
  counter("retried", [](const messaging::SubscriberStats& s) { return s.retried; });
  counter("parked", [](const messaging::SubscriberStats& s) { return s.parked; });
}

void SystemMeters::add_readings(const ServiceHost& host) {
  for (service::Reading& reading : host.module->readings()) {
    auto id = meter(std::move(reading.name), std::move(reading.description),
                    std::move(reading.tags), std::move(reading.unit));
    registrations_.push_back(reading.counter
                                 ? registry_.counter(std::move(id), std::move(reading.read))
                                 : registry_.gauge(std::move(id), std::move(reading.read)));
  }
}

void SystemMeters::add_group(const ServiceHost& host, const messaging::Bus& bus) {
  const std::string& group = host.subscriber->group();
  registrations_.push_back(
      registry_.gauge(meter("baedal.bus.lag", "What a group has not taken in yet",
                            {{"service", host.name}, {"group", group}}),
                      [&bus, group] {
                        for (const auto& status : bus.groups()) {
                          if (status.group == group) return number(status.lag);
                        }
                        return 0.0;
                      }));
}

void SystemMeters::add_server(const http::Server& server) {
  registrations_.push_back(
      registry_.gauge(meter("baedal.http.connections.open", "Connections open"),
                      [&server] { return number(server.stats().connections_open); }));
  registrations_.push_back(registry_.counter(
      meter("baedal.http.connections.refused", "Connections refused, too many being open"),
      [&server] { return number(server.stats().connections_refused); }));
  registrations_.push_back(
      registry_.counter(meter("baedal.http.requests.bad", "Requests refused by the server itself"),
                        [&server] { return number(server.stats().bad_requests); }));
  registrations_.push_back(registry_.counter(
      meter("baedal.http.handshakes.failed", "TLS handshakes that did not come about"),
      [&server] { return number(server.stats().handshakes_failed); }));
  registrations_.push_back(registry_.counter(
      meter("baedal.http.requests.shed", "Requests answered 503, too many waiting to be read"),
      [&server] { return number(server.stats().requests_shed); }));
}

void add_indicators(health::HealthRegistry& health, const std::vector<ServiceHost>& hosts,
                    const messaging::Bus& bus) {
  for (const ServiceHost& host : hosts) {
    health.add(
        host.name + "Store", [&host] { return health::Check{host.current_store()->health()}; },
        health::Readiness::kNeeds);
    if (host.module->replaced_store()) {
      health.add(
          host.name + "View", [&host] { return health::Check{host.module->ready()}; },
          health::Readiness::kNeeds);
    }
    if (!host.subscriber) continue;
    const messaging::Subscriber& subscriber = *host.subscriber;
    health.add(host.name + "Events", [&subscriber] { return health::Check{subscriber.health()}; });
  }
  health.add("bus", [&bus] { return health::Check{bus.health()}; });
}

}  // namespace baedal
