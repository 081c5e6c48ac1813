#include "services/accounts/domain/session.hpp"

#include <algorithm>

#include "kernel/text.hpp"

namespace baedal::accounts {
namespace {

constexpr std::size_t kSecretBytesMax = 64;
constexpr std::size_t kNameBytes = 32;

RefreshVerdict verdict_on_secret(const Session& session, const Digest& presented, Timestamp now,
                                 const SessionPolicy& policy) {
  if (presented == session.current) return RefreshVerdict::kRotated;
  const bool just_now = now - session.refreshed_at <= policy.grace;
  if (presented == session.previous && just_now) return RefreshVerdict::kRaced;
  return RefreshVerdict::kReused;
}

}  // namespace

std::optional<RefreshToken> RefreshToken::parse(std::string_view text) {
  const auto first = text.find('.');
  const auto second = text.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto session = parse_int64(text.substr(0, first));
  const std::string_view family = text.substr(first + 1, second - first - 1);
  const std::string_view secret = text.substr(second + 1);
  const auto is_sound = [](std::string_view part) {
    return !part.empty() && part.size() <= kSecretBytesMax && part.find('.') == part.npos;
  };
  if (!session || *session < 1 || !is_sound(family) || !is_sound(secret)) return std::nullopt;
  return RefreshToken{SessionId{*session}, std::string{family}, std::string{secret}};
}

std::string RefreshToken::text() const {
  std::string text;
  append_int(text, session.value());
  return text.append(".").append(family).append(".").append(secret);
}

bool is_over(RefreshVerdict verdict) {
  switch (verdict) {
    case RefreshVerdict::kRotated:
    case RefreshVerdict::kRaced:
      return false;
    case RefreshVerdict::kReused:
    case RefreshVerdict::kExpired:
    case RefreshVerdict::kEnded:
      return true;
  }
  return true;
}

Timestamp end_of(const Session& session, const SessionPolicy& policy) {
  return std::min(session.created_at + policy.lasts, session.refreshed_at + policy.idle);
}

bool is_wanted(const Session& session, const Account& account) {
  return session.account == account.id && account.state == AccountState::kActive &&
         session.epoch == account.epoch;
}

RefreshDecision decide_refresh(const Session& session, const Account& account,
                               const Digest& presented, const Digest& next, Timestamp now,
                               const SessionPolicy& policy) {
  if (!is_wanted(session, account)) return {session, RefreshVerdict::kEnded};
  if (now >= end_of(session, policy)) return {session, RefreshVerdict::kExpired};
  const RefreshVerdict verdict = verdict_on_secret(session, presented, now, policy);
  if (verdict != RefreshVerdict::kRotated) return {session, verdict};
  Session rotated = session;
  rotated.previous = session.current;
  rotated.current = next;
  rotated.refreshed_at = now;
  return {rotated, verdict};
}

std::string public_name(const Session& session) { return session.family.hex.substr(0, kNameBytes); }

}  // namespace baedal::accounts
