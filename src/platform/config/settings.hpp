#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/config/setting.hpp"
#include "platform/config/value.hpp"
#include "platform/log/secret.hpp"

namespace baedal::config {

enum class Source { kDefault, kFile, kEnvironment, kFlag };

/// Where a value came from: "default", "baedal.yaml:12", "BAEDAL_HTTP_PORT", "--http.port".
struct Origin {
  Source source = Source::kDefault;
  std::string where = "default";
};

/// The resolved configuration of the process. Immutable: any thread. Asking for a name that no
/// table declares, or for another type than declared, is a programmer error and asserts.
class Settings {
 public:
  struct Entry {
    Setting setting;
    Value value;
    Origin origin;
  };
  using Entries = std::map<std::string_view, Entry>;

  /// Made by load().
  explicit Settings(Entries entries) : entries_(std::move(entries)) {}

  [[nodiscard]] std::int64_t integer(std::string_view name) const;
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view name) const;
  [[nodiscard]] std::size_t size(std::string_view name) const;  ///< in bytes
  [[nodiscard]] bool boolean(std::string_view name) const;
  [[nodiscard]] const std::string& text(std::string_view name) const;  ///< not of a secret
  [[nodiscard]] const std::string& choice(std::string_view name) const;
  [[nodiscard]] const std::string& document(std::string_view name) const;  ///< YAML text, or empty
  [[nodiscard]] const std::vector<std::string>& list(std::string_view name) const;
  [[nodiscard]] Secret<std::string> secret(std::string_view name) const;
  [[nodiscard]] const Origin& origin(std::string_view name) const;

  /// Sorted by name.
  [[nodiscard]] const Entries& entries() const { return entries_; }

 private:
  [[nodiscard]] const Entry& entry(std::string_view name) const;
  [[nodiscard]] const Value& value(std::string_view name, Type type) const;

  Entries entries_;
};

}  // namespace baedal::config
