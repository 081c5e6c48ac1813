#include "services/mypage/outbound/view_generations.hpp"

#include "services/mypage/outbound/stored_view.hpp"

namespace baedal::mypage {

Task<Result<std::shared_ptr<ViewStore>>> StoredGenerations::begin_fresh() {
  auto opened = generations_.begin_fresh();
  if (!opened) co_return pass_on(opened);
  std::shared_ptr<store::Store> store = std::move(*opened);
  auto adopted = co_await adopt_lineage(*store, lineage_);
  if (!adopted) co_return pass_on(adopted);
  std::shared_ptr<ViewStore> view = std::make_shared<StoredView>(std::move(store));
  co_return view;
}

}  // namespace baedal::mypage
