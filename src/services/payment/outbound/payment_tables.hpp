#pragma once

#include <span>

#include "platform/store/migration.hpp"
#include "platform/store/table.hpp"

/// The table of this service, as migrations/ makes it.
namespace baedal::payment {

enum PaymentColumn : std::size_t {
  kPaymentId,
  kPaymentOrderId,
  kPaymentAmount,
  kPaymentCurrency,
  kPaymentToken,
  kPaymentStatus,
  kPaymentCaptured,
  kPaymentAttempts,
  kPaymentVersion,
  kPaymentCreatedAt,
  kPaymentUpdatedAt
};

inline constexpr store::Column kPaymentColumns[] = {
    {"id", store::ColumnType::kInteger},        {"order_id", store::ColumnType::kInteger},
    {"amount", store::ColumnType::kInteger},    {"currency", store::ColumnType::kText},
    {"token", store::ColumnType::kText},        {"status", store::ColumnType::kText},
    {"captured", store::ColumnType::kInteger},  {"attempts", store::ColumnType::kInteger},
    {"version", store::ColumnType::kInteger},   {"created_at", store::ColumnType::kInteger},
    {"updated_at", store::ColumnType::kInteger}};

/// One payment per order; the status finds the open ones.
inline constexpr store::Index kPaymentIndexes[] = {{kPaymentOrderId, true}, {kPaymentStatus}};

inline constexpr store::Table kPayments{"payments", kPaymentColumns, kPaymentIndexes};

inline constexpr const store::Table* kTables[] = {&kPayments};

/// migrations/NNNN_name.sql, compiled in.
[[nodiscard]] std::span<const store::Migration> migrations();

}  // namespace baedal::payment
