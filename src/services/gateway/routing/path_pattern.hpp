#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/error.hpp"

namespace baedal::gateway {

/// A path pattern as Spring Cloud Gateway's Path predicate takes it: literal segments, `*` and
/// `{name}` for one segment, `**` at the end for any number of segments, none included
/// ("/orders/**" matches "/orders"). Compared with the path as sent, still percent-encoded.
class PathPattern {
 public:
  [[nodiscard]] static Result<PathPattern> parse(std::string_view text);
  [[nodiscard]] bool matches(std::string_view path) const;
  /// The segments that stand for the `{name}`s, of a path that matches.
  [[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> variables(
      std::string_view path) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  struct Segment {
    std::string literal;
    bool any;
  };
  std::string text_;
  /// The literal segments it begins with, "/orders": most paths are told from it by this alone.
  std::string begin_;
  std::size_t begin_segments_ = 0;  ///< in `begin_`
  std::vector<Segment> segments_;   ///< all of them
  bool open_end_ = false;
};

}  // namespace baedal::gateway
