#pragma once

#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "kernel/async/executor.hpp"
#include "kernel/function_ref.hpp"

namespace baedal::store::lmdb {

/// One thread for what is too long for an I/O thread, with a bounded queue.
class ReadThread {
 public:
  ReadThread(std::string name, std::size_t queue_max);
  /// Finishes what waits, joins.
  ~ReadThread();
  ReadThread(const ReadThread&) = delete;
  ReadThread& operator=(const ReadThread&) = delete;

  /// Awaitable: runs `work` on the thread, then resumes the caller on its executor. Gives false,
  /// without running it, when the queue is full. `work` is borrowed until then.
  [[nodiscard]] auto run(FunctionRef<void()> work) { return Run{*this, work}; }

 private:
  struct Run {
    ReadThread& thread;
    FunctionRef<void()> work;
    bool accepted = true;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> caller) {
      Executor* const home = &Executor::current();
      const bool posted = thread.post([work = work, home, caller] {
        work();
        home->resume(caller);
      });
      // Once posted, the coroutine may be running again, and this object be gone.
      if (!posted) accepted = false;
      return posted;
    }
    bool await_resume() const noexcept { return accepted; }
  };

  bool post(std::function<void()> job);
  void run_until_stopped();

  const std::string name_;
  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable work_came_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace baedal::store::lmdb
