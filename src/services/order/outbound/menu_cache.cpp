#include "services/order/outbound/menu_cache.hpp"

namespace baedal::order {

std::optional<MenuItem> MenuCache::find(MenuId id) const {
  const auto now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end() || now - found->second.read_at >= kFreshFor) return std::nullopt;
  return found->second.item;
}

MenuCache::Generation MenuCache::generation() const {
  const std::lock_guard lock(mutex_);
  return generation_;
}

void MenuCache::keep(const MenuItem& item, Generation before) {
  const auto now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  if (generation_ != before) return;
  // More menus than that are asked for in one second: begin again rather than keep an order of use.
  if (kept_.size() >= kItemsMax && !kept_.contains(item.id)) kept_.clear();
  kept_.insert_or_assign(item.id, Kept{item, now});
}

void MenuCache::forget(MenuId id) {
  const std::lock_guard lock(mutex_);
  ++generation_;
  kept_.erase(id);
}

}  // namespace baedal::order
