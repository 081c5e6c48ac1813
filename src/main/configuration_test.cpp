// The configuration of the whole program: its one table of settings, the roles, the stores' URLs.
#include "main/configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "main/open_store.hpp"
#include "main/roles.hpp"
#include "platform/config/load.hpp"
#include "platform/config/platform_settings.hpp"
#include "services/payment/module.hpp"

namespace baedal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The settings with these flags, whatever the environment of the test is.
config::Settings settings_with(std::vector<std::string> flags) {
  const config::Registry registry = make_registry();
  auto loaded = config::load(registry, {.environment = {}, .flags = std::move(flags)});
  if (!loaded) ADD_FAILURE() << loaded.error().detail;
  return std::move(*loaded);
}

Result<std::vector<std::string>> roles_of(const std::string& named) {
  return chosen_roles(settings_with({"--roles=" + named}));
}

TEST(Configuration, no_module_can_declare_a_setting_that_another_has) {
  config::Registry registry = make_registry();
  EXPECT_FALSE(registry.add(payment::settings()));
  EXPECT_FALSE(registry.add(config::platform_settings()));
  constexpr config::Setting kStolenFlag[] = {
      {.name = "mine.role", .description = "x", .short_flag = "role"}};
  EXPECT_FALSE(registry.add(kStolenFlag));
  constexpr config::Setting kStolenVariable[] = {{.name = "order-store", .description = "x"}};
  EXPECT_FALSE(registry.add(kStolenVariable)) << "BAEDAL_ORDER_STORE is taken";
}

TEST(Configuration, every_role_with_a_store_has_a_setting_for_it_with_the_default_of_the_table) {
  const config::Registry registry = make_registry();
  for (const Role& role : kRoles) {
    const config::Setting* setting = registry.find(std::string{role.name} + ".store");
    EXPECT_EQ(setting != nullptr, !role.store.empty()) << role.name;
    if (setting != nullptr) {
      EXPECT_EQ(setting->default_value, role.store);
    }
  }
}

TEST(Configuration, what_is_unknown_is_refused_by_name) {
  const config::Registry registry = make_registry();
  const auto loaded = config::load(registry, {.environment = {}, .flags = {"--order.stores=x"}});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().detail, HasSubstr("order.stores"));
}

TEST(Roles, without_a_choice_are_all_in_the_order_of_the_table) {
  EXPECT_THAT(roles_of("").value(),
              ElementsAre("menu", "order", "payment", "delivery", "mypage", "gateway"));
}

TEST(Roles, named_in_any_order_or_twice_come_once_in_the_order_of_the_table) {
  EXPECT_THAT(roles_of("gateway,menu,gateway").value(), ElementsAre("menu", "gateway"));
  EXPECT_THAT(roles_of("delivery,order,menu").value(), ElementsAre("menu", "order", "delivery"));
  EXPECT_THAT(chosen_roles(settings_with({"--role", "payment"})).value(), ElementsAre("payment"));
}

TEST(Roles, that_need_others_may_be_named_alone_by_whoever_does_not_serve) {
  const auto settings = settings_with({"--role", "order"});
  EXPECT_THAT(named_roles(settings).value(), ElementsAre("order"));
  EXPECT_FALSE(chosen_roles(settings));
}

TEST(Roles, that_do_not_exist_are_refused_by_name) {
  for (const char* named : {"cook", "menu,cook", "Menu", "order.store"}) {
    const auto refused = roles_of(named);
    ASSERT_FALSE(refused) << named;
    EXPECT_EQ(refused.error().code, "unknown-role");
    EXPECT_THAT(refused.error().detail, HasSubstr("baedal roles"));
  }
}

TEST(Roles, that_need_another_say_which) {
  for (const auto& [named, missing] :
       {std::pair{"order", "menu"}, std::pair{"order,menu", "delivery"},
        std::pair{"order,delivery,payment,mypage,gateway", "menu"}}) {
    const auto refused = roles_of(named);
    ASSERT_FALSE(refused) << named;
    EXPECT_EQ(refused.error().code, "missing-role");
    EXPECT_THAT(refused.error().detail, HasSubstr(missing));
  }
}

TEST(StoreUrl, names_a_product_and_a_path_below_the_data_folder) {
  const auto settings = settings_with(
      {"--data.dir=/data", "--order.store=lmdb:a/b", "--menu.store=sqlite:/far/menu.db"});
  const auto relative = parse_store_url(settings, "order");
  EXPECT_EQ(relative->product, "lmdb");
  EXPECT_EQ(relative->path, "/data/a/b");
  EXPECT_EQ(parse_store_url(settings, "menu")->path, "/far/menu.db");
  EXPECT_EQ(parse_store_url(settings, "mypage")->product, "lmdb");
}

TEST(StoreUrl, that_is_none_is_refused_with_the_name_of_the_setting) {
  for (const char* bad :
       {"order.db", "sqlite:", "lmdb:", ":order.db", "mysql:order", "SQLITE:x", "sqlite"}) {
    const auto refused =
        parse_store_url(settings_with({std::string{"--order.store="} + bad}), "order");
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(refused.error().code, "bad-store-url");
    EXPECT_THAT(refused.error().detail, HasSubstr("order.store"));
    EXPECT_THAT(refused.error().detail, HasSubstr(bad));
  }
}

}  // namespace
}  // namespace baedal
