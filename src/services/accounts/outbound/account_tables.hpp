#pragma once

#include <span>

#include "platform/store/migration.hpp"
#include "platform/store/table.hpp"

/// The tables of accounts, as migrations/ makes them.
namespace baedal::accounts {

enum AccountColumn : std::size_t {
  kAccountId,
  kAccountName,
  kAccountPassword,
  kAccountRolesText,
  kAccountState,
  kAccountFailures,
  kAccountLockedUntil,
  kAccountTriedAt,
  kAccountEpoch,
  kAccountCreatedAt,
  kAccountUpdatedAt
};

inline constexpr store::Column kAccountColumns[] = {
    {"id", store::ColumnType::kInteger},           {"name", store::ColumnType::kText},
    {"password", store::ColumnType::kText},        {"roles", store::ColumnType::kText},
    {"state", store::ColumnType::kText},           {"failures", store::ColumnType::kInteger},
    {"locked_until", store::ColumnType::kInteger}, {"tried_at", store::ColumnType::kInteger},
    {"epoch", store::ColumnType::kInteger},        {"created_at", store::ColumnType::kInteger},
    {"updated_at", store::ColumnType::kInteger}};

inline constexpr store::Index kAccountIndexes[] = {{kAccountName, true}};

inline constexpr store::Table kAccounts{"accounts", kAccountColumns, kAccountIndexes};

enum SessionColumn : std::size_t {
  kSessionId,
  kSessionAccountId,
  kSessionEpoch,
  kSessionFamily,
  kSessionCurrent,
  kSessionPrevious,
  kSessionCreatedAt,
  kSessionRefreshedAt
};

inline constexpr store::Column kSessionColumns[] = {
    {"id", store::ColumnType::kInteger},          {"account_id", store::ColumnType::kInteger},
    {"epoch", store::ColumnType::kInteger},       {"family", store::ColumnType::kText},
    {"current_secret", store::ColumnType::kText}, {"previous_secret", store::ColumnType::kText},
    {"created_at", store::ColumnType::kInteger},  {"refreshed_at", store::ColumnType::kInteger}};

inline constexpr store::Index kSessionIndexes[] = {{kSessionAccountId}};

inline constexpr store::Table kSessions{"login_sessions", kSessionColumns, kSessionIndexes};

inline constexpr const store::Table* kTables[] = {&kAccounts, &kSessions};

/// migrations/NNNN_name.sql, compiled in.
[[nodiscard]] std::span<const store::Migration> migrations();

}  // namespace baedal::accounts
