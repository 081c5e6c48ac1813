#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baedal::auth {

/// Who somebody is to this system; one may be several.
enum class Role : std::uint8_t { kCustomer, kCourier, kMerchant, kOperator, kService };

inline constexpr std::array<Role, 5> kAllRoles{Role::kCustomer, Role::kCourier, Role::kMerchant,
                                               Role::kOperator, Role::kService};

/// customer, courier, merchant, operator, service
[[nodiscard]] std::string_view to_word(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view word);

/// A set of roles.
class Roles {
 public:
  constexpr Roles() = default;
  constexpr void add(Role role) { bits_ = static_cast<std::uint8_t>(bits_ | bit(role)); }
  constexpr void remove(Role role) { bits_ = static_cast<std::uint8_t>(bits_ & ~bit(role)); }
  [[nodiscard]] constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }
  [[nodiscard]] constexpr bool meets(Roles others) const { return (bits_ & others.bits_) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(Roles, Roles) = default;

 private:
  static constexpr unsigned bit(Role role) { return 1U << static_cast<unsigned>(role); }
  std::uint8_t bits_ = 0;
};

/// A subject is at most so long: it becomes part of keys that stores bound.
inline constexpr std::size_t kSubjectBytesMax = 128;

/// Who makes a request, as a verified token says. Immutable.
struct Principal {
  std::string subject;  ///< 1 to kSubjectBytesMax bytes; empty: nobody said who they are
  Roles roles{};

  [[nodiscard]] bool anonymous() const { return subject.empty(); }
  /// Operators may do what is anybody's.
  [[nodiscard]] bool is_operator() const { return roles.has(Role::kOperator); }
};

}  // namespace baedal::auth
