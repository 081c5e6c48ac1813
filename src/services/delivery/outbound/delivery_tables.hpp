#pragma once

#include <array>
#include <span>

#include "platform/store/migration.hpp"
#include "platform/store/table.hpp"

/// The tables of this service, as migrations/ makes them.
namespace baedal::delivery {

enum DeliveryColumn : std::size_t {
  kDeliveryId,
  kDeliveryOrderId,
  kDeliveryStatus,
  kDeliveryVersion,
  kDeliveryCreatedAt,
  kDeliveryUpdatedAt,
  kDeliveryCompletedAt
};

inline constexpr store::Column kDeliveryColumns[] = {
    {"id", store::ColumnType::kInteger},
    {"order_id", store::ColumnType::kInteger},
    {"status", store::ColumnType::kText},
    {"version", store::ColumnType::kInteger},
    {"created_at", store::ColumnType::kInteger},
    {"updated_at", store::ColumnType::kInteger},
    {"completed_at", store::ColumnType::kInteger, true}};

inline constexpr store::Index kDeliveryIndexes[] = {{kDeliveryOrderId, true}, {kDeliveryStatus}};

inline constexpr store::Table kDeliveries{"deliveries", kDeliveryColumns, kDeliveryIndexes};

inline constexpr store::Column kCourierColumns[] = {{"id", store::ColumnType::kInteger},
                                                    {"courier", store::ColumnType::kText}};
inline constexpr std::size_t kCourier = 1;

/// Who has taken a delivery; its id is the delivery's id. No row: nobody.
inline constexpr store::Table kDeliveryCouriers{"delivery_couriers", kCourierColumns, {}};

inline constexpr const store::Table* kTables[] = {&kDeliveries, &kDeliveryCouriers};

/// migrations/NNNN_name.sql, compiled in.
[[nodiscard]] std::span<const store::Migration> migrations();

}  // namespace baedal::delivery
