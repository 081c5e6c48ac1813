#pragma once

#include <cstdint>
#include <vector>

#include "platform/store/store.hpp"

namespace baedal::store {

/// The ids of the rows whose indexed `column` equals `value`, in order: what is somebody's own, to
/// be counted and taken in parts. Bounded: of more than 100,000 only so many.
Task<Result<std::vector<std::int64_t>>> ids_by(Store& store, const Table& table, std::size_t column,
                                               Value value);

/// The part of `ids` that the page is of; from the end when `descending`.
[[nodiscard]] std::vector<std::int64_t> part_of(std::vector<std::int64_t> ids, std::int64_t page,
                                                std::int64_t size, bool descending);

}  // namespace baedal::store
