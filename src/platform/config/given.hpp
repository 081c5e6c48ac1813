#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "platform/config/registry.hpp"
#include "platform/config/settings.hpp"

namespace baedal::config {

/// A name and a text as one source gave them, not checked yet.
struct Given {
  std::string name;
  std::string text;
  Origin origin;
};

/// A complaint about one name.
struct Problem {
  std::string name;
  std::string where;
  std::string message;
};

/// What reading one source gave. A source with problems still gives the rest.
struct Reading {
  std::vector<Given> given{};
  std::vector<Problem> problems{};
};

/// Reads YAML: nested keys are joined by dots, sequences become lists. `name` is the file's, for
/// origins.
[[nodiscard]] Reading read_yaml(const Registry& registry, const std::string& text,
                                const std::string& name);

/// A whole file of at most `bytes_max`; the error is the end of a sentence.
[[nodiscard]] std::expected<std::string, std::string> read_file(const std::string& path,
                                                                std::size_t bytes_max);

}  // namespace baedal::config
