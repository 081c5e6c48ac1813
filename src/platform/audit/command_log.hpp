#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "platform/audit/append_only_file.hpp"

namespace baedal::audit {

/// What somebody tried to do by a command on this machine. Never a password or a token.
struct CommandDone {
  std::string_view command;          ///< its words, without flags: "accounts add"
  std::string_view of;               ///< whom it is about
  std::vector<std::string> roles{};  ///< that it gives; empty: the command gives none
};

/// The audit log of what is done by commands, beside what is asked for by requests: one JSON line
/// for each that would change something, whatever came of it. Any thread.
///
///   {"time":"2026-11-23T02:00:00.123Z","who":"os:root","command":"accounts add","of":"kim",
///    "roles":["customer"],"outcome":"done"}
class CommandLog {
 public:
  /// `who`: system_user(), but in tests.
  CommandLog(AppendOnlyFile file, const Clock& clock, std::string who)
      : file_(std::move(file)), clock_(clock), who_(std::move(who)) {}

  /// `error`: why it was not done; null: it was. Whether the line was written.
  bool write(const CommandDone& done, const Error* error);

 private:
  AppendOnlyFile file_;
  const Clock& clock_;
  const std::string who_;
};

/// Whose this process is, "os:root", as no token's subject of ours is called; "os:10001" where the
/// system has no name for that. The real user: neither the environment nor set-uid changes it.
[[nodiscard]] std::string system_user();

}  // namespace baedal::audit
