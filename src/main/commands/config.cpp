// baedal config check | print | docs, and baedal roles: what the tables say.
#include <cstdio>
#include <string>

#include "main/commands/support.hpp"
#include "main/configuration.hpp"
#include "main/roles.hpp"
#include "platform/config/render.hpp"

namespace baedal::commands {

int config_check(const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 1;
  if (const auto roles = chosen_roles(*settings); !roles) {
    complain(roles.error().detail);
    return 1;
  }
  std::printf("The configuration is valid: %zu settings.\n", settings->entries().size());
  return 0;
}

int config_print(const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 1;
  std::fputs(config::print(*settings).c_str(), stdout);
  return 0;
}

int config_docs() {
  std::fputs(config::docs(make_registry()).c_str(), stdout);
  return 0;
}

int roles() {
  const auto print_words = [](const char* title, std::span<const std::string_view> words) {
    if (words.empty()) return;
    std::printf("            %s", title);
    for (const std::string_view word : words)
      std::printf(" %.*s", static_cast<int>(word.size()), word.data());
    std::printf("\n");
  };
  for (const Role& role : kRoles) {
    std::printf("%-10.*s  %.*s  (%.*s)\n", static_cast<int>(role.name.size()), role.name.data(),
                static_cast<int>(role.summary.size()), role.summary.data(),
                static_cast<int>(role.path.size()), role.path.data());
    print_words("listens to", role.listens);
    print_words("publishes ", role.publishes);
    print_words("calls     ", role.needs);
  }
  return 0;
}

}  // namespace baedal::commands
