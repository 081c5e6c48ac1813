#include "simulation/process.hpp"

#include <algorithm>
#include <utility>

#include "main/roles.hpp"
#include "services/delivery/module.hpp"
#include "services/menu/module.hpp"
#include "services/mypage/module.hpp"
#include "services/order/module.hpp"
#include "services/order/outbound/remote_delivery.hpp"
#include "services/order/outbound/remote_menu.hpp"
#include "services/payment/module.hpp"
#include "simulation/disk_store.hpp"
#include "simulation/planted.hpp"

namespace baedal::simulation {

using namespace std::chrono_literals;

namespace {

/// As soon, as often and as little at a time as a run is short: processes live some seconds.
constexpr SweepPace kSweepPace{.first_pause = 1s, .pause = 2s, .chunk = 3};

}  // namespace

Process::Process(Surroundings& surroundings, std::string name, std::vector<std::string> roles)
    : world_(surroundings),
      name_(std::move(name)),
      roles_(std::move(roles)),
      random_(surroundings.weather.chance(Fault::kCrash).fork(name_)),
      bus_(name_, world_.topic, life_, clock_, {world_.weather, world_.story, world_.bug}),
      provider_(world_.office, life_, world_.bug),
      sweeper_(clock_, world_.key_retention, kSweepPace) {}

Process::~Process() {
  listen(false);
  executor_.run_out();
}

void Process::start() {
  executor_.post([this] { spawn(run()); });
}

void Process::stop() {
  if (std::exchange(stopping_, true)) return;
  listen(false);
  executor_.post([this] { spawn(stop_in_order()); });
}

void Process::die() {
  life_.over = true;
  listen(false);
  bus_.leave_groups();
  const std::filesystem::path ours = leave_folder();
  if (!std::exchange(stopping_, true)) {
    executor_.post([this] { spawn(stop_in_order()); });
  }
  executor_.run_out();
  BAEDAL_ASSERT(over_);
  std::error_code ec;
  if (!ours.empty()) std::filesystem::remove_all(ours, ec);
}

/// Files are real, and know nothing of death: the next process goes on with a copy of them as they
/// are now. Gives the folder that is left to this one; empty when it has none.
std::filesystem::path Process::leave_folder() {
  if (!plays("mypage") || !std::filesystem::exists(world_.folder)) return {};
  std::filesystem::path ours = world_.folder;
  world_.folder += "'";
  std::filesystem::copy(ours, world_.folder, std::filesystem::copy_options::recursive);
  return ours;
}

Task<void> Process::run() {
  auto opened = co_await open();
  if (opened && !life_.over && !stopping_) {
    start_work();
    serving_ = true;
    listen(true);
    if (world_.story.on()) world_.story.tell("process", name_ + " is up");
  } else {
    if (world_.story.on() && !life_.over) world_.story.tell("process", name_ + " cannot start");
    over_ = true;
  }
  started_.set();
}

/// As System does it.
void Process::start_work() {
  for (ServiceHost& host : hosts_) {
    if (host.relay) host.relay->start();
  }
  working_ = true;
  BAEDAL_ASSERT(bus_.start());
  std::vector<store::Store*> swept;
  for (ServiceHost& host : hosts_) {
    host.module->start();
    if (host.name != "mypage") swept.push_back(host.store.get());
  }
  sweeper_.start(std::move(swept));
  if (gateway_) gateway_->start();
}

Task<void> Process::stop_in_order() {
  co_await started_.wait();
  co_await requests_.join();
  if (working_) co_await end_work();
  working_ = false;
  over_ = true;
}

/// As System does it.
Task<void> Process::end_work() {
  for (ServiceHost& host : hosts_) host.module->end_streams();
  if (gateway_) co_await gateway_->stop();
  co_await sweeper_.stop();
  for (ServiceHost& host : hosts_) co_await host.module->stop();
  for (ServiceHost& host : hosts_) {
    if (host.relay) co_await host.relay->stop();
  }
  co_await bus_.stop();
}

Task<Result<void>> Process::open() {
  reach_neighbours();
  if (plays("gateway")) make_gateway();
  // Order calls menu and delivery: they are made before it.
  for (const char* role : {"menu", "delivery", "payment", "order", "mypage"}) {
    if (!plays(role)) continue;
    auto opening = open_host(role);
    auto host = co_await opening;
    if (!host) co_return pass_on(host);
    hosts_.push_back(std::move(*host));
  }
  router_.add(http::Method::kGet, "/actuator/health/readiness",
              [](http::Request&) -> Task<http::Response> { co_return http::Response{}; });
  for (ServiceHost& host : hosts_) {
    host.module->add_routes(router_);
    host.module->add_management_routes(router_);
  }
  co_return Result<void>{};
}

Task<Result<ServiceHost>> Process::open_host(std::string role) {
  ServiceHost host;
  host.name = role;
  host.store = open_store(role);
  if (!host.store) co_return dead();
  host.traced_store = std::make_unique<store::TracedStore>(*host.store);
  host.parking_store = role == "mypage" ? disk_store("mypage-parked") : host.store;
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
  connect(host, group);
  if (host.module->replaced_store()) {
    host.traced_store.reset();
    host.store.reset();
  }
  co_return host;
}

std::shared_ptr<store::Store> Process::open_store(const std::string& role) {
  if (role != "mypage") return disk_store(role);
  const auto name_of = [](const std::filesystem::path& generation) {
    return "mypage/" + generation.filename().string();
  };
  store::Generations::Removal removal;
  removal.remove = [this, name_of](const std::filesystem::path& path) {
    if (!life_.over) world_.disks.remove(name_of(path));
  };
  auto opener =
      [this, name_of](const std::filesystem::path& path) -> Result<std::unique_ptr<store::Store>> {
    if (life_.over) return dead();
    std::filesystem::create_directories(path);
    return disk_store(name_of(path));
  };
  generations_ = std::make_unique<store::Generations>(world_.folder, opener, std::move(removal));
  auto store = generations_->open_current();
  if (!store) return nullptr;
  return std::move(*store);
}

std::unique_ptr<store::Store> Process::disk_store(const std::string& name) {
  const bool shared = world_.replicas > 1 && !name.starts_with("mypage");
  const DiskStore::World world{world_.weather, world_.story, world_.bug, shared};
  auto store = std::make_unique<DiskStore>(name, world_.disks.open(name), life_, clock_, world);
  return plant(std::move(store), world_.bug);
}

std::unique_ptr<service::Module> Process::make_module(const std::string& role,
                                                      const ServiceHost& host,
                                                      const std::string& lineage) {
  store::Store& store = *host.traced_store;
  if (role == "menu") {
    auto module = menu::make_module({store, clock_, presentation_});
    menu_ = &module->api();
    return module;
  }
  if (role == "delivery") {
    auto module = delivery::make_module({store, clock_, presentation_});
    delivery_ = &module->api();
    return module;
  }
  if (role == "payment") return payment::make_module({store, clock_, provider_, presentation_, {}});
  if (role == "order") {
    if (world_.bug == Bug::kCancelsWithoutAsking) {
      remote_delivery_ = std::make_unique<YesDelivery>();
      delivery_ = remote_delivery_.get();
    }
    return order::make_module({store, clock_, *menu_, *delivery_, presentation_});
  }
  return mypage::make_module({host.store, *generations_, lineage, bus_, clock_, presentation_});
}

void Process::make_gateway() {
  GatewayRole::Instances instances;
  for (const char* role : {"menu", "order", "payment", "delivery", "mypage"}) {
    for (const std::string& host : world_.instances_of(role)) {
      instances[role].push_back("http://" + host + ":8080");
    }
  }
  gateway_ = std::make_unique<GatewayRole>(sender_, clock_, random_, std::move(instances));
}

void Process::reach_neighbours() {
  if (!plays("order")) return;
  const auto reach = [this](const std::string& neighbour) -> order::RemoteService& {
    auto random = [this] { return static_cast<double>(random_.below(1'000'000)) / 1e6; };
    return *remotes_.emplace_back(
        std::make_unique<order::RemoteService>(remote_options(neighbour), sender_, clock_, random));
  };
  if (!plays("menu")) {
    remote_menu_ = std::make_unique<order::RemoteMenu>(reach("menu"));
    menu_ = remote_menu_.get();
  }
  if (!plays("delivery")) {
    remote_delivery_ = std::make_unique<order::RemoteDelivery>(reach("delivery"));
    delivery_ = remote_delivery_.get();
  }
}

/// As configured by default, but with a breaker that opens after a few calls: there are few.
order::RemoteOptions Process::remote_options(const std::string& neighbour) const {
  order::RemoteOptions options;
  options.name = neighbour;
  for (const std::string& host : world_.instances_of(neighbour)) {
    options.instances.push_back({.host = host, .port = 8080, .authority = host + ":8080"});
  }
  options.retry = {.attempts_max = 3,
                   .wait_duration = 50ms,
                   .exponential_backoff_multiplier = 1.5,
                   .randomized_wait_factor = 0.5};
  options.breaker.sliding_window_size = 4;
  options.breaker.minimum_number_of_calls = 4;
  options.breaker.wait_duration_in_open_state = 5s;
  options.breaker.permitted_number_of_calls_in_half_open_state = 1;
  return options;
}

void Process::connect(ServiceHost& host, const std::string& group) {
  const Role& role = *find_role(host.name);
  if (!role.listens.empty()) {
    host.subscriber = std::make_unique<messaging::Subscriber>(group, *host.parking, clock_);
    host.module->add_handlers(*host.subscriber);
    host.subscriber->subscribe_to(bus_);
  }
  if (!role.publishes.empty()) {
    host.relay = std::make_unique<messaging::Relay>(host.name, *host.store, bus_, clock_);
  }
}

void Process::listen(bool on) {
  Station* const station = on ? this : nullptr;
  if (roles_.size() == 1) return world_.network.listen(name_, station);
  for (const std::string& role : roles_) world_.network.listen(role, station);
}

bool Process::plays(std::string_view role) const {
  return std::ranges::find(roles_, role) != roles_.end();
}

bool Process::serve(Packet packet, Answer answer) {
  if (!is_serving()) return false;
  auto request = std::make_shared<Packet>(std::move(packet));
  executor_.post([this, request, answer = std::move(answer)] {
    if (life_.over) return answer(std::unexpected(http::UpstreamFailure::kBroken));
    requests_.spawn(answer_one(std::move(*request), answer));
  });
  return true;
}

Task<void> Process::answer_one(Packet packet, Answer answer) {
  http::Request request = packet.to_request();
  http::HttpHandler* entry = &router_;
  if (gateway_) entry = &gateway_->entry();
  auto handling = entry->handle(request);
  http::Response response = co_await handling;
  if (life_.over) {
    answer(std::unexpected(http::UpstreamFailure::kBroken));
  } else {
    answer(std::move(response));
  }
}

}  // namespace baedal::simulation
