#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "kernel/error.hpp"

namespace baedal::gateway {

/// A regular expression as routes write them (Java's form: named groups, `$\{name}` in
/// replacements). Its search gives up on what would take too long. Immutable: any thread.
class Regex {
 public:
  [[nodiscard]] static Result<Regex> compile(std::string_view text);

  /// Whether all of `text` matches.
  [[nodiscard]] bool matches(std::string_view text) const;
  /// `text` with every match replaced, as Java's replaceAll; unchanged without a match.
  [[nodiscard]] std::string replace(std::string_view text, const std::string& replacement) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  struct Compiled;
  std::string text_;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace baedal::gateway
