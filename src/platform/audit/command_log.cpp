#include "platform/audit/command_log.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

#include "kernel/json/writer.hpp"
#include "platform/audit/printable.hpp"

namespace baedal::audit {
namespace {

/// More than any system's record of a user has.
constexpr std::size_t kRecordBytesMax = 16 * 1024;

bool is_fault(ErrorKind kind) {
  return kind == ErrorKind::kUnavailable || kind == ErrorKind::kOverloaded ||
         kind == ErrorKind::kInternal;
}

std::string_view outcome_of(const Error* error) {
  if (error == nullptr) return "done";
  return is_fault(error->kind) ? "failed" : "refused";
}

}  // namespace

bool CommandLog::write(const CommandDone& done, const Error* error) {
  json::Writer line{json::Writer::Layout::kCompact};
  line.begin_object().name("time").string(clock_.now().iso8601());
  line.name("who").string(printable(who_));
  line.name("command").string(printable(done.command));
  line.name("of").string(printable(done.of));
  if (!done.roles.empty()) {
    line.name("roles").begin_array();
    for (const std::string& role : done.roles) line.string(printable(role));
    line.end_array();
  }
  line.name("outcome").string(outcome_of(error)).end_object();
  return file_.append(line.take() + '\n');
}

std::string system_user() {
  const uid_t user = ::getuid();
  std::array<char, kRecordBytesMax> room{};
  passwd record{};
  passwd* found = nullptr;
  const bool known =
      ::getpwuid_r(user, &record, room.data(), room.size(), &found) == 0 && found != nullptr;
  return "os:" + (known ? std::string{found->pw_name} : std::to_string(user));
}

}  // namespace baedal::audit
