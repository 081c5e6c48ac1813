#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "kernel/async/executor.hpp"
#include "kernel/async/sync.hpp"

namespace baedal::simulation {

/// What a process waits for that comes from outside it: the first answer counts, and if there is
/// none in time, that is the answer. Shared by both sides, whichever lives longer.
template <class T>
class Reply {
 public:
  /// Whether it was the first.
  bool answer(std::optional<T> value) {
    if (std::exchange(answered_, true)) return false;
    value_ = std::move(value);
    there_.set();
    return true;
  }

  /// Resumes on the waiting executor, at the latest after `limit`; then there is no value.
  static Task<std::optional<T>> wait(std::shared_ptr<Reply> reply, std::chrono::nanoseconds limit) {
    if (!reply->answered_) {
      Executor::current().post_after(limit, [reply] { reply->answer(std::nullopt); });
    }
    co_await reply->there_.wait();
    co_return std::move(reply->value_);
  }

 private:
  bool answered_ = false;
  std::optional<T> value_;
  Event there_;
};

}  // namespace baedal::simulation
