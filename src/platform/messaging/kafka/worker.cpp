#include "platform/messaging/kafka/worker.hpp"

#include <utility>

namespace baedal::messaging::kafka {

Worker::Worker() : thread_([this] { work(); }) {}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Task<void> Worker::run(const std::function<void()>& job) {
  Event done;
  {
    const std::lock_guard lock(mutex_);
    BAEDAL_ASSERT(job_ == nullptr);
    job_ = &job;
    done_ = &done;
  }
  changed_.notify_all();
  co_await done.wait();
  // set() may still hold the event's lock: it must not go before that is done.
  const std::lock_guard lock(mutex_);
}

void Worker::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return job_ != nullptr || ending_; });
    if (job_ == nullptr) return;
    const auto* job = job_;
    lock.unlock();
    (*job)();
    lock.lock();
    job_ = nullptr;
    std::exchange(done_, nullptr)->set();
  }
}

}  // namespace baedal::messaging::kafka
