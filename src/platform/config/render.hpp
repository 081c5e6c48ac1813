#pragma once

#include <string>

#include "platform/config/registry.hpp"
#include "platform/config/settings.hpp"

namespace baedal::config {

/// What `baedal config print` shows: one "name: value  # origin" per setting, itself a
/// configuration file. Secrets are commented out and shown as ***.
[[nodiscard]] std::string print(const Settings& settings);

/// What `baedal config docs` writes, and docs/configuration.md holds: every setting in Markdown.
[[nodiscard]] std::string docs(const Registry& registry);

}  // namespace baedal::config
