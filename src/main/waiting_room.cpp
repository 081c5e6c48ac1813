#include "main/waiting_room.hpp"

#include <string>

#include "main/build_info.hpp"
#include "platform/actuator/actuator.hpp"
#include "platform/clock/system_clock.hpp"
#include "platform/health/health.hpp"
#include "platform/http/problem.hpp"
#include "platform/http/server.hpp"
#include "platform/metrics/registry.hpp"
#include "platform/runtime/runtime.hpp"

namespace baedal {
namespace {

/// The operator's paths, and 503 for all others.
class Door final : public http::HttpHandler {
 public:
  explicit Door(http::Router& management) : management_(management) {}

  Task<http::Response> handle(http::Request& request) override {
    if (actuator::Actuator::owns(request.path)) co_return co_await management_.handle(request);
    const std::string why = "The process is starting, and waits for its store.";
    http::Response refusal = http::problem(503, "starting", why, request);
    refusal.with("Retry-After", "1");
    co_return refusal;
  }

 private:
  http::Router& management_;
};

}  // namespace

struct WaitingRoom::Impl {
  Impl() {
    actuator.add_routes(management);
    runtime.start();
  }
  ~Impl() {
    server.reset();
    runtime.stop();
  }

  SystemClock clock;
  metrics::Registry metrics{clock};
  health::HealthRegistry health;  ///< starting, for as long as this lives
  actuator::Actuator actuator{
      health, metrics, {.version = std::string{kVersion}, .git_commit = std::string{kGitCommit}}};
  http::Router management;
  Door door{management};
  runtime::Runtime runtime{1};
  std::unique_ptr<http::Server> server;
};

WaitingRoom::WaitingRoom(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WaitingRoom::~WaitingRoom() = default;

Result<std::unique_ptr<WaitingRoom>> WaitingRoom::open(const config::Settings& settings) {
  auto impl = std::make_unique<Impl>();
  impl->server = std::make_unique<http::Server>(impl->runtime, impl->door);
  auto listening = impl->server->listen(settings.text("http.address"),
                                        static_cast<std::uint16_t>(settings.integer("http.port")));
  if (!listening) return pass_on(listening);
  return std::unique_ptr<WaitingRoom>{new WaitingRoom(std::move(impl))};
}

}  // namespace baedal
