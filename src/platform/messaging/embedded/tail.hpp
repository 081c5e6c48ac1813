#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "platform/messaging/bus.hpp"

namespace baedal::messaging {

/// The newest events, decoded, shared by all groups: a group that keeps up reads no file and
/// copies nothing. Holds about `bytes_max`; older events are read from the log. Thread-safe.
class Tail {
 public:
  /// Events per chunk, and so per batch a group gets.
  static constexpr std::size_t kChunkEvents = 256;

  /// Some events in a row. `deliveries` lives as long as the view.
  struct View {
    std::shared_ptr<const void> keep;
    std::span<const Delivery> deliveries;
    Offset next = 0;
  };

  explicit Tail(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Adds the event at `offset`; the one behind it, if any, begins at `end`. In order.
  void add(Offset offset, Envelope envelope, Offset end);
  /// Up to kChunkEvents events from `offset` on; nullopt when that is not held.
  [[nodiscard]] std::optional<View> read(Offset offset) const;

 private:
  /// Never reallocated, so that readers of its front do not meet the writer at its end.
  struct Chunk {
    Chunk() { deliveries.reserve(kChunkEvents); }
    std::vector<Delivery> deliveries;
    Offset end = 0;
    std::size_t bytes = 0;
  };

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<Chunk>> chunks_;
  std::size_t bytes_ = 0;
};

}  // namespace baedal::messaging
