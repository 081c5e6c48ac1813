#include "services/mypage/module.hpp"

#include <array>
#include <limits>

#include "platform/http/hal/controller.hpp"
#include "services/mypage/app/catch_up.hpp"
#include "services/mypage/app/waiting_orders.hpp"
#include "services/mypage/inbound/line_steps.hpp"
#include "services/mypage/inbound/line_stream.hpp"
#include "services/mypage/inbound/mypage_events.hpp"
#include "services/mypage/inbound/mypage_resources.hpp"
#include "services/mypage/inbound/rebuild_endpoint.hpp"
#include "services/mypage/inbound/waiting_endpoint.hpp"
#include "services/mypage/outbound/mypage_table.hpp"
#include "services/mypage/outbound/stored_view.hpp"
#include "services/mypage/outbound/view_generations.hpp"

namespace baedal::mypage {
namespace {

class MypageModule final : public service::Module {
 public:
  explicit MypageModule(Dependencies d)
      : generations_(d.generations, d.lineage, d.store),
        history_(d.bus, std::move(d.lineage)),
        watchers_(d.streams),
        projection_(std::make_shared<StoredView>(std::move(d.store)), &watchers_),
        catch_up_(projection_, history_),
        rebuild_(projection_, generations_, history_),
        waiting_(projection_, d.clock),
        resources_(projection_),
        controller_(resources_, d.presentation),
        presentation_(d.presentation) {}

  void add_routes(http::Router& router) override {
    controller_.add_routes(router);
    add_stream_route(router, resources_, projection_, watchers_, presentation_);
    add_events_route(router, resources_, projection_, presentation_);
  }
  void add_management_routes(http::Router& router) override {
    add_rebuild_route(router, rebuild_);
    add_waiting_route(router, waiting_, [this] { return catch_up_.ready(); });
  }
  [[nodiscard]] std::shared_ptr<store::Store> replaced_store() const override {
    return generations_.live();
  }
  void add_handlers(messaging::Subscriber& subscriber) override {
    register_events(subscriber, projection_);
  }
  [[nodiscard]] Result<void> ready() const override { return catch_up_.ready(); }
  void start() override {
    catch_up_.start();
    waiting_.start();
    watchers_.start();
  }
  void end_streams() override { watchers_.end(); }
  Task<void> stop() override {
    co_await catch_up_.stop();
    co_await waiting_.stop();
  }
  [[nodiscard]] std::vector<service::Reading> readings() const override {
    return {waiting("open", WaitingFor::kPayment), waiting("settled", WaitingFor::kDelivery),
            service::Reading{.name = "baedal.mypage.streams",
                             .description = "Clients that follow a line of the view",
                             .counter = false,
                             .read = [this] { return static_cast<double>(watchers_.watching()); }}};
  }

 private:
  [[nodiscard]] service::Reading waiting(const char* payment, WaitingFor what) const {
    return {.name = "baedal.orders.waiting.oldest.age",
            .description = "Age of the oldest order without a delivery, by its payment",
            .counter = false,
            .read = [this, what] { return seconds_waited(what); },
            .unit = "seconds",
            .tags = {{"payment", payment}}};
  }
  /// Nothing to show while the view does not know all events: orders of long ago seem to wait then.
  [[nodiscard]] double seconds_waited(WaitingFor what) const {
    if (!catch_up_.ready()) return std::numeric_limits<double>::quiet_NaN();
    return std::chrono::duration<double>{waiting_.oldest_age(what)}.count();
  }

  StoredGenerations generations_;
  BusHistory history_;
  LineWatchers watchers_;
  Projection projection_;
  CatchUp catch_up_;
  RebuildView rebuild_;
  WaitingOrders waiting_;
  MypageResources resources_;
  http::hal::Controller controller_;
  const http::hal::Presentation& presentation_;
};

constexpr std::array kSettings{
    config::Setting{.name = "mypage.streams-per-client-max",
                    .type = config::Type::kInteger,
                    .default_value = "100",
                    .min = "0",
                    .max = "1000000",
                    .unit = "streams",
                    .description = "How many of them one client may follow, whom a token names or, "
                                   "without one, an address (of IPv6 a /64); more are answered "
                                   "429. 0: as many as in all."},
    config::Setting{.name = "mypage.streams-max",
                    .type = config::Type::kInteger,
                    .default_value = "10000",
                    .min = "0",
                    .max = "1000000",
                    .unit = "streams",
                    .description = "How many clients may follow an order by `GET "
                                   "/mypages/{id}/stream` at once; more are answered 503 and ask "
                                   "again instead."}};

}  // namespace

const http::hal::ResourceType& resource_type() { return kMypageResourceType; }

std::span<const config::Setting> settings() { return kSettings; }

service::StoreSchema store_schema() { return {"mypage", kTables, migrations()}; }

std::unique_ptr<service::Module> make_module(Dependencies dependencies) {
  return std::make_unique<MypageModule>(std::move(dependencies));
}

}  // namespace baedal::mypage
