#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "kernel/clock.hpp"
#include "services/order/domain/order.hpp"

namespace baedal::order {

/// Menus of the replica as last read from the store: every order asks for one, and most for few.
/// What this process writes is dropped from it by forget(); what another process of the same store
/// writes is seen after kFreshFor. Any thread.
class MenuCache {
 public:
  static constexpr std::chrono::milliseconds kFreshFor{1'000};
  static constexpr std::size_t kItemsMax = 1'024;

  /// Taken before the store is read; see keep().
  using Generation = std::uint64_t;

  explicit MenuCache(const Clock& clock) : clock_(clock) {}

  [[nodiscard]] std::optional<MenuItem> find(MenuId id) const;
  [[nodiscard]] Generation generation() const;
  /// Keeps what was read, unless something was forgotten since `before`: then it may be old.
  void keep(const MenuItem& item, Generation before);
  /// To be called when the commit that wrote the menu is over, whatever became of it.
  void forget(MenuId id);

 private:
  struct Kept {
    MenuItem item;
    std::chrono::steady_clock::time_point read_at;
  };

  const Clock& clock_;
  mutable std::mutex mutex_;
  Generation generation_ = 0;
  std::unordered_map<MenuId, Kept> kept_;
};

}  // namespace baedal::order
