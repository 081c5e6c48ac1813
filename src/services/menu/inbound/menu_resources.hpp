#pragma once

#include "platform/http/hal/resource.hpp"
#include "services/menu/app/change_menu.hpp"
#include "services/menu/app/create_menu.hpp"
#include "services/menu/app/delete_menu.hpp"
#include "services/menu/app/menu_queries.hpp"

namespace baedal::menu {

extern const http::hal::ResourceType kMenuResourceType;

/// /menus: register, read, change, delete. Members that a client cannot set are ignored when sent.
class MenuResources final : public http::hal::Resources {
 public:
  MenuResources(CreateMenu& create, ChangeMenu& change, DeleteMenu& erase, MenuQueries& queries)
      : create_(create), change_(change), erase_(erase), queries_(queries) {}

  [[nodiscard]] const http::hal::ResourceType& type() const override { return kMenuResourceType; }
  Task<Result<std::optional<http::hal::Resource>>> find(std::int64_t id) override;
  Task<Result<http::hal::ResourcePage>> list(const http::hal::ListQuery& query) override;
  Task<Result<std::optional<http::hal::Written>>> recall(const OnceKey& key) override;
  Task<Result<http::hal::Written>> create(const json::Object& body, const OnceKey& key) override;
  /// A null takes a member back to its default; the name has none.
  Task<Result<http::hal::Written>> change(std::int64_t id, const json::Object& body,
                                          const Precondition& precondition,
                                          const OnceKey& key) override;
  /// What is not sent gets its default. kNotFound for an unknown id: menus are made by POST.
  Task<Result<http::hal::Written>> replace(std::int64_t id, const json::Object& body,
                                           const Precondition& precondition,
                                           const OnceKey& key) override;
  Task<Result<void>> erase(std::int64_t id, const Precondition& precondition) override;

 private:
  CreateMenu& create_;
  ChangeMenu& change_;
  DeleteMenu& erase_;
  MenuQueries& queries_;
};

}  // namespace baedal::menu
