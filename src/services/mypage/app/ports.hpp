#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "services/mypage/view/mypage.hpp"

namespace baedal::mypage {

enum class LineSort { kOrderId, kDeliveryId, kStatus };

struct LineListRequest {
  struct By {
    LineSort key;
    bool descending;
  };
  std::int64_t page = 0;
  std::int64_t size = 1000;
  std::vector<By> sort{};
};

struct LineList {
  std::vector<Mypage> lines;
  std::int64_t total = 0;  ///< of all lines; 0 in a search
  bool has_more = false;
};

/// Where the lines are kept. Any executor.
class ViewStore {
 public:
  virtual ~ViewStore() = default;
  /// Merges some events in one commit, all or none; idempotent by the merge itself. `changes` live
  /// until it resumes.
  virtual Task<Result<void>> merge(std::span<const Change> changes) = 0;
  virtual Task<Result<std::optional<Mypage>>> find(OrderId order) = 0;
  virtual Task<Result<std::optional<Mypage>>> find_by_delivery(std::int64_t delivery_id) = 0;
  virtual Task<Result<LineList>> find_by_status(OrderStatus status,
                                                const LineListRequest& request) = 0;
  virtual Task<Result<LineList>> list(const LineListRequest& request) = 0;
  /// Whose that order is; none when it is nobody's, or there is no such order.
  virtual Task<Result<std::optional<std::string>>> customer_of(OrderId order) = 0;
  /// The lines of that customer, by order id, with their total: other sort keys are passed over.
  virtual Task<Result<LineList>> list_of(const std::string& customer,
                                         const LineListRequest& request) = 0;
  /// Whether mark_complete() was ever called on it.
  virtual Task<Result<bool>> is_complete() = 0;
  /// From now on it knows every event there was when it was made. Durable; may be called again.
  virtual Task<Result<void>> mark_complete() = 0;
};

/// Makes empty stores for a rebuild, and puts a finished one in the live one's place.
class ViewGenerations {
 public:
  virtual ~ViewGenerations() = default;
  virtual Task<Result<std::shared_ptr<ViewStore>>> begin_fresh() = 0;
  /// From now on, and after a restart, the fresh store is the live one.
  virtual Result<void> promote() = 0;
  /// Throws the fresh store away.
  virtual void discard() = 0;
};

/// All events kept, in order, up to now.
class EventHistory {
 public:
  /// Takes some events, as ViewStore::merge() does.
  using Handler = std::function<Task<Result<void>>(std::span<const Change>)>;
  virtual ~EventHistory() = default;
  virtual Task<Result<void>> replay(Handler handler) = 0;
  /// Whether the live view has taken in all that was kept when this process began. Any thread.
  [[nodiscard]] virtual bool caught_up() const = 0;
};

}  // namespace baedal::mypage
