#pragma once

#include <memory>

#include "platform/store/store.hpp"
#include "services/mypage/app/ports.hpp"

namespace baedal::mypage {

/// ViewStore over any product behind store::Store.
class StoredView final : public ViewStore {
 public:
  explicit StoredView(std::shared_ptr<store::Store> store) : store_(std::move(store)) {}

  Task<Result<void>> merge(std::span<const Change> changes) override;
  Task<Result<std::optional<Mypage>>> find(OrderId order) override;
  Task<Result<std::optional<Mypage>>> find_by_delivery(std::int64_t delivery_id) override;
  Task<Result<LineList>> find_by_status(OrderStatus status,
                                        const LineListRequest& request) override;
  Task<Result<LineList>> list(const LineListRequest& request) override;
  Task<Result<std::optional<std::string>>> customer_of(OrderId order) override;
  Task<Result<LineList>> list_of(const std::string& customer,
                                 const LineListRequest& request) override;
  Task<Result<bool>> is_complete() override;
  Task<Result<void>> mark_complete() override;

  [[nodiscard]] store::Store& store() { return *store_; }

 private:
  std::shared_ptr<store::Store> store_;
};

/// The name of the consumer group that feeds this view; drawn and kept when there is none.
Task<Result<std::string>> lineage_of(store::Store& store);
/// Makes `store` go on where the view of that name stands.
Task<Result<void>> adopt_lineage(store::Store& store, const std::string& name);

}  // namespace baedal::mypage
