#include "services/accounts/app/login.hpp"

namespace baedal::accounts {

/// What is known before the commit.
struct Login::Attempt {
  Account account;  ///< as it was read; nobody's for an unknown name
  bool matched = false;
  std::optional<PasswordHash> renewed{};  ///< the same password with today's parameters
  std::vector<SessionId> to_go{};
  std::optional<RefreshToken> refresh{};  ///< without its number
};

Task<Result<void>> Login::prepare() {
  const AccountName nobody;
  auto finding = tools_.store.find_by_name(nobody);
  auto found = co_await finding;
  if (!found) co_return pass_on(found);
  if (*found && !tools_.hasher.is_outdated((*found)->password)) co_return Result<void>{};
  // Of a secret that nobody has seen: hashed as others are, and matched by nothing.
  const Password unknown{tools_.secrets.draw()};
  auto hashing = tools_.hasher.hash(unknown);
  auto hash = co_await hashing;
  if (!hash) co_return pass_on(hash);
  auto body = [&](AccountTx& tx) -> Result<void> {
    auto present = tx.find_by_name(nobody);
    if (!present) return pass_on(present);
    if (*present) {
      Account renewed = **present;
      renewed.password = *hash;
      return tx.update(renewed);
    }
    auto id = tx.next_account_id();
    if (!id) return pass_on(id);
    const Timestamp now = tools_.clock.now();
    return tx.insert({.id = *id, .password = *hash, .created_at = now, .updated_at = now});
  };
  co_return co_await tools_.store.commit(body);
}

Task<Result<Account>> Login::find(const std::string& typed) {
  const auto parsed = AccountName::parse(typed);
  if (parsed) {
    auto finding = tools_.store.find_by_name(*parsed);
    auto found = co_await finding;
    if (!found) co_return pass_on(found);
    if (*found && (*found)->state == AccountState::kActive) co_return std::move(**found);
  }
  const AccountName nobody;
  auto finding = tools_.store.find_by_name(nobody);
  auto found = co_await finding;
  if (!found) co_return pass_on(found);
  if (*found) co_return std::move(**found);
  co_return fail(ErrorKind::kInternal, "accounts-not-prepared", "Nobody's account is missing.");
}

Task<Result<Login::Attempt>> Login::look_at(const LoginCommand& command) {
  auto finding = find(command.name);
  auto account = co_await finding;
  if (!account) co_return pass_on(account);
  Attempt attempt{.account = std::move(*account)};
  auto matching = tools_.hasher.matches(command.password, attempt.account.password);
  auto matched = co_await matching;
  if (!matched) co_return pass_on(matched);
  // During a lock the right password takes no step more than a wrong one: it would be told by that.
  const bool locked = is_locked(attempt.account.lockout, tools_.clock.now(), policy_.lockout);
  attempt.matched = *matched && !attempt.account.name.is_nobody() && !locked;
  if (!attempt.matched) co_return attempt;
  if (tools_.hasher.is_outdated(attempt.account.password)) {
    auto hashing = tools_.hasher.hash(command.password);
    // Another time will do.
    if (auto hash = co_await hashing) attempt.renewed = std::move(*hash);
  }
  if (!command.go_on) co_return attempt;
  auto listing = tools_.store.sessions_of(attempt.account.id);
  auto sessions = co_await listing;
  if (!sessions) co_return pass_on(sessions);
  attempt.to_go = ones_to_go(*sessions, attempt.account);
  attempt.refresh = RefreshToken{{}, tools_.secrets.draw(), tools_.secrets.draw()};
  co_return attempt;
}

std::vector<SessionId> Login::ones_to_go(const std::vector<Session>& sessions,
                                         const Account& account) const {
  std::vector<SessionId> to_go;
  std::vector<SessionId> alive;
  const Timestamp now = tools_.clock.now();
  for (const Session& session : sessions) {
    const bool over = !is_wanted(session, account) || now >= end_of(session, policy_.session);
    (over ? to_go : alive).push_back(session.id);
  }
  // One comes.
  for (std::size_t i = 0; i + policy_.sessions_max <= alive.size(); ++i) to_go.push_back(alive[i]);
  return to_go;
}

Result<void> Login::open_session(AccountTx& tx, const Attempt& attempt, Granted& granted) const {
  for (const SessionId old : attempt.to_go) {
    if (auto gone = tx.erase_session(old); !gone) return gone;
  }
  auto id = tx.next_session_id();
  if (!id) return pass_on(id);
  const Timestamp now = tools_.clock.now();
  const Session session{.id = *id,
                        .account = granted.account.id,
                        .epoch = granted.account.epoch,
                        .family = tools_.secrets.digest_of(attempt.refresh->family),
                        .current = tools_.secrets.digest_of(attempt.refresh->secret),
                        .created_at = now,
                        .refreshed_at = now};
  granted.refresh = attempt.refresh;
  granted.refresh->session = *id;
  granted.login = public_name(session);
  granted.ends_at = end_of(session, policy_.session);
  return tx.insert_session(session);
}

Result<LoginVerdict> Login::judge(AccountTx& tx, const Attempt& attempt, Granted& granted) const {
  auto present = tx.find(attempt.account.id);
  if (!present) return pass_on(present);
  if (!*present) return fail(ErrorKind::kInternal, "account-vanished", "An account has vanished.");
  Account account = **present;
  // What was looked at must be what is: it may have been changed or removed meanwhile.
  const bool right = attempt.matched && account.state == AccountState::kActive &&
                     account.password == attempt.account.password;
  const auto [lockout, verdict] =
      decide_login(account.lockout, right, tools_.clock.now(), policy_.lockout);
  account.lockout = lockout;
  if (verdict == LoginVerdict::kGranted && attempt.renewed) account.password = *attempt.renewed;
  if (auto kept = tx.update(account); !kept) return pass_on(kept);
  granted = {.account = std::move(account), .access_token = {}};
  if (verdict == LoginVerdict::kGranted && attempt.refresh) {
    if (auto opened = open_session(tx, attempt, granted); !opened) return pass_on(opened);
  }
  return verdict;
}

Task<Result<std::optional<Granted>>> Login::run(const LoginCommand& command) {
  auto looking = look_at(command);
  const auto attempt = co_await looking;
  if (!attempt) co_return std::unexpected(attempt.error());
  Granted granted;
  LoginVerdict verdict = LoginVerdict::kRefused;
  auto body = [&](AccountTx& tx) -> Result<void> {
    auto judged = judge(tx, *attempt, granted);
    if (!judged) return pass_on(judged);
    verdict = *judged;
    return {};
  };
  auto committing = tools_.store.commit(body);
  auto committed = co_await committing;
  if (!committed) co_return pass_on(committed);
  tools_.witness.login_ended(granted.account, verdict);
  if (verdict != LoginVerdict::kGranted) co_return std::optional<Granted>{};
  granted.access_token = tools_.tokens.issue(granted.account, granted.login);
  co_return std::optional<Granted>{std::move(granted)};
}

}  // namespace baedal::accounts
