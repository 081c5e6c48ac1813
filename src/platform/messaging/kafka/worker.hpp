#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "kernel/async/sync.hpp"
#include "kernel/async/task.hpp"

namespace baedal::messaging::kafka {

/// A thread for calls that block, one after the other, while the executor goes on.
class Worker {
 public:
  Worker();
  /// After the job in hand.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Runs `job` on the thread; resumes on the current executor. One at a time. `job` is borrowed.
  Task<void> run(const std::function<void()>& job);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void()>* job_ = nullptr;
  Event* done_ = nullptr;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace baedal::messaging::kafka
