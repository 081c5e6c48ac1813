#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulation/timeline.hpp"

namespace baedal::simulation {

/// What happened, in sentences with virtual times. Written only when somebody will read it: runs
/// that end well are never told.
///   if (story.on()) story.tell("order", "commits " + what);
class Story {
 public:
  Story(const Timeline& timeline, bool on) : timeline_(timeline), on_(on) {}

  [[nodiscard]] bool on() const { return on_; }
  void tell(std::string_view who, std::string_view what);
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

 private:
  const Timeline& timeline_;
  const bool on_;
  std::vector<std::string> lines_;
};

}  // namespace baedal::simulation
