#include "platform/store/lmdb/read_thread.hpp"

#include <pthread.h>

#include <utility>

namespace baedal::store::lmdb {

ReadThread::ReadThread(std::string name, std::size_t queue_max)
    : name_(std::move(name)), queue_max_(queue_max), thread_([this] { run_until_stopped(); }) {}

ReadThread::~ReadThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_came_.notify_one();
  thread_.join();
}

bool ReadThread::post(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= queue_max_) return false;
    queue_.push_back(std::move(job));
  }
  work_came_.notify_one();
  return true;
}

void ReadThread::run_until_stopped() {
  pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
  std::unique_lock lock(mutex_);
  while (true) {
    work_came_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const std::function<void()> job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace baedal::store::lmdb
