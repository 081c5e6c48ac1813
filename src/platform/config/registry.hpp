#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "kernel/error.hpp"
#include "platform/config/setting.hpp"

namespace baedal::config {

/// All settings of the process, merged from the tables of its modules. Filled at start, then read
/// only. A secret "x.key" can also be given as the path of a file that holds it: "x.key-file" in
/// the file and as a flag, BAEDAL_X_KEY_FILE in the environment.
class Registry {
 public:
  using ByName = std::map<std::string_view, Setting>;

  /// Adds one module's table; the text it points to must live as long as the process. Refuses the
  /// table (kInvalid, naming the setting) when a name, environment name or flag is taken already, a
  /// default breaks its own bounds, or a description is missing.
  Result<void> add(std::span<const Setting> table);

  /// By name or short flag; null when there is none.
  [[nodiscard]] const Setting* find(std::string_view name) const;
  [[nodiscard]] const Setting* find_environment(std::string_view variable) const;
  /// The secret whose file `name` ("x.key-file") gives; null when there is none.
  [[nodiscard]] const Setting* find_secret_of_file(std::string_view name) const;

  /// The known name most like `name`; empty when none is like it.
  [[nodiscard]] std::string nearest(std::string_view name) const;
  [[nodiscard]] std::string nearest_environment(std::string_view variable) const;

  /// Sorted by name.
  [[nodiscard]] const ByName& settings() const { return settings_; }

 private:
  Result<void> add_one(const Setting& setting);

  ByName settings_;
  std::map<std::string, std::string_view, std::less<>> by_environment_;
  std::map<std::string_view, std::string_view> by_flag_;
};

}  // namespace baedal::config
