#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kernel/error.hpp"
#include "platform/config/registry.hpp"
#include "platform/config/settings.hpp"

namespace baedal::config {

/// What a process is configured with, besides its file. A later source wins over an earlier one:
/// default, file, environment, flag.
struct Sources {
  std::vector<std::pair<std::string, std::string>> environment{};
  std::vector<std::string> flags{};  ///< "--http.port", "8081" or "--http.port=8081"
};

/// The variables of this process: the one place that reads the environment. Call it before any
/// thread changes the environment.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> process_environment();

/// Resolves every setting of `registry`. The file is the one that setting "config.file" names, by
/// flag or environment; none when that is empty. Unknown names and refused values are collected:
/// the error (kInvalid, "bad-configuration") has one sentence per line in `detail`, each naming the
/// setting and the place, and one entry in `fields`. Values of overridden sources are checked too.
///
/// Variables that begin with BAEDAL_ but are links that Kubernetes and Docker make for a service
/// called baedal-… (BAEDAL_ORDER_SERVICE_HOST, BAEDAL_ORDER_PORT=tcp://…) are passed over.
[[nodiscard]] Result<Settings> load(const Registry& registry, const Sources& sources);

}  // namespace baedal::config
