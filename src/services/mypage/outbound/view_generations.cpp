#include "services/mypage/outbound/view_generations.hpp"

#include <utility>

#include "services/mypage/outbound/stored_view.hpp"

namespace baedal::mypage {

Task<Result<std::shared_ptr<ViewStore>>> StoredGenerations::begin_fresh() {
  auto opened = generations_.begin_fresh();
  if (!opened) co_return pass_on(opened);
  std::shared_ptr<store::Store> store = std::move(*opened);
  auto adopted = co_await adopt_lineage(*store, lineage_);
  if (!adopted) {
    store.reset();
    generations_.discard();
    co_return pass_on(adopted);
  }
  std::shared_ptr<ViewStore> view = std::make_shared<StoredView>(store);
  const std::lock_guard lock(mutex_);
  fresh_ = std::move(store);
  co_return view;
}

Result<void> StoredGenerations::promote() {
  auto promoted = generations_.promote();
  if (!promoted) return promoted;
  const std::lock_guard lock(mutex_);
  live_ = std::exchange(fresh_, nullptr);
  return {};
}

void StoredGenerations::discard() {
  {
    const std::lock_guard lock(mutex_);
    fresh_.reset();
  }
  generations_.discard();
}

std::shared_ptr<store::Store> StoredGenerations::live() const {
  const std::lock_guard lock(mutex_);
  return live_;
}

}  // namespace baedal::mypage
