#pragma once

#include "contracts/commands.hpp"
#include "services/menu/app/menu_queries.hpp"

namespace baedal::menu {

/// The menu service as an order service in the same process calls it. One in another process reads
/// GET /menus/{id}.
class LocalMenuApi final : public contracts::MenuApi {
 public:
  explicit LocalMenuApi(MenuQueries& queries) : queries_(queries) {}
  Task<Result<std::optional<contracts::MenuItem>>> find_menu(std::int64_t menu_id) override;

 private:
  MenuQueries& queries_;
};

}  // namespace baedal::menu
