#include "platform/runtime/runtime.hpp"

#include <pthread.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <exception>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "kernel/assert.hpp"
#include "platform/runtime/asio_executor.hpp"

namespace baedal::runtime {
namespace asio = boost::asio;

namespace {

/// One event loop and its thread.
struct Loop {
  asio::io_context context{1};
  AsioExecutor executor{context};
  std::thread thread;
};

sigset_t termination_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

struct SignalWait {
  asio::signal_set& signals;
  int number = 0;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    // The set lives on the first loop; the waiter goes on where it was.
    signals.async_wait(
        [this, waiter, home = &Executor::current()](const boost::system::error_code&, int signal) {
          number = signal;
          home->resume(waiter);
        });
  }
  int await_resume() const noexcept { return number; }
};

}  // namespace

struct Runtime::Impl {
  std::vector<std::unique_ptr<Loop>> loops;
  std::atomic<bool> running{false};
};

Runtime::Runtime(std::size_t threads) : impl_(std::make_unique<Impl>()) {
  BAEDAL_ASSERT(threads > 0);
  for (std::size_t i = 0; i < threads; ++i) impl_->loops.push_back(std::make_unique<Loop>());
}

Runtime::~Runtime() { stop(); }

void Runtime::start() {
  BAEDAL_ASSERT(!impl_->running.exchange(true));
  for (std::size_t i = 0; i < impl_->loops.size(); ++i) {
    Loop& loop = *impl_->loops[i];
    // noexcept: an exception that leaves work on a loop is a bug, and ends the process here.
    loop.thread = std::thread([&loop]() noexcept { loop.executor.run_loop(); });
    pthread_setname_np(loop.thread.native_handle(), ("baedal-io-" + std::to_string(i)).c_str());
  }
}

void Runtime::stop() {
  if (!impl_->running.exchange(false)) return;
  BAEDAL_ASSERT(Executor::current_or_null() == nullptr);
  for (const auto& loop : impl_->loops) {
    asio::post(loop->context, [&context = loop->context] { context.stop(); });
  }
  for (const auto& loop : impl_->loops) loop->thread.join();
}

bool Runtime::running() const { return impl_->running; }

std::size_t Runtime::size() const { return impl_->loops.size(); }

Executor& Runtime::executor(std::size_t index) { return impl_->loops.at(index)->executor; }

asio::io_context& Runtime::context(std::size_t index) { return impl_->loops.at(index)->context; }

void Runtime::run(Task<void> task) {
  BAEDAL_ASSERT(running() && Executor::current_or_null() == nullptr);
  // Shared: set_value() may still be busy on the loop when this thread has already seen the value.
  const auto done = std::make_shared<std::promise<void>>();
  std::future<void> finished = done->get_future();
  auto body = [](Task<void> moved, std::shared_ptr<std::promise<void>> result) -> Task<void> {
    std::exception_ptr failure;
    {
      // Gone, with all it owns, before the caller goes on.
      Task<void> inner = std::move(moved);
      try {
        co_await inner;
      } catch (...) {
        failure = std::current_exception();
      }
    }
    if (failure) {
      result->set_exception(failure);
    } else {
      result->set_value();
    }
  };
  Task<void> wrapped = body(std::move(task), done);
  executor(0).post([&wrapped] { spawn(std::move(wrapped)); });
  finished.get();
}

void hold_termination_signals() {
  const sigset_t signals = termination_signals();
  const int failed = pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  BAEDAL_ASSERT(failed == 0);
}

bool termination_signal_comes_within(std::chrono::milliseconds timeout) {
  const sigset_t signals = termination_signals();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  const timespec patience{.tv_sec = seconds.count(),
                          .tv_nsec = std::chrono::nanoseconds{timeout - seconds}.count()};
  const int signal = ::sigtimedwait(&signals, nullptr, &patience);
  if (signal <= 0) return false;
  ::kill(::getpid(), signal);  // taken: back it goes, to be held
  return true;
}

Task<int> wait_for_termination_signal(Runtime& runtime) {
  asio::signal_set signals(runtime.context(0), SIGTERM, SIGINT);
  // A held signal comes now, on this thread, and finds its handler.
  const sigset_t held = termination_signals();
  const int failed = pthread_sigmask(SIG_UNBLOCK, &held, nullptr);
  BAEDAL_ASSERT(failed == 0);
  SignalWait wait{signals};
  co_return co_await wait;
}

}  // namespace baedal::runtime
