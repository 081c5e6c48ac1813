#include "platform/auth/principal.hpp"

namespace baedal::auth {

std::string_view to_word(Role role) {
  switch (role) {
    case Role::kCustomer:
      return "customer";
    case Role::kCourier:
      return "courier";
    case Role::kMerchant:
      return "merchant";
    case Role::kOperator:
      return "operator";
    case Role::kService:
      return "service";
  }
  return {};
}

std::optional<Role> parse_role(std::string_view word) {
  for (const Role role : kAllRoles) {
    if (to_word(role) == word) return role;
  }
  return std::nullopt;
}

}  // namespace baedal::auth
