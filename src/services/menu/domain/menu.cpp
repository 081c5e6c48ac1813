#include "services/menu/domain/menu.hpp"

#include <algorithm>
#include <array>

namespace baedal::menu {
namespace {

// Unicode's White_Space beyond the control characters, then what is drawn as nothing: zero width
// spaces and joiners, and the Hangul fillers people use to register a name that cannot be seen.
constexpr auto kBlanks = std::to_array<std::string_view>(
    {" ",      "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
     "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A",
     "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\u200B", "\u200C",
     "\u200D", "\u2060", "\uFEFF", "\u115F", "\u1160", "\u3164", "\uFFA0"});

void touch(Menu& menu, Timestamp now) {
  ++menu.version;
  menu.updated_at = now;
}

}  // namespace

bool is_blank(std::string_view name) {
  while (!name.empty()) {
    const auto blank = std::ranges::find_if(
        kBlanks, [&](std::string_view candidate) { return name.starts_with(candidate); });
    if (blank == kBlanks.end()) return false;
    name.remove_prefix(blank->size());
  }
  return true;
}

Menu create(const MenuDetails& details, Timestamp now) {
  return {.details = details, .version = 1, .created_at = now, .updated_at = now};
}

bool change(Menu& menu, const MenuChanges& changes, Timestamp now) {
  MenuDetails details = menu.details;
  if (changes.name) details.name = *changes.name;
  if (changes.price) details.price = *changes.price;
  if (changes.currency) details.currency = *changes.currency;
  if (changes.sold_out) details.sold_out = *changes.sold_out;
  if (details == menu.details) return false;
  menu.details = std::move(details);
  touch(menu, now);
  return true;
}

Menu deleted(const Menu& menu, Timestamp now) {
  Menu last = menu;
  touch(last, now);
  return last;
}

}  // namespace baedal::menu
