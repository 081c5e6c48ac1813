#include "main/key_sweeper.hpp"

#include <utility>

#include "platform/log/log.hpp"

namespace baedal {

void KeySweeper::start(std::vector<store::Store*> stores) {
  stores_ = std::move(stores);
  if (!stores_.empty()) spawn(run());
}

Task<void> KeySweeper::stop() {
  stop_.request();
  if (!stores_.empty()) co_await ended_.wait();
}

Task<void> KeySweeper::run() {
  co_await stop_.pause(pace_.first_pause);
  while (!stop_.requested()) {
    for (store::Store* store : stores_) co_await sweep(*store);
    co_await stop_.pause(pace_.pause);
  }
  ended_.set();
}

Task<void> KeySweeper::sweep(store::Store& store) {
  const Timestamp before =
      clock_.now() + -std::chrono::duration_cast<std::chrono::microseconds>(retention_);
  while (!stop_.requested()) {
    const auto swept = co_await store.sweep_keys(before, pace_.chunk);
    if (!swept) log::warn("sweeper", "old keys stay", {{"reason", swept.error().detail}});
    if (!swept || *swept < pace_.chunk) co_return;
    co_await stop_.pause(pace_.breath);
  }
}

}  // namespace baedal
