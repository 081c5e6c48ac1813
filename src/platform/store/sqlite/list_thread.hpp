#pragma once

#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "kernel/async/executor.hpp"
#include "kernel/function_ref.hpp"
#include "platform/store/sqlite/reader.hpp"

namespace baedal::store::sqlite {

/// One thread that reads lists, so that a deep page never blocks an I/O thread. Waiting is bounded,
/// and every list has a deadline from the moment it was asked for.
class ListThread {
 public:
  struct Limits {
    std::size_t waiting_max = 256;
    std::chrono::milliseconds deadline{2'000};
  };

  ListThread(std::string name, std::unique_ptr<Reader> reader, Limits limits);
  /// Finishes what waits, joins.
  ~ListThread();
  ListThread(const ListThread&) = delete;
  ListThread& operator=(const ListThread&) = delete;

  /// Runs `read` on the thread and gives its result on the caller's executor. `read` lives until
  /// the task is done.
  template <class T>
  Task<Result<T>> run(FunctionRef<Result<T>(Reader&)> read);

 private:
  /// A caller in the queue, linked in its coroutine's frame.
  struct Waiting {
    FunctionRef<void(Reader*)> work;  ///< with null: the deadline passed before it began
    std::chrono::steady_clock::time_point deadline{};
    Executor* executor = nullptr;
    std::coroutine_handle<> coroutine{};
    Waiting* next = nullptr;
  };
  struct Submit {
    ListThread& thread;
    Waiting& waiting;
    bool& accepted;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> caller) const;
    void await_resume() const noexcept {}
  };
  bool enqueue(const Submit& submit);
  void read_until_stopped();
  void read(Waiting& waiting);
  [[nodiscard]] static Error overloaded();
  [[nodiscard]] static Error too_late();

  const std::string name_;
  const std::unique_ptr<Reader> reader_;
  const Limits limits_;
  std::mutex mutex_;
  std::condition_variable work_came_;
  Waiting* first_ = nullptr;
  Waiting* last_ = nullptr;
  std::size_t waiting_count_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

template <class T>
Task<Result<T>> ListThread::run(FunctionRef<Result<T>(Reader&)> read) {
  Result<T> result = std::unexpected(too_late());
  auto work = [&result, read](Reader* reader) {
    if (reader != nullptr) result = read(*reader);
  };
  Waiting waiting{work};
  bool accepted = false;
  Submit submit{*this, waiting, accepted};
  co_await submit;
  if (!accepted) co_return std::unexpected(overloaded());
  co_return result;
}

}  // namespace baedal::store::sqlite
