#include "simulation/chance.hpp"

#include "kernel/assert.hpp"

namespace baedal::simulation {

std::uint64_t Chance::next() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

std::int64_t Chance::below(std::int64_t n) {
  BAEDAL_ASSERT(n > 0);
  return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n));
}

std::int64_t Chance::between(std::int64_t first, std::int64_t last) {
  return first + below(last - first + 1);
}

std::chrono::microseconds Chance::between(std::chrono::microseconds first,
                                          std::chrono::microseconds last) {
  return std::chrono::microseconds{between(first.count(), last.count())};
}

Chance Chance::fork(std::string_view name) const {
  std::uint64_t seed = state_ ^ 0xcbf29ce484222325;
  for (const char c : name) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  Chance forked(seed);
  forked.next();
  return forked;
}

}  // namespace baedal::simulation
