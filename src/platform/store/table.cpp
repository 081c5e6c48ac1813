#include "platform/store/table.hpp"

#include <algorithm>
#include <limits>

#include "kernel/assert.hpp"

namespace baedal::store {

void check_row(const Table& table, const Row& row) {
  BAEDAL_ASSERT(row.size() == table.columns.size());
  BAEDAL_ASSERT(std::holds_alternative<std::int64_t>(row[0]));
  for (std::size_t i = 1; i < row.size(); ++i) {
    const bool is_text = table.columns[i].type == ColumnType::kText;
    BAEDAL_ASSERT(row[i].index() == 0 || std::holds_alternative<std::string>(row[i]) == is_text);
  }
}

std::vector<Order> complete_order(std::span<const Order> asked) {
  std::vector<Order> whole;
  for (const Order& order : asked) {
    const bool repeated = std::ranges::find(whole, order.column, &Order::column) != whole.end();
    if (!repeated) whole.push_back(order);
    if (order.column == 0) return whole;
  }
  whole.push_back({});
  return whole;
}

std::int64_t offset_of(const PageRequest& request) {
  std::int64_t offset = 0;
  const bool overflows = __builtin_mul_overflow(request.page, request.size, &offset);
  return overflows ? std::numeric_limits<std::int64_t>::max() : offset;
}

}  // namespace baedal::store
