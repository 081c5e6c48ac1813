#include "platform/store/postgres/dialer.hpp"

#include <pthread.h>

#include <algorithm>
#include <utility>

namespace baedal::store::postgres {
namespace {

constexpr std::chrono::milliseconds kPauseFirst{50};
constexpr std::chrono::milliseconds kPauseMax{2'000};

}  // namespace

Dialer::Dialer(std::string thread_name, Target target)
    : thread_name_(std::move(thread_name)),
      target_(std::move(target)),
      thread_([this] { dial_until_stopped(); }) {}

Dialer::~Dialer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::unique_ptr<Connection> Dialer::take() {
  const std::lock_guard lock(mutex_);
  if (ready_ && !ready_->looks_lost()) return std::move(ready_);
  ready_.reset();
  wanted_ = true;
  changed_.notify_all();
  return nullptr;
}

std::unique_ptr<Connection> Dialer::take_until(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  wanted_ = ready_ == nullptr;
  changed_.notify_all();
  changed_.wait_until(lock, deadline, [this] { return stopping_ || ready_ != nullptr; });
  return std::move(ready_);
}

void Dialer::dial_until_stopped() {
  pthread_setname_np(pthread_self(), thread_name_.substr(0, 15).c_str());
  auto pause = kPauseFirst;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || wanted_; });
    if (stopping_) return;
    lock.unlock();
    auto opened = Connection::open(target_);
    lock.lock();
    if (opened) {
      ready_ = std::move(*opened);
      wanted_ = false;
      pause = kPauseFirst;
      changed_.notify_all();
      continue;
    }
    changed_.wait_for(lock, pause, [this] { return stopping_; });
    pause = std::min(pause * 2, kPauseMax);
  }
}

}  // namespace baedal::store::postgres
