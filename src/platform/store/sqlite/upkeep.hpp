#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "platform/store/sqlite/database.hpp"

namespace baedal::store::sqlite {

/// The thread beside the writer: moves the write-ahead log into the database from a connection of
/// its own, so that no commit waits for it, and reminds the writer of relayed outbox rows while
/// nothing else makes it work.
class Upkeep {
 public:
  struct Tasks {
    /// The log is still too long after a pass beside the writer: the writer must do one itself,
    /// and calls `done` after it. Two passes at the same time would refuse each other.
    std::function<void(std::function<void()> done)> checkpoint_on_writer;
    std::function<void()> purge_outbox_on_writer;
  };

  /// `wal_pages_max`: above it the writer is asked to stop the log's growth.
  Upkeep(std::string name, Connection db, std::int64_t wal_pages_max, Tasks tasks);
  ~Upkeep() { stop(); }
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  // Both from any thread, at any time: after stop() they do nothing.
  void want_checkpoint();
  void want_purge();
  /// Ends the pass in hand, joins. The tasks are not called any more.
  void stop();

 private:
  void work_until_stopped();
  void checkpoint();
  void request(bool& flag);

  const std::string name_;
  Connection db_;
  const std::int64_t wal_pages_max_;
  const Tasks tasks_;
  std::mutex mutex_;
  std::condition_variable work_came_;
  bool checkpoint_wanted_ = false;
  bool purge_wanted_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace baedal::store::sqlite
