#pragma once

#include <string>
#include <string_view>

#include "kernel/error.hpp"
#include "platform/store/store.hpp"

namespace baedal::store {

/// A row as the answer kept with a once-key, and back.
[[nodiscard]] std::string encode_answer(const Row& row);
[[nodiscard]] Result<Row> decode_answer(std::string_view answer);

/// The answer kept with `key` by an earlier commit, without running anything; nullopt when the key
/// is empty or unknown. kIdempotencyMismatch as commit_once.
Task<Result<std::optional<Row>>> recall(Store& store, const OnceKey& key);

}  // namespace baedal::store
