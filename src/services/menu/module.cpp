#include "services/menu/module.hpp"

#include "platform/http/hal/controller.hpp"
#include "services/menu/inbound/menu_api.hpp"
#include "services/menu/inbound/menu_resources.hpp"
#include "services/menu/outbound/menu_store.hpp"
#include "services/menu/outbound/menu_tables.hpp"

namespace baedal::menu {
namespace {

class WiredMenu final : public MenuModule {
 public:
  explicit WiredMenu(const Dependencies& d)
      : store_(d.store, d.clock),
        create_(store_, d.clock),
        change_(store_, d.clock),
        erase_(store_, d.clock),
        queries_(store_),
        api_(queries_),
        resources_(create_, change_, erase_, queries_),
        controller_(resources_, d.presentation) {}

  void add_routes(http::Router& router) override { controller_.add_routes(router); }
  /// Menus listen to nobody.
  void add_handlers(messaging::Subscriber&) override {}
  [[nodiscard]] contracts::MenuApi& api() override { return api_; }

 private:
  StoredMenus store_;
  CreateMenu create_;
  ChangeMenu change_;
  DeleteMenu erase_;
  MenuQueries queries_;
  LocalMenuApi api_;
  MenuResources resources_;
  http::hal::Controller controller_;
};

}  // namespace

const http::hal::ResourceType& resource_type() { return kMenuResourceType; }

service::StoreSchema store_schema() { return {"menu", kTables, migrations()}; }

std::unique_ptr<MenuModule> make_module(const Dependencies& dependencies) {
  return std::make_unique<WiredMenu>(dependencies);
}

}  // namespace baedal::menu
