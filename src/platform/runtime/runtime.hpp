#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "kernel/async/executor.hpp"
#include "kernel/async/task.hpp"

namespace boost::asio {
class io_context;
}

namespace baedal::runtime {

/// The I/O threads of the process: one event loop (Boost.Asio io_context) each. Everything that
/// waits runs here as a coroutine; what computes or blocks for long has a thread of its own.
///   Runtime runtime(1);
///   runtime.start();
///   const int answer = runtime.run(some_task());
///   runtime.stop();
class Runtime {
 public:
  /// `threads` ≥ 1. Nothing runs before start().
  explicit Runtime(std::size_t threads);
  /// Stops and joins.
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// Starts the threads, named baedal-io-0, baedal-io-1, … Once.
  void start();
  /// Lets the loops end after the work in hand; joins. What still waits for a socket, a timer or
  /// another thread stays suspended for ever. Idempotent; not from an I/O thread.
  void stop();
  /// Between start() and stop(). Any thread.
  [[nodiscard]] bool running() const;

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] Executor& executor(std::size_t index);
  [[nodiscard]] boost::asio::io_context& context(std::size_t index);

  /// Runs `task` on executor 0 and blocks this (not an I/O) thread until it is done. An exception
  /// that leaves the task leaves run().
  void run(Task<void> task);
  template <class T>
  T run(Task<T> task);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

template <class T>
T Runtime::run(Task<T> task) {
  std::optional<T> value;
  auto wrap = [](Task<T> inner, std::optional<T>& out) -> Task<void> {
    out.emplace(co_await inner);
  };
  run(wrap(std::move(task), value));
  return std::move(*value);
}

/// Keeps SIGTERM and SIGINT waiting, for this thread and all it starts from now on, until
/// wait_for_termination_signal() takes them: so that a signal during the start is a clean stop too.
void hold_termination_signals();

/// Blocks this thread until a held signal comes, or for `timeout`; whether one came. It stays held.
[[nodiscard]] bool termination_signal_comes_within(std::chrono::milliseconds timeout);

/// Resumes, on the executor it was awaited on, with the number of the first SIGTERM or SIGINT. From
/// then on the two have their default action again: a second signal ends the process at once.
[[nodiscard]] Task<int> wait_for_termination_signal(Runtime& runtime);

}  // namespace baedal::runtime
