#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kernel/error.hpp"
#include "kernel/json/value.hpp"
#include "main/commands/command.hpp"
#include "platform/config/settings.hpp"

namespace baedal::commands {

/// Prints "baedal: <sentence>" to stderr, for each line of `detail`.
void complain(std::string_view detail);

/// The settings, or nullopt after having complained.
[[nodiscard]] std::optional<config::Settings> settings_or_complain(const Flags& flags);

/// `url`, or the address of the server these settings describe.
[[nodiscard]] std::string server_url(const std::string& url, const config::Settings& settings);

struct Answer {
  int status = 0;
  json::Value body;
  std::string text;
};

/// Asks a running server, with auth.token of the settings that were read last, or with a token made
/// by their auth.issuer-key. The error is a sentence that names the URL and how to start a server.
[[nodiscard]] Result<Answer> ask(std::string_view method, const std::string& url,
                                 std::string_view body = {}, int timeout_seconds = 10);

/// A member of a JSON object, for printing: text as it is, else as JSON; "-" when absent.
[[nodiscard]] std::string member(const json::Value& value, std::string_view name);

}  // namespace baedal::commands
