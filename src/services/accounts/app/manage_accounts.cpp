#include "services/accounts/app/manage_accounts.hpp"

namespace baedal::accounts {
namespace {

constexpr std::int64_t kPageSize = 1000;
constexpr std::int64_t kPagesMax = 1000;

}  // namespace

Task<Result<PasswordHash>> ManageAccounts::hash_new(const Password& password) {
  if (auto good = password.check_as_new(); !good) co_return pass_on(good);
  auto hashing = hasher_.hash(password);
  co_return co_await hashing;
}

Task<Result<Account>> ManageAccounts::add(const AccountName& name, AccountRoles roles,
                                          const Password& password) {
  auto hashing = hash_new(password);
  auto hash = co_await hashing;
  if (!hash) co_return pass_on(hash);
  Account made{.name = name, .password = std::move(*hash), .roles = roles};
  auto body = [&](AccountTx& tx) -> Result<void> {
    auto present = tx.find_by_name(name);
    if (!present) return pass_on(present);
    if (*present) {
      return fail(ErrorKind::kConflict, "name-taken",
                  "The name " + name.text() + " is taken" +
                      ((*present)->state == AccountState::kRemoved
                           ? ", by an account that was removed: what it did stays its own."
                           : "."));
    }
    auto id = tx.next_account_id();
    if (!id) return pass_on(id);
    made.id = *id;
    made.created_at = made.updated_at = clock_.now();
    return tx.insert(made);
  };
  auto committing = store_.commit(body);
  auto committed = co_await committing;
  if (!committed) co_return pass_on(committed);
  co_return made;
}

Task<Result<Account>> ManageAccounts::set_password(const AccountName& name,
                                                   const Password& password) {
  auto hashing = hash_new(password);
  const auto hash = co_await hashing;
  if (!hash) co_return std::unexpected(hash.error());
  auto apply = [&](const Account& present, Timestamp now) {
    return with_password(present, *hash, now);
  };
  auto changing = change(name, apply);
  co_return co_await changing;
}

Task<Result<Account>> ManageAccounts::set_roles(const AccountName& name, AccountRoles roles) {
  auto apply = [&](const Account& present, Timestamp now) {
    return with_roles(present, roles, now);
  };
  auto changing = change(name, apply);
  co_return co_await changing;
}

Task<Result<Account>> ManageAccounts::remove(const AccountName& name) {
  auto apply = [](const Account& present, Timestamp now) { return removed(present, now); };
  auto changing = change(name, apply);
  co_return co_await changing;
}

Task<Result<Account>> ManageAccounts::change(const AccountName& name, Change change) {
  Account changed;
  auto body = [&](AccountTx& tx) -> Result<void> {
    auto present = tx.find_by_name(name);
    if (!present) return pass_on(present);
    if (!*present || name.is_nobody()) {
      return fail(ErrorKind::kNotFound, "no-account", "There is no account " + name.text() + ".");
    }
    if ((*present)->state == AccountState::kRemoved) {
      return fail(ErrorKind::kConflict, "account-removed",
                  "The account " + name.text() + " was removed.");
    }
    changed = change(**present, clock_.now());
    return tx.update(changed);
  };
  auto committing = store_.commit(body);
  auto committed = co_await committing;
  if (!committed) co_return pass_on(committed);
  co_return changed;
}

Task<Result<std::vector<Account>>> ManageAccounts::list() {
  std::vector<Account> all;
  for (std::int64_t page = 0; page < kPagesMax; ++page) {
    auto listing = store_.list(page, kPageSize);
    auto part = co_await listing;
    if (!part) co_return pass_on(part);
    all.insert(all.end(), std::make_move_iterator(part->begin()),
               std::make_move_iterator(part->end()));
    // Nobody's row is left out of its page.
    if (part->size() + 1 < static_cast<std::size_t>(kPageSize)) break;
  }
  co_return all;
}

}  // namespace baedal::accounts
