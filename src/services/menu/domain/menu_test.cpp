// The rules of a menu: which names show something, what counts as a change, how versions grow.
#include "services/menu/domain/menu.hpp"

#include <gtest/gtest.h>

namespace baedal::menu {
namespace {

constexpr Timestamp kThen{1'000};
constexpr Timestamp kNow{2'000};

const Currency kEuro = Currency::parse("EUR").value();

Menu gimbab() {
  Menu menu = create({.name = "Gimbab", .price = 4500, .sold_out = true}, kThen);
  menu.id = MenuId{3};
  return menu;
}

TEST(IsBlank, what_shows_nothing_in_any_script) {
  for (const char* blank :
       {"", " ", "    ", "\u3000", " \u00A0\u2003 ", "\u200B", "\u3164", "\uFEFF \u2060"}) {
    EXPECT_TRUE(is_blank(blank)) << "\"" << blank << "\"";
  }
  for (const char* name : {"a", " a ", "김", "\u3164김", "🍙", ".", "\u00E9", "\u3001"}) {
    EXPECT_FALSE(is_blank(name)) << name;
  }
}

TEST(Create, is_version_one_of_what_was_said) {
  const MenuDetails details{.name = "김밥", .price = 4500, .currency = kEuro, .sold_out = true};
  const Menu menu = create(details, kNow);
  EXPECT_EQ(menu.details, details);
  EXPECT_EQ(menu.version, 1);
  EXPECT_EQ(menu.created_at, kNow);
  EXPECT_EQ(menu.updated_at, kNow);
}

TEST(Create, has_the_defaults_of_a_menu_of_which_only_the_name_is_known) {
  const MenuDetails details{.name = "Gimbab"};
  EXPECT_FALSE(details.price);
  EXPECT_EQ(details.currency, Currency::krw());
  EXPECT_FALSE(details.sold_out);
}

TEST(Change, each_detail_alone_and_only_that) {
  struct Case {
    MenuChanges changes;
    MenuDetails after;
  };
  const Case cases[] = {
      {{.name = "Juice"}, {.name = "Juice", .price = 4500, .sold_out = true}},
      {{.price = 0}, {.name = "Gimbab", .price = 0, .sold_out = true}},
      {{.price = std::optional<std::int64_t>{}}, {.name = "Gimbab", .sold_out = true}},
      {{.currency = kEuro}, {.name = "Gimbab", .price = 4500, .currency = kEuro, .sold_out = true}},
      {{.sold_out = false}, {.name = "Gimbab", .price = 4500}},
      {{"Juice", 1, kEuro, false}, {.name = "Juice", .price = 1, .currency = kEuro}}};
  for (const Case& c : cases) {
    Menu menu = gimbab();
    EXPECT_TRUE(change(menu, c.changes, kNow));
    EXPECT_EQ(menu.details, c.after);
    EXPECT_EQ(menu.version, 2);
    EXPECT_EQ(menu.updated_at, kNow);
    EXPECT_EQ(menu.created_at, kThen);
    EXPECT_EQ(menu.id, MenuId{3});
  }
}

TEST(Change, to_what_is_there_already_is_none) {
  const MenuChanges cases[] = {{},
                               {.name = "Gimbab"},
                               {.price = 4500},
                               {.sold_out = true},
                               {"Gimbab", 4500, Currency::krw(), true}};
  for (const MenuChanges& changes : cases) {
    Menu menu = gimbab();
    EXPECT_FALSE(change(menu, changes, kNow));
    EXPECT_EQ(menu.version, 1);
    EXPECT_EQ(menu.updated_at, kThen);
  }
}

TEST(Deleted, is_one_version_more_of_the_same) {
  const Menu last = deleted(gimbab(), kNow);
  EXPECT_EQ(last.details, gimbab().details);
  EXPECT_EQ(last.version, 2);
  EXPECT_EQ(last.updated_at, kNow);
}

}  // namespace
}  // namespace baedal::menu
