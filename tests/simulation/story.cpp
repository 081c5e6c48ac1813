#include "simulation/story.hpp"

#include <array>
#include <cstdio>

namespace baedal::simulation {

void Story::tell(std::string_view who, std::string_view what) {
  if (!on_) return;
  const double seconds = std::chrono::duration<double>{timeline_.now()}.count();
  std::array<char, 64> head{};
  std::snprintf(head.data(), head.size(), "%7llu %11.6f  %-9.*s ",
                static_cast<unsigned long long>(timeline_.steps()), seconds,
                static_cast<int>(who.size()), who.data());
  lines_.push_back(head.data() + std::string{what});
}

}  // namespace baedal::simulation
