#include "platform/store/store.hpp"

namespace baedal::store {

Task<Result<std::optional<RelayLease>>> Store::take_relay_lease(std::chrono::milliseconds) {
  co_return RelayLease{};
}

Task<void> Store::give_back_relay_lease() { co_return; }

}  // namespace baedal::store
