#pragma once

#include "platform/store/table.hpp"
#include "services/accounts/domain/account.hpp"
#include "services/accounts/domain/session.hpp"

namespace baedal::accounts {

[[nodiscard]] store::Row to_row(const Account& account);
[[nodiscard]] Account to_account(const store::Row& row);
[[nodiscard]] store::Row to_row(const Session& session);
[[nodiscard]] Session to_session(const store::Row& row);

}  // namespace baedal::accounts
