#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "kernel/async/executor.hpp"

namespace boost::asio {
class io_context;
}

namespace baedal::runtime {

/// Executor over one io_context that one thread runs. Posting takes a mutex and, only when the
/// queue was empty, wakes the loop: a store that answers a whole batch wakes it once. All delays
/// share one system timer.
class AsioExecutor final : public Executor {
 public:
  explicit AsioExecutor(boost::asio::io_context& context);
  ~AsioExecutor() override;
  AsioExecutor(const AsioExecutor&) = delete;
  AsioExecutor& operator=(const AsioExecutor&) = delete;

  void post(std::function<void()> work) override;
  void post_after(std::chrono::nanoseconds delay, std::function<void()> work) override;

  /// Runs the loop on this thread, as this executor, until the context is stopped; then what was
  /// ready at that moment.
  void run_loop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal::runtime
