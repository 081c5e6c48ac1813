#pragma once

#include <yaml-cpp/yaml.h>

#include <string>

#include "kernel/error.hpp"
#include "kernel/json/value.hpp"

namespace baedal::gateway {

/// kInvalid: "Routes, line 12: …".
[[nodiscard]] std::unexpected<Error> bad(const YAML::Node& node, const std::string& what);

/// As JSON has it: numbers and truth values that are not in quotes are such.
[[nodiscard]] json::Value to_json(const YAML::Node& node);

}  // namespace baedal::gateway
