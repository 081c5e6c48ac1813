#pragma once

#include <span>

#include "platform/store/migration.hpp"
#include "platform/store/table.hpp"

namespace baedal::mypage {

enum MypageColumn : std::size_t {
  kOrderId,
  kMenuId,
  kMenuName,
  kQuantity,
  kAmount,
  kCurrency,
  kCreatedAt,
  kStatus,
  kDeliveryId,
  kDeliveryStatus,
  kPaymentId,
  kPaymentStatus,
  kUpdatedAt,
  kSteps
};

inline constexpr store::Column kColumns[] = {
    {"id", store::ColumnType::kInteger},          {"menu_id", store::ColumnType::kInteger},
    {"menu_name", store::ColumnType::kText},      {"quantity", store::ColumnType::kInteger},
    {"amount", store::ColumnType::kInteger},      {"currency", store::ColumnType::kText},
    {"created_at", store::ColumnType::kInteger},  {"status", store::ColumnType::kText},
    {"delivery_id", store::ColumnType::kInteger}, {"delivery_status", store::ColumnType::kText},
    {"payment_id", store::ColumnType::kInteger},  {"payment_status", store::ColumnType::kText},
    {"updated_at", store::ColumnType::kInteger},  {"steps", store::ColumnType::kText, true}};

inline constexpr store::Index kIndexes[] = {{kStatus}, {kDeliveryId}};

/// One row per order; its id is the order's id.
inline constexpr store::Table kMypages{"mypages", kColumns, kIndexes};

inline constexpr store::Column kLineageColumns[] = {{"id", store::ColumnType::kInteger},
                                                    {"name", store::ColumnType::kText}};

/// Two rows. One: the consumer group whose position this view stands at. A rebuilt view takes the
/// group of the one it replaces; a view created from nothing starts a group of its own, from the
/// earliest event. The other is there once the view has taken in what was kept when it was made.
inline constexpr store::Table kLineage{"view_lineage", kLineageColumns, {}};

inline constexpr store::Column kCustomerColumns[] = {{"id", store::ColumnType::kInteger},
                                                     {"customer", store::ColumnType::kText}};
inline constexpr std::size_t kCustomer = 1;
inline constexpr store::Index kCustomerIndexes[] = {{kCustomer}};

/// Whose an order is; its id is the order's id. No row: nobody's.
inline constexpr store::Table kCustomers{"mypage_customers", kCustomerColumns, kCustomerIndexes};

inline constexpr const store::Table* kTables[] = {&kMypages, &kLineage, &kCustomers};

[[nodiscard]] std::span<const store::Migration> migrations();

}  // namespace baedal::mypage
