#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/error.hpp"

namespace baedal::gateway {

/// The arguments of one predicate or filter, as Spring Cloud Gateway takes them: by position
/// ("Name=a, b") or by name (`args:`). Names compare without case, '-' and '_'. What is asked for
/// wrongly, or never asked for, is an error in finish().
class Arguments {
 public:
  using Named = std::vector<std::pair<std::string, std::string>>;

  /// "a, b": the values in the order of the names that the reader asks for with order().
  static Arguments positional(std::string_view text);
  static Arguments named(Named named);

  /// Gives positional values their names; the last name takes the rest when `rest_to_last`.
  void order(std::initializer_list<std::string_view> names, bool rest_to_last = false);

  [[nodiscard]] std::optional<std::string> find(std::string_view name);
  /// An error when absent.
  std::string text(std::string_view name);
  std::int64_t integer(std::string_view name, std::optional<std::int64_t> otherwise,
                       std::int64_t min, std::int64_t max);
  /// "10ms", "1s", "PT1S", or milliseconds as a bare number.
  std::chrono::milliseconds duration(std::string_view name, std::chrono::milliseconds otherwise);
  /// "5MB", "10KB", "100B", or bytes as a bare number.
  std::uint64_t size(std::string_view name, std::uint64_t otherwise);
  /// The comma list of that name.
  std::vector<std::string> list(std::string_view name);
  void reject(std::string what);

  /// What is wrong with the arguments; ok when nothing is.
  [[nodiscard]] Result<void> finish();
  /// As written, for descriptions.
  [[nodiscard]] std::string shown() const;

 private:
  Named named_;
  std::vector<std::string> positional_;
  std::vector<bool> used_;
  std::string problem_;
};

/// "a, b" → {"a", "b"}, trimmed.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

}  // namespace baedal::gateway
