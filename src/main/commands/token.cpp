// baedal token: a token of this installation's own issuer, for who has its key.
#include <cstdio>

#include "main/access.hpp"
#include "main/commands/command_audit.hpp"
#include "main/commands/support.hpp"
#include "platform/clock/system_clock.hpp"

namespace baedal::commands {

int token(const std::string& subject, const std::vector<std::string>& roles, int seconds,
          const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 2;
  auth::Roles words;
  for (const std::string& role : roles) words.add(role);
  const SystemClock clock;
  auto audit = CommandAudit::open(*settings, clock);
  if (!audit) {
    complain(audit.error().detail);
    return 2;
  }
  const auto made = issue_token(*settings, subject, words, std::chrono::seconds{seconds}, clock);
  const bool noted = audit->note({"token", subject, roles}, made ? nullptr : &made.error());
  if (!made) {
    complain(made.error().detail);
    return 2;
  }
  // A token that nobody could be asked about is given to nobody.
  if (!noted) return 1;
  std::printf("%s\n", made->c_str());
  return 0;
}

}  // namespace baedal::commands
