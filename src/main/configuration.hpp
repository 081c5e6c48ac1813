#pragma once

#include <string>
#include <vector>

#include "kernel/error.hpp"
#include "platform/config/registry.hpp"
#include "platform/config/settings.hpp"

namespace baedal {

/// Every setting there is: the platform's, the services' and this program's own.
[[nodiscard]] config::Registry make_registry();

/// The settings of this process, from file, environment and `flags`. The error names each mistake.
[[nodiscard]] Result<config::Settings> load_settings(const std::vector<std::string>& flags);

/// The roles that setting "roles" names, in the table's order; all when it is empty. kInvalid when
/// one is unknown.
[[nodiscard]] Result<std::vector<std::string>> named_roles(const config::Settings& settings);

/// The same, for whoever serves: kInvalid also when one needs another that is not among them.
[[nodiscard]] Result<std::vector<std::string>> chosen_roles(const config::Settings& settings);

}  // namespace baedal
