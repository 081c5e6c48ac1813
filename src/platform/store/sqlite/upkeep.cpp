#include "platform/store/sqlite/upkeep.hpp"

#include <pthread.h>

#include <chrono>
#include <future>
#include <memory>
#include <utility>

namespace baedal::store::sqlite {
namespace {

/// Relayed rows gather so long before the writer is woken for them alone.
constexpr std::chrono::milliseconds kPurgeDelay{500};

}  // namespace

Upkeep::Upkeep(std::string name, Connection db, std::int64_t wal_pages_max, Tasks tasks)
    : name_(std::move(name)),
      db_(std::move(db)),
      wal_pages_max_(wal_pages_max),
      tasks_(std::move(tasks)),
      thread_([this] { work_until_stopped(); }) {}

void Upkeep::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_came_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Upkeep::want_checkpoint() { request(checkpoint_wanted_); }

void Upkeep::want_purge() { request(purge_wanted_); }

void Upkeep::request(bool& flag) {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(flag, true)) work_came_.notify_one();
}

void Upkeep::work_until_stopped() {
  pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
  std::unique_lock lock(mutex_);
  while (true) {
    work_came_.wait(lock, [this] { return stopping_ || checkpoint_wanted_ || purge_wanted_; });
    if (!checkpoint_wanted_) {
      work_came_.wait_for(lock, kPurgeDelay, [this] { return stopping_ || checkpoint_wanted_; });
    }
    if (stopping_) return;
    const bool checkpoint_due = std::exchange(checkpoint_wanted_, false);
    const bool purge_due = std::exchange(purge_wanted_, false);
    lock.unlock();
    if (checkpoint_due) checkpoint();
    if (purge_due) tasks_.purge_outbox_on_writer();
    lock.lock();
  }
}

void Upkeep::checkpoint() {
  int pages_in_log = 0;
  int pages_moved = 0;
  sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages_in_log,
                            &pages_moved);
  // While the writer adds, a pass beside it never reaches the end of the log, and the log starts
  // again from its beginning only when one did.
  if (pages_in_log < wal_pages_max_) return;
  // Shared: the writer may still be inside set_value() when the waiting ends.
  const auto finished = std::make_shared<std::promise<void>>();
  tasks_.checkpoint_on_writer([finished] { finished->set_value(); });
  finished->get_future().wait();
}

}  // namespace baedal::store::sqlite
