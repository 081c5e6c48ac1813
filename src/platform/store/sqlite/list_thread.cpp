#include "platform/store/sqlite/list_thread.hpp"

#include <pthread.h>

#include <utility>

#include "platform/store/errors.hpp"

namespace baedal::store::sqlite {

ListThread::ListThread(std::string name, std::unique_ptr<Reader> reader, Limits limits)
    : name_(std::move(name)), reader_(std::move(reader)), limits_(limits) {
  reader_->watch_deadline();
  thread_ = std::thread([this] { read_until_stopped(); });
}

ListThread::~ListThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_came_.notify_one();
  thread_.join();
}

bool ListThread::Submit::await_suspend(std::coroutine_handle<> caller) const {
  waiting.executor = &Executor::current();
  waiting.coroutine = caller;
  waiting.deadline = std::chrono::steady_clock::now() + thread.limits_.deadline;
  return thread.enqueue(*this);
}

bool ListThread::enqueue(const Submit& submit) {
  const std::lock_guard lock(mutex_);
  // Written before the thread can see it: afterwards the caller's frame is the thread's.
  submit.accepted = !stopping_ && waiting_count_ < limits_.waiting_max;
  if (!submit.accepted) return false;
  (last_ != nullptr ? last_->next : first_) = &submit.waiting;
  last_ = &submit.waiting;
  ++waiting_count_;
  work_came_.notify_one();
  return true;
}

void ListThread::read_until_stopped() {
  pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
  std::unique_lock lock(mutex_);
  while (true) {
    work_came_.wait(lock, [this] { return stopping_ || first_ != nullptr; });
    if (first_ == nullptr) return;
    Waiting* waiting = std::exchange(first_, first_->next);
    if (first_ == nullptr) last_ = nullptr;
    --waiting_count_;
    lock.unlock();
    read(*waiting);
    lock.lock();
  }
}

void ListThread::read(Waiting& waiting) {
  const bool in_time = std::chrono::steady_clock::now() < waiting.deadline;
  reader_->set_deadline(waiting.deadline);
  waiting.work(in_time ? reader_.get() : nullptr);
  waiting.executor->resume(waiting.coroutine);
}

Error ListThread::overloaded() { return store_overloaded("lists"); }

Error ListThread::too_late() { return store_unavailable("The list took too long."); }

}  // namespace baedal::store::sqlite
