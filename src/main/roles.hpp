#pragma once

#include <array>
#include <span>
#include <string_view>

#include "contracts/events.hpp"

namespace baedal {

/// A part this program can play. The one table that the command line, the wiring, the documentation
/// and the tests are made from.
struct Role {
  std::string_view name;
  std::string_view summary;
  std::string_view path;                        ///< what it serves
  std::span<const std::string_view> listens;    ///< event types it takes in
  std::span<const std::string_view> publishes;  ///< event types it tells
  std::span<const std::string_view> needs;      ///< roles it calls directly
  std::string_view store;                       ///< default store, below the data folder
};

namespace role_table {
using namespace contracts::event;
using Words = std::string_view;

inline constexpr std::array<Words, 3> kMenuEvents{kMenuCreated, kMenuChanged, kMenuDeleted};
inline constexpr std::array<Words, 2> kOrderEvents{kOrdered, kOrderCancelled};
inline constexpr std::array<Words, 3> kPaymentEvents{kPaid, kPaymentFailed, kPaymentRefunded};
inline constexpr std::array<Words, 3> kDeliveryEvents{kDeliveryStarted, kDeliveryCompleted,
                                                      kDeliveryCancelled};
inline constexpr std::array<Words, 9> kOrderListens{
    kMenuCreated,      kMenuChanged,     kMenuDeleted,     kPaid,
    kPaymentFailed,    kPaymentRefunded, kDeliveryStarted, kDeliveryCompleted,
    kDeliveryCancelled};
inline constexpr std::array<Words, 2> kDeliveryListens{kPaid, kPaymentFailed};
inline constexpr std::array<Words, 8> kMypageListens{
    kOrdered,           kOrderCancelled,   kPaid,
    kPaymentFailed,     kPaymentRefunded,  kDeliveryStarted,
    kDeliveryCompleted, kDeliveryCancelled};
inline constexpr std::array<Words, 2> kOrderNeeds{"menu", "delivery"};
}  // namespace role_table

inline constexpr std::array<Role, 6> kRoles{{
    {"menu",
     "What can be ordered, and at what price",
     "/menus",
     {},
     role_table::kMenuEvents,
     {},
     "sqlite:menu.db"},
    {"order", "Takes orders and cancels them", "/orders", role_table::kOrderListens,
     role_table::kOrderEvents, role_table::kOrderNeeds, "sqlite:order.db"},
    {"payment",
     "Charges each order once, gives back what is cancelled",
     "/payments",
     role_table::kOrderEvents,
     role_table::kPaymentEvents,
     {},
     "sqlite:payment.db"},
    {"delivery",
     "Starts when paid; decides cancel against complete",
     "/deliveries",
     role_table::kDeliveryListens,
     role_table::kDeliveryEvents,
     {},
     "sqlite:delivery.db"},
    {"mypage",
     "The customer's page, made from events alone",
     "/mypages",
     role_table::kMypageListens,
     {},
     {},
     "lmdb:mypage"},
    {"gateway", "The single entry: routes by path to the services", "/", {}, {}, {}, ""},
}};

[[nodiscard]] constexpr const Role* find_role(std::string_view name) {
  for (const Role& role : kRoles) {
    if (role.name == name) return &role;
  }
  return nullptr;
}

}  // namespace baedal
