// baedal projection rebuild mypage, and baedal health: one question to a running server; and baedal
// sleep, which a container runs before its server is stopped.
#include <chrono>
#include <cstdio>
#include <thread>

#include "main/commands/support.hpp"

namespace baedal::commands {

int projection_rebuild(const std::string& url, const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 2;
  constexpr int kTimeoutSeconds = 3600;
  const std::string base = server_url(url, *settings);
  const auto answer = ask("POST", base + "/actuator/projections/mypage", {}, kTimeoutSeconds);
  if (!answer) {
    complain(answer.error().detail);
    return 1;
  }
  if (answer->status != 200) {
    complain("The view was not rebuilt: " + member(answer->body, "detail"));
    return 1;
  }
  const std::string differences = member(answer->body, "differences");
  std::printf("mypage rebuilt: %s rows from %s events, %s different from the live view\n",
              member(answer->body, "lines").c_str(), member(answer->body, "events").c_str(),
              differences.c_str());
  return differences == "0" ? 0 : 1;
}

int health(const std::string& url, const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 2;
  const auto answer = ask("GET", server_url(url, *settings) + "/actuator/health/readiness");
  if (!answer) {
    complain(answer.error().detail);
    return 1;
  }
  std::printf("%s\n", member(answer->body, "status").c_str());
  return answer->status == 200 ? 0 : 1;
}

int sleep_for_seconds(int seconds) {
  std::this_thread::sleep_for(std::chrono::seconds{seconds});
  return 0;
}

}  // namespace baedal::commands
