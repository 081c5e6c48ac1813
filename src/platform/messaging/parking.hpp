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
  std::int64_t id = 0;
  std::string group;
  Envelope envelope;
  std::string reason;
  int attempts = 0;
  Timestamp parked_at;
};

/// Durable place for parked events of one service. Later events of a parked key are parked behind
/// it, so that the order per key survives a replay.
class Parking {
 public:
  virtual ~Parking() = default;
  virtual Task<Result<void>> park(ParkedEvent event) = 0;
  /// Oldest first.
  virtual Task<Result<std::vector<ParkedEvent>>> list(std::size_t limit) = 0;
  virtual Task<Result<bool>> remove(std::int64_t id) = 0;
  /// Whether events of that key are parked. Answered from memory.
  [[nodiscard]] virtual bool holds_key(const std::string& key) const = 0;
};

}  // namespace baedal::messaging
