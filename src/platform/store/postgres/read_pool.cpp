#include "platform/store/postgres/read_pool.hpp"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "platform/store/errors.hpp"

namespace baedal::store::postgres {
namespace {

constexpr std::chrono::milliseconds kPauseFirst{50};
constexpr std::chrono::milliseconds kPauseMax{2'000};
/// How soon an idle thread notices that the server has gone.
constexpr std::chrono::milliseconds kLookInterval{500};

}  // namespace

ReadPool::ReadPool(std::string name, Target target, Limits limits)
    : name_(std::move(name)), target_(std::move(target)), limits_(limits) {
  for (int i = 0; i < limits_.connections; ++i) {
    threads_.emplace_back([this] { read_until_stopped(); });
  }
}

ReadPool::~ReadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_came_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool ReadPool::is_up() const {
  const std::lock_guard lock(mutex_);
  return up_ > 0 || !tried_;
}

bool ReadPool::Submit::await_suspend(std::coroutine_handle<> caller) const {
  waiting.executor = &Executor::current();
  waiting.coroutine = caller;
  waiting.deadline = std::chrono::steady_clock::now() + pool.limits_.deadline;
  return pool.enqueue(*this);
}

bool ReadPool::enqueue(const Submit& submit) {
  const std::lock_guard lock(mutex_);
  // Written before a thread can see it: afterwards the caller's frame is that thread's.
  submit.door = Door::kOpen;
  if (waiting_count_ >= limits_.waiting_max) submit.door = Door::kFull;
  if (stopping_ || (up_ == 0 && tried_)) submit.door = Door::kDown;
  if (submit.door != Door::kOpen) return false;
  (last_ != nullptr ? last_->next : first_) = &submit.waiting;
  last_ = &submit.waiting;
  ++waiting_count_;
  work_came_.notify_one();
  return true;
}

ReadPool::Waiting* ReadPool::pop() {
  Waiting* waiting = std::exchange(first_, first_->next);
  if (first_ == nullptr) last_ = nullptr;
  --waiting_count_;
  return waiting;
}

void ReadPool::read_until_stopped() {
  pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
  std::unique_lock lock(mutex_);
  while (auto connection = dial(lock)) {
    ++up_;
    while (connection) {
      const auto has_work = [this] { return stopping_ || first_ != nullptr; };
      if (!work_came_.wait_for(lock, kLookInterval, has_work)) {
        if (connection->looks_lost()) connection.reset();
        continue;
      }
      if (first_ == nullptr) return;
      Waiting* waiting = pop();
      lock.unlock();
      serve(*waiting, connection);
      lock.lock();
    }
    --up_;
  }
}

/// Null when stopping.
std::unique_ptr<Connection> ReadPool::dial(std::unique_lock<std::mutex>& lock) {
  for (auto pause = kPauseFirst;; pause = std::min(pause * 2, kPauseMax)) {
    lock.unlock();
    auto opened = Connection::open(target_);
    lock.lock();
    tried_ = true;
    if (opened) return std::move(*opened);
    if (up_ == 0) refuse_all(lock);
    if (stopping_) return nullptr;
    work_came_.wait_for(lock, pause, [this] { return stopping_; });
  }
}

/// Nobody is there to read for those who wait.
void ReadPool::refuse_all(std::unique_lock<std::mutex>& lock) {
  while (first_ != nullptr) {
    Waiting* waiting = pop();
    lock.unlock();
    waiting->work(nullptr);
    waiting->executor->resume(waiting->coroutine);
    lock.lock();
  }
}

void ReadPool::serve(Waiting& waiting, std::unique_ptr<Connection>& connection) {
  const auto is_in_time = [&] { return std::chrono::steady_clock::now() < waiting.deadline; };
  const auto dial_anew = [&] {
    auto opened = Connection::open(target_);
    connection = opened ? std::move(*opened) : nullptr;
  };
  // The server was started again since the last read: that is nobody's error, whether it is seen
  // before this read or by it.
  const bool is_new = connection->looks_lost();
  if (is_new) dial_anew();
  waiting.work(is_in_time() ? connection.get() : nullptr);
  if (!is_new && connection->is_lost() && is_in_time()) {
    dial_anew();
    waiting.work(connection.get());
  }
  if (connection && connection->is_lost()) connection.reset();
  waiting.executor->resume(waiting.coroutine);
}

Error ReadPool::refusal(Door door) {
  if (door == Door::kFull) return store_overloaded("reads");
  return store_unavailable("The database cannot be reached.");
}

Error ReadPool::too_late() { return store_unavailable("The read took too long."); }

}  // namespace baedal::store::postgres
