#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "kernel/async/frame_pool.hpp"

namespace baedal {

/// What a piece of work belongs to (a request, an event), carried by the coroutines that do the
/// work without any of them knowing: a Task that waits takes it along and has it again when it goes
/// on, on whatever thread; what it awaits or spawns has it too. Whoever hands work over in another
/// way (a queue, a worker) keeps a copy and opens a Scope with it. A handle, one pointer wide.
///
/// Between two pieces of work a thread has none, so that nothing ever runs under another's.
class TaskContext {
 public:
  /// What is carried; opaque but to whoever made it. Never changes once it is carried: any thread.
  class Data : public detail::PooledFrame {
   public:
    Data() = default;
    Data(const Data&) = delete;
    Data& operator=(const Data&) = delete;
    virtual ~Data() = default;

   private:
    friend TaskContext;
    mutable std::atomic<std::uint32_t> uses_{0};
  };

  /// None.
  constexpr TaskContext() noexcept = default;
  /// Owns `data`, together with its copies.
  explicit TaskContext(const Data* data) noexcept : data_(data) { keep(); }
  TaskContext(const TaskContext& other) noexcept : data_(other.data_) { keep(); }
  TaskContext(TaskContext&& other) noexcept : data_(std::exchange(other.data_, nullptr)) {}
  TaskContext& operator=(TaskContext other) noexcept {
    std::swap(data_, other.data_);
    return *this;
  }
  ~TaskContext() { drop(); }

  [[nodiscard]] const Data* data() const noexcept { return data_; }
  explicit operator bool() const noexcept { return data_ != nullptr; }

  /// That of the work this thread does now.
  [[nodiscard]] static TaskContext current() noexcept { return TaskContext{current_}; }
  /// The same, borrowed until the next co_await; null: none.
  [[nodiscard]] static const Data* current_data() noexcept { return current_; }
  /// Takes it off this thread, which has none then: for whoever suspends.
  [[nodiscard]] static TaskContext take_current() noexcept {
    TaskContext taken;
    taken.data_ = std::exchange(current_, nullptr);
    return taken;
  }
  static void set_current(TaskContext context) noexcept { std::swap(current_, context.data_); }

  class Scope;

 private:
  void keep() const noexcept {
    if (data_ != nullptr) data_->uses_.fetch_add(1, std::memory_order_relaxed);
  }
  void drop() const noexcept {
    if (data_ != nullptr && data_->uses_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete data_;
  }

  /// Owned by the thread, as a handle would. A bare pointer, so that reading it costs no call.
  static inline constinit thread_local const Data* current_ = nullptr;
  const Data* data_ = nullptr;
};

/// The work of this block belongs to `context`; may stand in a coroutine.
class TaskContext::Scope {
 public:
  explicit Scope(TaskContext context) noexcept : opened_(context.data_), before_(take_current()) {
    set_current(std::move(context));
  }
  ~Scope() {
    // A frame that is destroyed while it waits has nothing on this thread to put back.
    if (current_ == opened_) set_current(std::move(before_));
  }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  const Data* opened_;
  TaskContext before_;
};

}  // namespace baedal
