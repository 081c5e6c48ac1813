#pragma once

#include <string_view>

#include "kernel/error.hpp"
#include "platform/store/table.hpp"

namespace baedal::store {

/// The engine's transaction met another process's lock: the group committer runs the group again.
inline constexpr std::string_view kStoreBusy = "store-busy";
/// The code every caller sees when the store cannot write.
inline constexpr std::string_view kStoreUnavailable = "store-unavailable";

/// The store cannot do it now; safe to try again after a second.
[[nodiscard]] Error store_unavailable(std::string detail);
/// A bounded queue of the store is full; `what` waits in it ("writes").
[[nodiscard]] Error store_overloaded(std::string_view what);
/// As many once-keys are kept as may be: nothing was done; some go with the next sweep.
[[nodiscard]] Error once_keys_full();
/// An id or a unique value exists already.
[[nodiscard]] Error duplicate_row(const Table& table);
/// An update of a row that is not there.
[[nodiscard]] Error missing_row(const Table& table);
/// The once-key was used for another request.
[[nodiscard]] Error fingerprint_mismatch();

}  // namespace baedal::store
