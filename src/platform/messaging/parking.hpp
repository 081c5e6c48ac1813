#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "platform/messaging/envelope.hpp"

namespace baedal::messaging {

/// An event a group could not handle after all its tries, put aside so that others go on.
struct ParkedEvent {
  std::int64_t id = 0;  ///< given by park(); grows with every event parked
  std::string group;
  Envelope envelope;
  std::string reason;
  int attempts = 0;
  Timestamp parked_at;
};

/// Durable place for parked events of one service. Later events of a parked key are parked behind
/// it, so that the order per key survives a replay. Every method from any executor.
class Parking {
 public:
  virtual ~Parking() = default;
  /// Resumes when it is durable. The same event of the same group is kept once, as first parked.
  virtual Task<Result<void>> park(ParkedEvent event) = 0;
  /// As park(), but only if an event of its key is parked still; false when none is, so that it may
  /// be handled after all.
  virtual Task<Result<bool>> park_behind(ParkedEvent event) = 0;
  /// Learns which keys other processes that share the place have parked and taken out; to be
  /// called before events that were theirs so far are handled here.
  virtual Task<Result<void>> refresh() = 0;
  /// Oldest first; those with id > `after`.
  virtual Task<Result<std::vector<ParkedEvent>>> list(std::size_t limit,
                                                      std::int64_t after = 0) = 0;
  /// Whether there was one.
  virtual Task<Result<bool>> remove(std::int64_t id) = 0;
  /// Whether events of that key are parked, as far as this process knows. Any thread.
  [[nodiscard]] virtual bool holds_key(const std::string& key) const = 0;
};

}  // namespace baedal::messaging
