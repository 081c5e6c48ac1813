#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/money.hpp"
#include "kernel/strong_id.hpp"
#include "kernel/timestamp.hpp"

namespace baedal::menu {

using MenuId = StrongId<struct MenuIdTag>;

inline constexpr std::size_t kNameLengthMin = 1;  ///< Unicode code points
inline constexpr std::size_t kNameLengthMax = 100;
inline constexpr std::int64_t kPriceMin = 0;  ///< minor units
/// 2^53 - 1: every JSON reader keeps it exactly (RFC 8259 section 6).
inline constexpr std::int64_t kPriceMax = 9'007'199'254'740'991;

/// What a shop says of a menu, within the bounds above and with a name that is not blank.
struct MenuDetails {
  std::string name{};
  std::optional<std::int64_t> price{};  ///< minor units of `currency`; none: no price set
  Currency currency = Currency::krw();
  bool sold_out = false;
  friend bool operator==(const MenuDetails&, const MenuDetails&) = default;
};

/// Which details shall change, and to what. All of them set: the details are replaced.
struct MenuChanges {
  std::optional<std::string> name{};
  std::optional<std::optional<std::int64_t>> price{};  ///< an inner none takes the price away
  std::optional<Currency> currency{};
  std::optional<bool> sold_out{};
};

struct Menu {
  MenuId id{};
  MenuDetails details{};
  std::int64_t version = 0;  ///< +1 at each change, the deletion included
  Timestamp created_at{};
  Timestamp updated_at{};
};

/// Whether `name` shows nothing: spaces of any script, and characters that are drawn as one.
[[nodiscard]] bool is_blank(std::string_view name);

/// A new menu, without an id yet.
[[nodiscard]] Menu create(const MenuDetails& details, Timestamp now);

/// Whether that made a difference; if not, the menu is as it was.
bool change(Menu& menu, const MenuChanges& changes, Timestamp now);

/// The last state of a menu, as the others hear of it. Its row goes.
[[nodiscard]] Menu deleted(const Menu& menu, Timestamp now);

}  // namespace baedal::menu
