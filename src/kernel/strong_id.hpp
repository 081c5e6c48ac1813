#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace baedal {

/// A number that cannot be mistaken for another number: `using OrderId = StrongId<struct
/// OrderIdTag>`.
template <class Tag>
class StrongId {
 public:
  constexpr StrongId() = default;
  constexpr explicit StrongId(std::int64_t value) : value_(value) {}
  [[nodiscard]] constexpr std::int64_t value() const { return value_; }
  friend constexpr auto operator<=>(StrongId, StrongId) = default;

 private:
  std::int64_t value_ = 0;
};

}  // namespace baedal

template <class Tag>
struct std::hash<baedal::StrongId<Tag>> {
  std::size_t operator()(baedal::StrongId<Tag> id) const noexcept {
    return std::hash<std::int64_t>{}(id.value());
  }
};
