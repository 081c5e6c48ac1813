#include "services/accounts/outbound/account_rows.hpp"

#include <string>

#include "kernel/assert.hpp"
#include "platform/store/cells.hpp"
#include "services/accounts/outbound/account_tables.hpp"

namespace baedal::accounts {
namespace {

std::string text_of(AccountRoles roles) {
  std::string text;
  for (const std::string_view word : roles.words())
    text.append(text.empty() ? "" : ",").append(word);
  return text;
}

/// Words of a newer program are passed over: they let nobody in.
AccountRoles roles_in(std::string_view text) {
  AccountRoles roles;
  while (!text.empty()) {
    const auto end = text.find(',');
    if (const auto role = parse_account_role(text.substr(0, end))) roles.add(*role);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return roles;
}

AccountName name_in(const std::string& text) {
  if (text.empty()) return {};
  auto name = AccountName::parse(text);
  BAEDAL_ASSERT(name.has_value());
  return std::move(*name);
}

}  // namespace

store::Row to_row(const Account& account) {
  return {account.id.value(),
          account.name.text(),
          account.password.expose(),
          text_of(account.roles),
          std::string{to_word(account.state)},
          account.lockout.failures,
          account.lockout.locked_until.micros,
          account.lockout.tried_at.micros,
          account.epoch,
          account.created_at.micros,
          account.updated_at.micros};
}

Account to_account(const store::Row& row) {
  return {.id = AccountId{store::integer_at(row, kAccountId)},
          .name = name_in(store::text_at(row, kAccountName)),
          .password = PasswordHash{store::text_at(row, kAccountPassword)},
          .roles = roles_in(store::text_at(row, kAccountRolesText)),
          .state = parse_account_state(store::text_at(row, kAccountState)).value(),
          .lockout = {.failures = store::integer_at(row, kAccountFailures),
                      .locked_until = store::time_at(row, kAccountLockedUntil),
                      .tried_at = store::time_at(row, kAccountTriedAt)},
          .epoch = store::integer_at(row, kAccountEpoch),
          .created_at = store::time_at(row, kAccountCreatedAt),
          .updated_at = store::time_at(row, kAccountUpdatedAt)};
}

store::Row to_row(const Session& session) {
  return {session.id.value(),        session.account.value(),    session.epoch,
          session.family.hex,        session.current.hex,        session.previous.hex,
          session.created_at.micros, session.refreshed_at.micros};
}

Session to_session(const store::Row& row) {
  return {.id = SessionId{store::integer_at(row, kSessionId)},
          .account = AccountId{store::integer_at(row, kSessionAccountId)},
          .epoch = store::integer_at(row, kSessionEpoch),
          .family = {store::text_at(row, kSessionFamily)},
          .current = {store::text_at(row, kSessionCurrent)},
          .previous = {store::text_at(row, kSessionPrevious)},
          .created_at = store::time_at(row, kSessionCreatedAt),
          .refreshed_at = store::time_at(row, kSessionRefreshedAt)};
}

}  // namespace baedal::accounts
