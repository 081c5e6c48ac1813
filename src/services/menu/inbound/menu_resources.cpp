#include "services/menu/inbound/menu_resources.hpp"

#include "services/menu/inbound/menu_fields.hpp"

namespace baedal::menu {
namespace {

using http::hal::Property;
using http::hal::PropertyType;

constexpr Property kProperties[] = {
    {.name = "menuNm",
     .type = PropertyType::kText,
     .writable = true,
     .original = true,
     .sortable = true},
    {.name = "price", .type = PropertyType::kInteger, .writable = true, .sortable = true},
    {.name = "currency", .type = PropertyType::kText, .writable = true},
    {.name = "soldOut", .type = PropertyType::kBoolean, .writable = true},
    {.name = "menuId", .type = PropertyType::kInteger, .sortable = true},
    {.name = "version", .type = PropertyType::kInteger},
    // Menus get their id and their time in one transaction: sorted by one, sorted by the other.
    {.name = "createdAt", .type = PropertyType::kTimestamp, .sortable = true},
    {.name = "updatedAt", .type = PropertyType::kTimestamp}};

http::hal::Resource to_resource(const Menu& menu) {
  http::hal::Resource resource{.id = menu.id.value(), .version = menu.version, .values = {}};
  const MenuDetails& details = menu.details;
  auto& values = resource.values;
  values.reserve(std::size(kProperties));
  values.emplace_back(details.name);
  values.push_back(details.price ? json::Value{*details.price} : json::Value{});
  values.emplace_back(details.currency.code());
  values.emplace_back(details.sold_out);
  values.emplace_back(menu.id.value());
  values.emplace_back(menu.version);
  values.emplace_back(menu.created_at.micros);
  values.emplace_back(menu.updated_at.micros);
  return resource;
}

MenuSort sort_of(std::string_view property) {
  if (property == "menuNm") return MenuSort::kName;
  if (property == "price") return MenuSort::kPrice;
  return MenuSort::kId;
}

Result<http::hal::Written> to_written(Result<Committed<Menu>> committed) {
  if (!committed) return pass_on(committed);
  return http::hal::Written{to_resource(committed->value), committed->replayed};
}

}  // namespace

const http::hal::ResourceType kMenuResourceType{.service = "menu",
                                                .item = "menu",
                                                .collection = "menus",
                                                .properties = kProperties,
                                                .searches = {},
                                                .creatable = true,
                                                .patchable = true,
                                                .replaceable = true,
                                                .erasable = true};

Task<Result<std::optional<http::hal::Resource>>> MenuResources::find(std::int64_t id) {
  auto menu = co_await queries_.find(MenuId{id});
  if (!menu) co_return pass_on(menu);
  co_return menu->transform(to_resource);
}

Task<Result<http::hal::ResourcePage>> MenuResources::list(const http::hal::ListQuery& query) {
  MenuListRequest request{.page = query.page, .size = query.size};
  for (const auto& [property, descending] : query.sort) {
    request.sort.push_back({sort_of(property), descending});
  }
  auto list = co_await queries_.list(request);
  if (!list) co_return pass_on(list);
  http::hal::ResourcePage page{.items = {}, .total = list->total};
  page.items.reserve(list->menus.size());
  for (const Menu& menu : list->menus) page.items.push_back(to_resource(menu));
  co_return page;
}

Task<Result<std::optional<http::hal::Written>>> MenuResources::recall(const OnceKey& key) {
  auto menu = co_await queries_.recall(key);
  if (!menu) co_return pass_on(menu);
  if (!*menu) co_return std::nullopt;
  co_return http::hal::Written{to_resource(**menu), true};
}

Task<Result<http::hal::Written>> MenuResources::create(const json::Object& body,
                                                       const OnceKey& key) {
  auto details = read_details(body);
  if (!details) co_return pass_on(details);
  auto created = co_await create_.run(*details, key);
  co_return to_written(std::move(created));
}

Task<Result<http::hal::Written>> MenuResources::change(std::int64_t id, const json::Object& body,
                                                       const Precondition& precondition,
                                                       const OnceKey& key) {
  auto changes = read_changes(body);
  if (!changes) co_return pass_on(changes);
  const ChangeMenuCommand command{MenuId{id}, std::move(*changes), precondition, key};
  auto changed = co_await change_.run(command);
  co_return to_written(std::move(changed));
}

Task<Result<http::hal::Written>> MenuResources::replace(std::int64_t id, const json::Object& body,
                                                        const Precondition& precondition,
                                                        const OnceKey& key) {
  auto details = read_details(body);
  if (!details) co_return pass_on(details);
  MenuChanges all{details->name, details->price, details->currency, details->sold_out};
  const ChangeMenuCommand command{MenuId{id}, std::move(all), precondition, key};
  auto replaced = co_await change_.run(command);
  co_return to_written(std::move(replaced));
}

Task<Result<void>> MenuResources::erase(std::int64_t id, const Precondition& precondition) {
  return erase_.run(MenuId{id}, precondition);
}

}  // namespace baedal::menu
