#pragma once

#include <optional>
#include <string>

#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "platform/audit/command_log.hpp"
#include "platform/config/settings.hpp"

namespace baedal::commands {

/// The audit log, as far as commands write it: where `audit.file` says, or nowhere. A file is the
/// server's own. `-` is standard error here, since a command's output is its answer.
class CommandAudit {
 public:
  /// Before anything is done, so that nothing is done of which there would be no line.
  [[nodiscard]] static Result<CommandAudit> open(const config::Settings& settings,
                                                 const Clock& clock);

  /// `error`: null when it was done. Whether there is a line where there should be one; complains
  /// when there is none.
  bool note(const audit::CommandDone& done, const Error* error);

 private:
  CommandAudit() = default;

  std::string path_;
  std::optional<audit::CommandLog> log_;
};

}  // namespace baedal::commands
