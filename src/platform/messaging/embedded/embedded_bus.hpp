#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>

#include "platform/messaging/bus.hpp"
#include "platform/messaging/embedded/log.hpp"

namespace baedal::messaging {

struct EmbeddedBusOptions {
  LogOptions log{};
  std::chrono::milliseconds sync_delay{5};            ///< until what is published is synced
  std::chrono::milliseconds sync_retry_delay{200};    ///< after a write or a sync that failed
  std::size_t tail_bytes_max = std::size_t{4} << 20;  ///< newest events kept in memory
  std::chrono::milliseconds pause_first{50};          ///< after a batch not taken, doubling
  std::chrono::milliseconds pause_max{5'000};
  std::chrono::milliseconds stream_interval{2};  ///< between batches while events stream
};

/// A bus without network: a durable log in a folder, and one position per group beside it.
///
///   folder/00000000000000000000.log …   the events (Log)
///   folder/synced                       up to where they are known to be durable
///   folder/groups/<group>.position      where each group goes on
///
/// publish() appends in memory and wakes the groups at once; it resumes when the log is written and
/// synced, a few milliseconds later, together with all that was published meanwhile. Groups may so
/// take an event that a kill or a power loss then drops from the log. That is safe: its outbox row
/// is not marked before publish() resumed, so it is published again, with the same id, and the
/// consumers' dedupe knows it; and a position beyond the loss goes back by the log's epoch rule.
///
/// A lone event is delivered at once; while many come, batches gather for `stream_interval`.
///
/// Groups pull: a slow one holds up nobody, and costs no memory beyond the shared tail. Positions
/// are kept about once a second and at the end; what a crash forgets of them is seen again. With
/// retention, a file goes only when every subscribed group is past it.
///
/// Thread-safe but for subscribe(), start() and stop(), which belong to one thread. stop() has
/// ended before the bus is destroyed.
class EmbeddedBus final : public Bus {
 public:
  static Result<std::unique_ptr<EmbeddedBus>> open(const std::filesystem::path& folder,
                                                   const EmbeddedBusOptions& options = {});
  ~EmbeddedBus() override;

  Task<Result<void>> publish_all(std::vector<Envelope> events) override;
  /// `group` is a file's name: letters, digits, '-', '_' and '.'.
  void subscribe(std::string group, Handler handler) override;
  Result<void> start() override;
  Task<void> stop() override;
  [[nodiscard]] StopFlag& stop_flag() override;
  Task<Result<void>> replay(Handler handler) override;
  [[nodiscard]] std::vector<GroupStatus> groups() const override;
  [[nodiscard]] Result<void> health() const override;

 private:
  struct Impl;
  explicit EmbeddedBus(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal::messaging
