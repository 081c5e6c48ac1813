#include "services/gateway/outbound/instance_set.hpp"

#include "kernel/assert.hpp"
#include "kernel/text.hpp"

namespace baedal::gateway {
namespace {

/// Spreads a hash whose bits are not all good (the finalizer of SplitMix64).
std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31U);
}

}  // namespace

Instance::Instance(http::Origin where)
    : origin(std::move(where)), seed(stable_hash(origin.authority)) {}

InstanceSet::InstanceSet(std::vector<http::Origin> origins, const Ejection& ejection,
                         const Clock& clock)
    : ejection_(ejection), clock_(clock) {
  BAEDAL_ASSERT(!origins.empty() && origins.size() <= kInstancesMax);
  for (http::Origin& origin : origins) {
    instances_.push_back(std::make_unique<Instance>(std::move(origin)));
  }
}

Instance* InstanceSet::choose(Tried& tried) {
  const std::size_t count = instances_.size();
  const std::size_t first = count > 1 ? turn_.fetch_add(1, std::memory_order_relaxed) : 0;
  std::size_t best = count;
  bool best_available = false;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = (first + i) % count;
    if ((tried >> at & 1U) != 0) continue;
    const Instance& instance = *instances_[at];
    const bool good = count == 1 || available(instance);
    const bool better = best == count || good > best_available ||
                        (good == best_available && instance.in_hand < instances_[best]->in_hand);
    if (!better) continue;
    best = at;
    best_available = good;
  }
  return take(best, tried);
}

Instance* InstanceSet::choose_for(std::string_view caller, Tried& tried) {
  const std::size_t count = instances_.size();
  const std::uint64_t asked_by = stable_hash(caller);
  std::size_t best = count;
  bool best_available = false;
  std::uint64_t best_score = 0;
  for (std::size_t at = 0; at < count; ++at) {
    if ((tried >> at & 1U) != 0) continue;
    const bool good = count == 1 || available(*instances_[at]);
    const std::uint64_t score = mixed(asked_by ^ mixed(instances_[at]->seed));
    const bool better =
        best == count || good > best_available || (good == best_available && score > best_score);
    if (!better) continue;
    best = at;
    best_available = good;
    best_score = score;
  }
  return take(best, tried);
}

Instance* InstanceSet::take(std::size_t index, Tried& tried) {
  if (index == instances_.size()) return nullptr;
  tried |= Tried{1} << index;
  return instances_[index].get();
}

bool InstanceSet::available(const Instance& instance) const {
  if (!instance.healthy.load(std::memory_order_relaxed)) return false;
  const std::int64_t until = instance.ejected_until_ns.load(std::memory_order_relaxed);
  return until == 0 || now_ns() >= until;
}

void InstanceSet::succeeded(Instance& instance) const {
  // Read first: most of the time there is nothing to write.
  if (instance.failures_in_a_row.load(std::memory_order_relaxed) != 0) {
    instance.failures_in_a_row.store(0, std::memory_order_relaxed);
  }
}

void InstanceSet::failed(Instance& instance, bool connected) const {
  const std::uint32_t failures = ++instance.failures_in_a_row;
  if (connected && failures < ejection_.failures_in_a_row) return;
  const auto time = std::chrono::nanoseconds{ejection_.time};
  instance.ejected_until_ns.store(now_ns() + time.count(), std::memory_order_relaxed);
  instance.failures_in_a_row.store(0, std::memory_order_relaxed);
}

void InstanceSet::checked(Instance& instance, bool healthy) const {
  instance.healthy.store(healthy, std::memory_order_relaxed);
  if (healthy) instance.ejected_until_ns.store(0, std::memory_order_relaxed);
}

std::int64_t InstanceSet::now_ns() const {
  return std::chrono::nanoseconds{clock_.monotonic().time_since_epoch()}.count();
}

}  // namespace baedal::gateway
