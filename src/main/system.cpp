#include "main/system.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "main/access.hpp"
#include "main/access_log.hpp"
#include "main/accounts.hpp"
#include "main/api_documents.hpp"
#include "main/build_info.hpp"
#include "main/edge.hpp"
#include "main/key_sweeper.hpp"
#include "main/management.hpp"
#include "main/meters.hpp"
#include "main/open_bus.hpp"
#include "main/outbox_endpoints.hpp"
#include "main/root_collections.hpp"
#include "main/server_options.hpp"
#include "main/telemetry.hpp"
#include "main/web_files.hpp"
#include "main/wiring.hpp"
#include "platform/actuator/actuator.hpp"
#include "platform/actuator/measured_handler.hpp"
#include "platform/auth/me.hpp"
#include "platform/clock/system_clock.hpp"
#include "platform/http/hal/controller.hpp"
#include "platform/http/server.hpp"
#include "platform/http/trusted_proxies.hpp"
#include "platform/http/upstream/settings.hpp"
#include "platform/http/whole_body.hpp"
#include "platform/log/log.hpp"
#include "platform/metrics/process_metrics.hpp"
#include "platform/resilience/guards.hpp"
#include "platform/resilience/settings.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/tracing/http/traced_handler.hpp"
#include "services/gateway/inbound/gateway_handler.hpp"
#include "services/gateway/inbound/pages.hpp"
#include "services/gateway/outbound/local_upstreams.hpp"
#include "services/gateway/outbound/remote_upstreams.hpp"
#include "services/gateway/outbound/routes_file.hpp"
#include "services/gateway/outbound/settings.hpp"

namespace baedal {
namespace {

/// An operator reads in the log when a store or the bus went away, and when it came back.
void log_change(const health::Component& component) {
  if (component.status == health::Status::kUp) {
    log::info("health", "component is up again", {{"component", component.name}});
    return;
  }
  const json::Value* error = component.details.find("error");
  const auto* words = error != nullptr ? error->get<std::string>() : nullptr;
  log::warn("health", "component went down",
            {{"component", component.name}, {"error", words != nullptr ? *words : std::string{}}});
}

}  // namespace

/// In the order of their making; what is used by others comes first.
struct System::Impl {
  explicit Impl(const config::Settings& settings_in)
      : settings(settings_in),
        started_at(std::chrono::steady_clock::now()),
        process_metrics(metrics, clock, settings.text("data.dir")),
        http_metrics(metrics),
        guards(metrics, health, clock, resilience::circuit_breaker_options(settings)),
        view(presentation(settings)),
        runtime(static_cast<std::size_t>(settings.integer("http.io-threads"))),
        client(runtime, clock, http::upstream_limits(settings)),
        sweeper(clock, settings.duration("idempotency.retention")) {}

  const config::Settings& settings;
  std::chrono::steady_clock::time_point started_at;
  SystemClock clock;
  metrics::Registry metrics{clock};
  AccessLog access_log{settings.boolean("access-log.client-address")};
  std::unique_ptr<Edge> edge;
  std::unique_ptr<Telemetry> telemetry;
  std::unique_ptr<Access> access;  ///< null: everybody may do everything
  metrics::ProcessMetrics process_metrics;
  metrics::HttpServerMetrics http_metrics;
  health::HealthRegistry health;
  resilience::Guards guards;
  http::hal::Presentation view;
  runtime::Runtime runtime;
  http::UpstreamClient client;
  std::optional<messaging::InstanceId> instance;
  std::unique_ptr<messaging::Bus> bus;
  std::vector<metrics::Registration> bus_meters;
  std::unique_ptr<WiringContext> context;
  Services services;
  std::vector<metrics::Registration> call_meters;
  KeySweeper sweeper;
  bool working = false;  ///< background work runs, to be ended before the parts go

  http::Router own_routes;
  std::unique_ptr<actuator::Actuator> actuator;
  std::unique_ptr<OutboxEndpoints> outbox_endpoints;
  std::unique_ptr<Accounts> logins;                   ///< null: nobody logs in here
  std::unique_ptr<accounts::NoAccounts> no_accounts;  ///< then this says so
  std::unique_ptr<gateway::RemoteUpstreams> remote_upstreams;
  gateway::LocalUpstreams upstreams{settings.size("http.body-bytes-max")};
  http::WholeBody own_whole{own_routes, settings.size("http.body-bytes-max")};
  std::unique_ptr<gateway::FilterTools> filter_tools;
  std::unique_ptr<gateway::GatewayHandler> gateway;
  std::unique_ptr<gateway::Fleet> fleet;
  std::unique_ptr<gateway::Pages> pages;
  std::unique_ptr<actuator::MeasuredHandler> measured;
  std::unique_ptr<tracing::TracedHandler> traced;
  std::unique_ptr<http::ForwardedFilter> forwarded;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<SystemMeters> meters;

  Result<void> open(const std::vector<std::string>& roles);
  Result<void> make_access(const std::vector<std::string>& roles);
  http::HttpHandler& door(http::HttpHandler& inner);
  void show(order::RemoteService& remote);
  Result<gateway::RouteTable> read_routes() const;
  Result<void> make_gateway();
  Result<void> start_work();
  Result<void> make_logins();
  Result<void> make_routes(bool with_gateway);
  Result<void> listen();
  void stop();
  Task<void> see_off();
  Task<void> stop_work();
};

Result<void> System::Impl::make_access(const std::vector<std::string>& roles) {
  const auto open = is_open(settings);
  if (!open) return std::unexpected(open.error());
  if (*open) return {};
  auto made = Access::make(settings, roles, clock);
  if (!made) return pass_on(made);
  access = std::move(*made);
  return {};
}

/// In front of what is reached by another way than the first door: by rewritten paths.
http::HttpHandler& System::Impl::door(http::HttpHandler& inner) {
  return access ? access->door(inner) : inner;
}

Result<void> System::Impl::open(const std::vector<std::string>& roles) {
  auto opened_edge = Edge::open(settings, clock, metrics);
  if (!opened_edge) return pass_on(opened_edge);
  edge = std::move(*opened_edge);
  if (auto made = make_access(roles); !made) return made;
  std::error_code ec;
  std::filesystem::create_directories(settings.text("data.dir"), ec);
  if (ec) {
    return fail(
        ErrorKind::kUnavailable, "no-data-folder",
        "The folder " + settings.text("data.dir") + " cannot be made: " + ec.message() + ".");
  }
  auto opened = open_bus(settings, metrics);
  if (!opened) return pass_on(opened);
  instance = std::move(opened->instance);
  bus = std::move(opened->bus);
  bus_meters = std::move(opened->meters);
  telemetry = std::make_unique<Telemetry>(settings, roles, clock, metrics);
  context = std::make_unique<WiringContext>(
      WiringContext{settings, clock, view, *bus, client, telemetry->events(), metrics,
                    access ? access->service_tokens() : nullptr});
  auto wired = runtime.run(wire_services(*context, roles));
  if (!wired) return pass_on(wired);
  services = std::move(*wired);
  for (const auto& remote : services.remotes.services) show(*remote);
  return {};
}

/// Makes what guards the calls of a neighbour visible in metrics, health and the log.
void System::Impl::show(order::RemoteService& remote) {
  guards.show(remote.breaker());
  guards.show(remote.name(), remote.bulkhead());
  const auto count = [&](const char* what, const char* text, const char* kind,
                         const std::atomic<std::uint64_t>& counter) {
    metrics::MeterId id{
        "resilience4j." + std::string{what}, {}, text, {{"kind", kind}, {"name", remote.name()}}};
    call_meters.push_back(
        metrics.counter(std::move(id), [&counter] { return static_cast<double>(counter.load()); }));
  };
  constexpr const char* kRetried = "Calls that were tried more than once";
  count("timelimiter.calls", "Calls given up at the time limit", "timeout",
        remote.counts().timed_out);
  count("retry.calls", kRetried, "successful_with_retry", remote.counts().retried_well);
  count("retry.calls", kRetried, "failed_with_retry", remote.counts().retried_in_vain);
}

Result<void> System::Impl::start_work() {
  auto begin = [this]() -> Task<Result<void>> {
    for (ServiceHost& host : services.hosts) {
      if (host.relay) host.relay->start();
    }
    auto started = bus->start();
    if (!started) co_return started;
    std::vector<store::Store*> swept;
    for (ServiceHost& host : services.hosts) {
      host.module->start();
      // The view's store is replaced by a rebuild, and keeps no keys.
      if (host.name != "mypage") swept.push_back(host.store.get());
    }
    sweeper.start(std::move(swept));
    if (remote_upstreams) remote_upstreams->start();
    edge->start();
    co_return Result<void>{};
  };
  working = true;
  return runtime.run(begin());
}

Result<gateway::RouteTable> System::Impl::read_routes() const {
  const std::string& file = settings.text("gateway.routes-file");
  return file.empty() ? gateway::parse_routes(std::string{gateway::default_routes()}, *filter_tools)
                      : gateway::load_routes(file, *filter_tools);
}

Result<void> System::Impl::make_gateway() {
  auto options = gateway::upstream_options(settings);
  if (!options) return pass_on(options);
  if (settings.boolean("gateway.circuit-breaker")) {
    options->breaker = [this](const std::string& name) { return guards.breaker(name); };
  }
  remote_upstreams = std::make_unique<gateway::RemoteUpstreams>(
      client, clock, http::TrustedProxies{settings.list("http.trusted-proxies")},
      std::move(*options));
  upstreams.set_others(*remote_upstreams);
  filter_tools = std::make_unique<gateway::FilterTools>(gateway::FilterTools{
      .clock = clock,
      .random = random_fraction,
      .breaker = [this](const std::string& name) { return guards.breaker(name); },
      .rate_limiter =
          [this](const std::string& name, const resilience::RateLimiterOptions& limits) {
            return guards.rate_limiter(name, limits);
          },
      .rate_limit = gateway::usual_rate_limit(settings),
      .dispatch = [this](http::Request& request) { return gateway->handle(request); }});
  auto routes = read_routes();
  if (!routes) return pass_on(routes);
  gateway = std::make_unique<gateway::GatewayHandler>(upstreams, door(own_whole));
  gateway->use(std::move(*routes));
  gateway->add_management_routes(own_routes, [this] { return read_routes(); });
  fleet = std::make_unique<gateway::Fleet>(*gateway, client, door(own_whole),
                                           fleet_options(settings, services.hosts));
  fleet->add_routes(own_routes);
  return {};
}

/// Where people log in, and who they are taken for.
Result<void> System::Impl::make_logins() {
  const auth::CsrfTokens* csrf = access ? access->csrf() : nullptr;
  auth::add_me_route(own_routes, csrf);
  if (csrf == nullptr) {
    no_accounts = accounts::add_routes_without_accounts(own_routes);
    return {};
  }
  auto opened = runtime.run(Accounts::open(settings, clock, *access->issuer(), *csrf));
  if (!opened) return pass_on(opened);
  logins = std::move(*opened);
  logins->add_routes(own_routes);
  logins->show(metrics, health);
  return {};
}

Result<void> System::Impl::make_routes(bool with_gateway) {
  actuator = std::make_unique<actuator::Actuator>(
      health, metrics,
      actuator::Options{
          .name = "baedal",
          .version = std::string{kVersion},
          .git_commit = std::string{kGitCommit},
          .show_details = settings.choice("management.health.show-details") == "always",
          .demo_endpoints = settings.boolean("management.demo-endpoints"),
          .more = management_links(services.hosts, with_gateway)});
  actuator->add_routes(own_routes);
  if (auto made = make_logins(); !made) return made;
  outbox_endpoints = std::make_unique<OutboxEndpoints>(services.hosts, *bus, clock);
  outbox_endpoints->add_routes(own_routes);
  add_document_routes(own_routes);
  for (ServiceHost& host : services.hosts) {
    host.module->add_management_routes(own_routes);
    upstreams.add(host.name, door(*host.router));
    if (!with_gateway) host.module->add_routes(own_routes);
  }
  http::hal::add_root_routes(own_routes, root_collections(services.hosts, with_gateway), view);

  http::HttpHandler* entry = &own_routes;
  if (with_gateway) {
    if (auto made = make_gateway(); !made) return pass_on(made);
    entry = gateway.get();
  }
  if (access) entry = &access->first_door(*entry);
  // The pages are for everybody: it is what they ask for that needs a right.
  if (with_gateway && !web_files().empty() && settings.boolean("gateway.pages")) {
    pages = std::make_unique<gateway::Pages>(web_files(), *entry);
    entry = pages.get();
  }
  measured = std::make_unique<actuator::MeasuredHandler>(*entry, http_metrics, clock);
  traced =
      std::make_unique<tracing::TracedHandler>(*measured, telemetry->tracer(), Telemetry::hooks());
  forwarded = std::make_unique<http::ForwardedFilter>(
      *traced, http::TrustedProxies{settings.list("http.trusted-proxies")});
  return {};
}

Result<void> System::Impl::listen() {
  http::ServerLimits limits = server_limits(settings);
  if (gateway) limits.streamed_body_bytes_max = settings.size("gateway.body-bytes-max");
  server = std::make_unique<http::Server>(runtime, *forwarded, limits);
  server->observe([this](const http::Request& request, const http::Response& response,
                         std::chrono::nanoseconds took) {
    access_log.write(request, response, took);
    edge->observe(request, response);
  });
  server->spare(&actuator::Actuator::owns);
  server->trust([proxies = http::TrustedProxies{settings.list("http.trusted-proxies")}](
                    std::string_view address) { return proxies.trusts(address); });
  edge->dress(*server);
  server->on_error([](std::string_view message) { log::error("http", message); });
  meters = std::make_unique<SystemMeters>(metrics, services.hosts, *bus, *server);
  add_indicators(health, services.hosts, *bus);
  health.on_change(log_change);
  metrics::record_started(metrics, std::chrono::steady_clock::now() - started_at);
  // Ready before it listens: the first request that gets in is answered.
  health.set_lifecycle(health::Lifecycle::kReady);
  auto listening = server->listen(settings.text("http.address"),
                                  static_cast<std::uint16_t>(settings.integer("http.port")));
  if (listening) listening = edge->listen(*server);
  if (!listening) return listening;
  metrics::record_ready(metrics, std::chrono::steady_clock::now() - started_at);
  return {};
}

Task<void> System::Impl::see_off() {
  const auto delay = settings.duration("shutdown.delay");
  if (delay.count() == 0) co_return;
  health.set_lifecycle(health::Lifecycle::kDraining);
  server->see_off();
  co_await sleep_for(delay);
}

Task<void> System::Impl::stop_work() {
  if (remote_upstreams) co_await remote_upstreams->stop();
  co_await edge->stop();
  co_await sweeper.stop();
  for (ServiceHost& host : services.hosts) co_await host.module->stop();
  for (ServiceHost& host : services.hosts) {
    if (host.relay) co_await host.relay->stop();
  }
  co_await bus->stop();
}

void System::Impl::stop() {
  health.set_lifecycle(health::Lifecycle::kDraining);
  for (ServiceHost& host : services.hosts) host.module->end_streams();
  if (server) runtime.run(server->drain(settings.duration("shutdown.grace")));
  if (working) runtime.run(stop_work());
  working = false;
  meters.reset();
  server.reset();
}

System::System(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

System::~System() {
  impl_->stop();
  impl_->runtime.stop();
}

Result<std::unique_ptr<System>> System::start(const config::Settings& settings,
                                              const std::vector<std::string>& roles,
                                              const std::function<void()>& before_listening) {
  auto impl = std::make_unique<Impl>(settings);
  impl->runtime.start();
  // From here on the destructor ends what was begun.
  std::unique_ptr<System> system{new System(std::move(impl))};
  const bool with_gateway = std::ranges::find(roles, "gateway") != roles.end();
  if (auto opened = system->impl_->open(roles); !opened) return pass_on(opened);
  if (auto routed = system->impl_->make_routes(with_gateway); !routed) return pass_on(routed);
  if (auto started = system->impl_->start_work(); !started) return pass_on(started);
  if (before_listening) before_listening();
  if (auto listening = system->impl_->listen(); !listening) return pass_on(listening);
  return system;
}

std::uint16_t System::port() const { return impl_->server->port(); }
std::uint16_t System::tls_port() const { return impl_->server->tls_port(); }

void System::run_until_signal() {
  const int signal = impl_->runtime.run(runtime::wait_for_termination_signal(impl_->runtime));
  log::info("main", "stopping", {{"signal", signal}});
  impl_->runtime.run(impl_->see_off());
  impl_->stop();
  log::info("main", "stopped");
}

}  // namespace baedal
