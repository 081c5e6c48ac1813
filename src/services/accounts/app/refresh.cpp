#include "services/accounts/app/refresh.hpp"

namespace baedal::accounts {
namespace {

/// The session that the token is of: only who has had a token of it knows its family.
Result<std::optional<Session>> session_of(AccountTx& tx, const RefreshToken& token,
                                          const SecretSource& secrets) {
  auto found = tx.find_session(token.session);
  if (!found || !*found) return found;
  if ((*found)->family != secrets.digest_of(token.family)) return std::nullopt;
  return found;
}

}  // namespace

/// What came, and what is to come next.
struct Refresh::Sight {
  RefreshToken token;
  RefreshToken next;
};

Result<void> Refresh::judge(AccountTx& tx, const Sight& sight, Refreshed& outcome) const {
  outcome = {};
  auto session = session_of(tx, sight.token, tools_.secrets);
  if (!session) return pass_on(session);
  if (!*session) return {};
  auto found = tx.find((*session)->account);
  if (!found) return pass_on(found);
  const Account account = found->value_or(Account{});
  const auto [decided, verdict] =
      decide_refresh(**session, account, tools_.secrets.digest_of(sight.token.secret),
                     tools_.secrets.digest_of(sight.next.secret), tools_.clock.now(), policy_);
  outcome.verdict = verdict;
  outcome.granted = Granted{.account = account,
                            .access_token = {},
                            .login = public_name(decided),
                            .refresh = sight.next,
                            .ends_at = end_of(decided, policy_)};
  if (is_over(verdict)) return tx.erase_session(decided.id);
  if (verdict == RefreshVerdict::kRotated) return tx.update_session(decided);
  return {};
}

Task<Result<Refreshed>> Refresh::run(std::string_view text) {
  const auto token = RefreshToken::parse(text);
  if (!token) co_return Refreshed{};
  Sight sight{.token = *token, .next = *token};
  sight.next.secret = tools_.secrets.draw();
  Refreshed outcome;
  auto body = [&](AccountTx& tx) { return judge(tx, sight, outcome); };
  auto committing = tools_.store.commit(body);
  auto committed = co_await committing;
  if (!committed) co_return pass_on(committed);
  if (outcome.granted) tools_.witness.refresh_ended(outcome.granted->account, outcome.verdict);
  if (outcome.verdict != RefreshVerdict::kRotated) {
    outcome.granted.reset();
    co_return outcome;
  }
  outcome.granted->access_token =
      tools_.tokens.issue(outcome.granted->account, outcome.granted->login);
  co_return outcome;
}

Task<Result<std::optional<Account>>> Logout::run(std::string_view text) {
  const auto token = RefreshToken::parse(text);
  if (!token) co_return std::optional<Account>{};
  std::optional<Account> whose;
  auto body = [&](AccountTx& tx) -> Result<void> {
    whose.reset();
    auto session = session_of(tx, *token, tools_.secrets);
    if (!session) return pass_on(session);
    if (!*session) return {};
    auto account = tx.find((*session)->account);
    if (!account) return pass_on(account);
    whose = std::move(*account);
    return tx.erase_session(token->session);
  };
  auto committing = tools_.store.commit(body);
  auto committed = co_await committing;
  if (!committed) co_return pass_on(committed);
  co_return whose;
}

}  // namespace baedal::accounts
