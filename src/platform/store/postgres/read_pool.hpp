#pragma once

#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kernel/async/executor.hpp"
#include "kernel/function_ref.hpp"
#include "platform/store/postgres/connection.hpp"

namespace baedal::store::postgres {

/// A few threads, each with a connection, that read for everyone. Waiting is bounded, and whoever
/// asks has an answer by a deadline: kOverloaded when too many wait, kUnavailable at once while no
/// connection stands. Connections come back by themselves, with growing pauses.
class ReadPool {
 public:
  struct Limits {
    int connections = 2;
    std::size_t waiting_max = 256;
    std::chrono::milliseconds deadline{2'000};
  };

  ReadPool(std::string name, Target target, Limits limits);
  /// Finishes what waits, joins.
  ~ReadPool();
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;

  /// Runs `read` on one of the threads and gives its result on the caller's executor. `read` lives
  /// until the task is done. A connection found dead is made anew once before that is an error.
  template <class T>
  Task<Result<T>> run(FunctionRef<Result<T>(Connection&)> read);

  /// Whether a connection stands. Any thread.
  [[nodiscard]] bool is_up() const;

 private:
  /// A caller in the queue, linked in its coroutine's frame.
  struct Waiting {
    FunctionRef<void(Connection*)> work;  ///< with null: it could not begin in time
    std::chrono::steady_clock::time_point deadline{};
    Executor* executor = nullptr;
    std::coroutine_handle<> coroutine{};
    Waiting* next = nullptr;
  };
  enum class Door { kOpen, kFull, kDown };
  struct Submit {
    ReadPool& pool;
    Waiting& waiting;
    Door& door;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> caller) const;
    void await_resume() const noexcept {}
  };
  bool enqueue(const Submit& submit);
  void read_until_stopped();
  std::unique_ptr<Connection> dial(std::unique_lock<std::mutex>& lock);
  void refuse_all(std::unique_lock<std::mutex>& lock);
  void serve(Waiting& waiting, std::unique_ptr<Connection>& connection);
  Waiting* pop();
  [[nodiscard]] static Error refusal(Door door);
  [[nodiscard]] static Error too_late();

  const std::string name_;
  const Target target_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable work_came_;
  Waiting* first_ = nullptr;
  Waiting* last_ = nullptr;
  std::size_t waiting_count_ = 0;
  int up_ = 0;          ///< threads with a connection
  bool tried_ = false;  ///< false until the first has tried: then callers wait
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

template <class T>
Task<Result<T>> ReadPool::run(FunctionRef<Result<T>(Connection&)> read) {
  Result<T> result = std::unexpected(too_late());
  auto work = [&result, read](Connection* connection) {
    if (connection != nullptr) result = read(*connection);
  };
  Waiting waiting{work};
  Door door = Door::kOpen;
  Submit submit{*this, waiting, door};
  co_await submit;
  if (door != Door::kOpen) co_return std::unexpected(refusal(door));
  co_return result;
}

}  // namespace baedal::store::postgres
