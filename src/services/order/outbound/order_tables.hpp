#pragma once

#include <array>
#include <span>

#include "platform/store/migration.hpp"
#include "platform/store/table.hpp"

/// The tables of this service, as migrations/ makes them.
namespace baedal::order {

enum OrderColumn : std::size_t {
  kOrderId,
  kOrderMenuId,
  kOrderMenuName,
  kOrderQuantity,
  kOrderStatus,
  kOrderDeliveryStatus,
  kOrderDeliveryId,
  kOrderAmount,
  kOrderCurrency,
  kOrderPaymentId,
  kOrderPaymentStatus,
  kOrderVersion,
  kOrderCreatedAt,
  kOrderUpdatedAt
};

inline constexpr store::Column kOrderColumns[] = {
    {"id", store::ColumnType::kInteger},          {"menu_id", store::ColumnType::kInteger},
    {"menu_name", store::ColumnType::kText},      {"quantity", store::ColumnType::kInteger},
    {"status", store::ColumnType::kText},         {"delivery_status", store::ColumnType::kText},
    {"delivery_id", store::ColumnType::kInteger}, {"amount", store::ColumnType::kInteger},
    {"currency", store::ColumnType::kText},       {"payment_id", store::ColumnType::kInteger},
    {"payment_status", store::ColumnType::kText}, {"version", store::ColumnType::kInteger},
    {"created_at", store::ColumnType::kInteger},  {"updated_at", store::ColumnType::kInteger}};

inline constexpr store::Index kOrderIndexes[] = {{kOrderMenuId}, {kOrderQuantity}, {kOrderStatus}};

inline constexpr store::Table kOrders{"orders", kOrderColumns, kOrderIndexes};

enum MenuColumn : std::size_t {
  kMenuId,
  kMenuName,
  kMenuPrice,
  kMenuCurrency,
  kMenuSoldOut,
  kMenuDeleted,
  kMenuVersion
};

inline constexpr store::Column kMenuColumns[] = {
    {"id", store::ColumnType::kInteger},       {"name", store::ColumnType::kText},
    {"price", store::ColumnType::kInteger},    {"currency", store::ColumnType::kText},
    {"sold_out", store::ColumnType::kInteger}, {"deleted", store::ColumnType::kInteger},
    {"version", store::ColumnType::kInteger}};

inline constexpr store::Table kMenuReplica{"menu_replica", kMenuColumns, {}};

enum CustomerColumn : std::size_t { kCustomerOrderId, kCustomer };

inline constexpr store::Column kCustomerColumns[] = {{"id", store::ColumnType::kInteger},
                                                     {"customer", store::ColumnType::kText}};

inline constexpr store::Index kCustomerIndexes[] = {{kCustomer}};

/// Whose an order is; its id is the order's id. An order that nobody said to be theirs has no row:
/// where everybody may do everything, an order costs one row as before.
inline constexpr store::Table kOrderCustomers{"order_customers", kCustomerColumns,
                                              kCustomerIndexes};

inline constexpr const store::Table* kTables[] = {&kOrders, &kMenuReplica, &kOrderCustomers};

/// migrations/NNNN_name.sql, compiled in.
[[nodiscard]] std::span<const store::Migration> migrations();

}  // namespace baedal::order
