#include "main/key_sweeper.hpp"

#include <utility>

#include "platform/log/log.hpp"

namespace baedal {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstPause = 5min;
constexpr auto kPause = 1min;
constexpr auto kStep = 200ms;  ///< how soon a stop is noticed
/// Keys are in no order, so each costs the commit it goes with about a page of an index: 250 take
/// some 9 ms where 2,000 took 45, and whoever commits beside them waits no longer than that.
constexpr std::int64_t kChunk = 250;
constexpr auto kBreath = 15ms;  ///< between two chunks: ten thousand keys a second

}  // namespace

void KeySweeper::start(std::vector<store::Store*> stores) {
  stores_ = std::move(stores);
  spawn(run());
}

Task<void> KeySweeper::stop() {
  stopping_ = true;
  if (!stores_.empty()) co_await ended_.wait();
}

Task<void> KeySweeper::run() {
  co_await pause(kFirstPause);
  while (!stopping_) {
    for (store::Store* store : stores_) co_await sweep(*store);
    co_await pause(kPause);
  }
  ended_.set();
}

Task<void> KeySweeper::sweep(store::Store& store) {
  const Timestamp before =
      clock_.now() + -std::chrono::duration_cast<std::chrono::microseconds>(retention_);
  while (!stopping_) {
    const auto swept = co_await store.sweep_keys(before, kChunk);
    if (!swept) log::warn("sweeper", "old keys stay", {{"reason", swept.error().detail}});
    if (!swept || *swept < kChunk) co_return;
    co_await sleep_for(kBreath);
  }
}

Task<void> KeySweeper::pause(std::chrono::milliseconds duration) {
  for (auto waited = 0ms; waited < duration && !stopping_; waited += kStep)
    co_await sleep_for(kStep);
}

}  // namespace baedal
