#include "services/mypage/module.hpp"

#include <limits>

#include "platform/http/hal/controller.hpp"
#include "services/mypage/app/catch_up.hpp"
#include "services/mypage/app/waiting_orders.hpp"
#include "services/mypage/inbound/mypage_events.hpp"
#include "services/mypage/inbound/mypage_resources.hpp"
#include "services/mypage/inbound/rebuild_endpoint.hpp"
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
        projection_(std::make_shared<StoredView>(std::move(d.store))),
        catch_up_(projection_, history_),
        rebuild_(projection_, generations_, history_),
        waiting_(projection_, d.clock),
        resources_(projection_),
        controller_(resources_, d.presentation) {}

  void add_routes(http::Router& router) override { controller_.add_routes(router); }
  void add_management_routes(http::Router& router) override { add_rebuild_route(router, rebuild_); }
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
  }
  Task<void> stop() override {
    co_await catch_up_.stop();
    co_await waiting_.stop();
  }
  [[nodiscard]] std::vector<service::Reading> readings() const override {
    return {waiting("open", WaitingFor::kPayment), waiting("settled", WaitingFor::kDelivery)};
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
  Projection projection_;
  CatchUp catch_up_;
  RebuildView rebuild_;
  WaitingOrders waiting_;
  MypageResources resources_;
  http::hal::Controller controller_;
};

}  // namespace

const http::hal::ResourceType& resource_type() { return kMypageResourceType; }

service::StoreSchema store_schema() { return {"mypage", kTables, migrations()}; }

std::unique_ptr<service::Module> make_module(Dependencies dependencies) {
  return std::make_unique<MypageModule>(std::move(dependencies));
}

}  // namespace baedal::mypage
