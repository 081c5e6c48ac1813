#include "platform/runtime/asio_executor.hpp"

#include <algorithm>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace baedal::runtime {
namespace asio = boost::asio;
using SteadyClock = std::chrono::steady_clock;
using LoopExecutor = asio::io_context::executor_type;
using SteadyTimer =
    asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, LoopExecutor>;

namespace {

struct Delayed {
  SteadyClock::time_point due;
  std::uint64_t order;  ///< equal times run in the order they were asked for
  std::function<void()> work;
};

bool later(const Delayed& a, const Delayed& b) {
  return a.due != b.due ? a.due > b.due : a.order > b.order;
}

/// After a stop, how often what is ready may make something else ready.
constexpr int kFarewellRoundsMax = 1000;

}  // namespace

struct AsioExecutor::Impl {
  explicit Impl(asio::io_context& loop)
      : context(loop), stay(loop.get_executor()), timer(loop.get_executor()) {}

  void run_inbox() {
    {
      const std::lock_guard lock(mutex);
      batch.swap(inbox);
    }
    for (auto& work : batch) work();
    batch.clear();
  }

  // The functions below belong to the loop's thread.
  void add(SteadyClock::time_point due, std::function<void()> work) {
    delayed.push_back({due, next_order++, std::move(work)});
    std::ranges::push_heap(delayed, later);
    if (!firing && delayed.front().due == due) arm();
  }

  void arm() {
    timer.expires_at(delayed.front().due);
    timer.async_wait([this](boost::system::error_code error) {
      if (!error) fire();
    });
  }

  void fire() {
    firing = true;
    const auto now = SteadyClock::now();
    while (!delayed.empty() && delayed.front().due <= now) {
      std::ranges::pop_heap(delayed, later);
      const std::function<void()> work = std::move(delayed.back().work);
      delayed.pop_back();
      work();
    }
    firing = false;
    if (!delayed.empty()) arm();
  }

  asio::io_context& context;
  asio::executor_work_guard<LoopExecutor> stay;
  SteadyTimer timer;
  std::vector<Delayed> delayed;  ///< a heap, the next one in front
  std::uint64_t next_order = 0;
  bool firing = false;
  std::vector<std::function<void()>> batch;  ///< kept for its memory

  std::mutex mutex;
  std::vector<std::function<void()>> inbox;  ///< guarded by mutex
};

AsioExecutor::AsioExecutor(asio::io_context& context) : impl_(std::make_unique<Impl>(context)) {}
AsioExecutor::~AsioExecutor() = default;

void AsioExecutor::post(std::function<void()> work) {
  bool wake = false;
  {
    const std::lock_guard lock(impl_->mutex);
    wake = impl_->inbox.empty();
    impl_->inbox.push_back(std::move(work));
  }
  if (wake) asio::post(impl_->context, [impl = impl_.get()] { impl->run_inbox(); });
}

void AsioExecutor::post_after(std::chrono::nanoseconds delay, std::function<void()> work) {
  const auto due = SteadyClock::now() + delay;
  if (current_or_null() == this) {
    impl_->add(due, std::move(work));
  } else {
    post([impl = impl_.get(), due, later_work = std::move(work)]() mutable {
      impl->add(due, std::move(later_work));
    });
  }
}

void AsioExecutor::run_loop() {
  const Enter enter(*this);
  impl_->context.run();
  impl_->context.restart();
  for (int round = 0; round < kFarewellRoundsMax && impl_->context.poll() > 0; ++round) {
  }
}

}  // namespace baedal::runtime
