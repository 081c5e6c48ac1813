#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"
#include "kernel/json/value.hpp"

namespace baedal::http {

/// Reads the members of a request body with the coercions clients of the seed rely on (Jackson's):
/// "1" → 1, 1.7 → 1, "" → null for numbers, number and boolean → text. Collects every rejected
/// member, so that one answer names all of them.
///   FieldReader read(body);
///   const auto quantity = read.integer("qty", 1, 999);
///   if (auto ok = read.finish(); !ok) co_return pass_on(ok);
class FieldReader {
 public:
  explicit FieldReader(const json::Object& body) : body_(body) {}

  /// Whether the client sent it, null included.
  [[nodiscard]] bool has(std::string_view name) const { return body_.find(name) != nullptr; }
  /// nullopt when absent, null or rejected.
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
  /// Lengths in Unicode code points. Control characters are rejected.
  std::optional<std::string> text(std::string_view name, std::size_t min, std::size_t max);
  std::optional<bool> boolean(std::string_view name);
  /// From now on a rejected value of `name`, of that one member, is not repeated in the answer. The
  /// name outlives this.
  void keep_secret(std::string_view name) { secret_ = name; }
  /// Rejects `name` when it is absent or null.
  void require(std::string_view name);
  void reject(std::string_view name, std::string message);

  /// kInvalid naming every rejected member, or ok.
  [[nodiscard]] Result<void> finish();

 private:
  [[nodiscard]] const json::Value* present(std::string_view name) const;

  const json::Object& body_;
  std::vector<FieldError> errors_;
  std::string_view secret_;
};

}  // namespace baedal::http
