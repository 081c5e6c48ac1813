#include "platform/store/ids_by.hpp"

#include <algorithm>

#include "platform/store/cells.hpp"

namespace baedal::store {
namespace {

constexpr std::int64_t kPageSize = 1000;
constexpr std::int64_t kPagesMax = 100;

}  // namespace

Task<Result<std::vector<std::int64_t>>> ids_by(Store& store, const Table& table, std::size_t column,
                                               Value value) {
  std::vector<std::int64_t> ids;
  for (std::int64_t page = 0; page < kPagesMax; ++page) {
    const PageRequest request{.page = page, .size = kPageSize};
    auto slice = co_await store.page_by(table, column, value, request);
    if (!slice) co_return pass_on(slice);
    for (const Row& row : slice->rows) ids.push_back(integer_at(row, 0));
    if (!slice->has_more) break;
  }
  co_return ids;
}

std::vector<std::int64_t> part_of(std::vector<std::int64_t> ids, std::int64_t page,
                                  std::int64_t size, bool descending) {
  if (descending) std::ranges::reverse(ids);
  const auto count = static_cast<std::int64_t>(ids.size());
  const std::int64_t first = std::min(offset_of({.page = page, .size = size}), count);
  const std::int64_t last = first + std::min(size, count - first);
  return {ids.begin() + first, ids.begin() + last};
}

}  // namespace baedal::store
