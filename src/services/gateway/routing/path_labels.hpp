#pragma once

#include <string_view>
#include <vector>

#include "services/gateway/routing/path_pattern.hpp"

namespace baedal::gateway {

/// What metrics call the requests of a route. The services say "/orders/{id}"; a gateway that does
/// not run them cannot know their templates, but that resources have numbers it can see. Few and
/// bounded, whatever clients send. Read only after making; the labels live for ever.
class PathLabels {
 public:
  PathLabels() = default;
  explicit PathLabels(const std::vector<PathPattern>& patterns);
  /// "/orders" and "/orders/{id}" below the pattern "/orders/**", else the pattern that matches.
  [[nodiscard]] std::string_view of(std::string_view path) const;

 private:
  struct Labels {
    PathPattern pattern;
    std::string_view text, collection, item;
  };
  std::vector<Labels> labels_;
};

}  // namespace baedal::gateway
