#include "main/commands/command_audit.hpp"

#include <utility>

#include "main/commands/support.hpp"

namespace baedal::commands {

Result<CommandAudit> CommandAudit::open(const config::Settings& settings, const Clock& clock) {
  CommandAudit audit;
  audit.path_ = settings.text("audit.file");
  if (audit.path_.empty()) return audit;
  if (audit.path_ == "-") {
    audit.log_.emplace(audit::AppendOnlyFile::standard_error(), clock, audit::system_user());
    return audit;
  }
  auto file = audit::AppendOnlyFile::open(audit.path_);
  if (!file) return pass_on(file);
  audit.log_.emplace(std::move(*file), clock, audit::system_user());
  return audit;
}

bool CommandAudit::note(const audit::CommandDone& done, const Error* error) {
  if (!log_ || log_->write(done, error)) return true;
  complain("The audit log has no line of this: " + path_ + " could not be written.");
  return false;
}

}  // namespace baedal::commands
