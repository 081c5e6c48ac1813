#include "services/payment/app/settle_worker.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "kernel/assert.hpp"
#include "kernel/async/executor.hpp"
#include "kernel/async/sync.hpp"
#include "kernel/async/task_context.hpp"

namespace baedal::payment {
namespace {

constexpr std::int64_t kSweepPageSize = 500;

enum class Phase { kReady, kRunning, kPausing };

/// A payment in hand. `progress` belongs to the running loop while there is one.
struct Entry {
  Phase phase = Phase::kReady;
  bool changed = false;  ///< taken again while running: to be read again, and not let go before
  Timestamp since{};     ///< when it was opened
  SettleProgress progress{};
  TaskContext context{};  ///< of whoever took it last; none when a sweep found it
};

/// Money that is to be given back is owed from the moment of the cancel.
Timestamp open_since(const Payment& payment) {
  return payment.status == PaymentStatus::kRefunding ? payment.updated_at : payment.created_at;
}

std::chrono::milliseconds pause_after(std::int64_t setbacks, const PaymentOptions& options) {
  auto pause = options.retry_pause_first;
  for (std::int64_t i = 1; i < setbacks && pause < options.retry_pause_max; ++i) pause *= 2;
  return std::min(pause, options.retry_pause_max);
}

}  // namespace

/// Shared with what is posted to the executor, which may run after the worker is gone. Loops and
/// sweeps run on `executor`; the members below `mutex` are guarded by it.
struct SettleWorker::State : std::enable_shared_from_this<State> {
  State(SettlePayment& s, PaymentStore& p, const PaymentOptions& o)
      : settle(s), store(p), options(o) {}

  void take(PaymentId id, Timestamp since, const Payment* opened);
  /// Whether there was room for it, or it was in hand already.
  bool admit(PaymentId id, Timestamp since);
  void make_ready(PaymentId id, Entry& entry);
  void pump_soon();
  void pump();
  Task<void> run(PaymentId id, SettleProgress* progress);
  void finish(PaymentId id, SettleStep last);
  void pause(PaymentId id, Entry& entry);
  void resume_after_pause(PaymentId id);
  void arm_sweep();
  void sweep_soon();
  Task<void> sweep();
  Task<bool> sweep_status(PaymentStatus status);
  bool goes_on(PaymentId id, SettleProgress& progress);
  bool is_stopping() const;
  void announce_idle();

  SettlePayment& settle;
  PaymentStore& store;
  const PaymentOptions options;
  Executor* executor = nullptr;
  Event idle;

  mutable std::mutex mutex;
  std::unordered_map<PaymentId, Entry> in_hand;  // an entry stays where it is while in hand
  std::deque<PaymentId> ready;
  std::size_t running = 0, waiting = 0;
  bool started = false, stopping = false;
  bool pump_posted = false, sweeping = false;
  bool overflowed = false;  // some open payment may be in the store only
  SettleStats totals;
};

SettleWorker::SettleWorker(SettlePayment& settle, PaymentStore& store,
                           const PaymentOptions& options)
    : state_(std::make_shared<State>(settle, store, options)) {}

SettleWorker::~SettleWorker() {
  const std::lock_guard lock(state_->mutex);
  BAEDAL_ASSERT(!state_->started || state_->idle.is_set());
}

void SettleWorker::start() {
  {
    const std::lock_guard lock(state_->mutex);
    BAEDAL_ASSERT(!state_->started);
    state_->started = true;
    state_->executor = &Executor::current();
    state_->sweep_soon();
  }
  state_->arm_sweep();
}

Task<void> SettleWorker::stop() {
  const auto state = state_;
  {
    const std::lock_guard lock(state->mutex);
    if (!state->started) co_return;
    state->stopping = true;
    state->ready.clear();
    state->announce_idle();
  }
  co_await state->idle.wait();
}

void SettleWorker::take(PaymentId id, Timestamp since) { state_->take(id, since, nullptr); }

void SettleWorker::take_new(const Payment& payment) {
  state_->take(payment.id, open_since(payment), &payment);
}

SettleStats SettleWorker::stats() const {
  const std::lock_guard lock(state_->mutex);
  SettleStats stats = state_->totals;
  stats.in_hand = state_->in_hand.size();
  stats.running = state_->running;
  stats.waiting = state_->waiting;
  for (const auto& [id, entry] : state_->in_hand) {
    stats.oldest_since = std::min(stats.oldest_since.value_or(entry.since), entry.since);
  }
  return stats;
}

void SettleWorker::State::take(PaymentId id, Timestamp since, const Payment* opened) {
  const std::lock_guard lock(mutex);
  if (!started || stopping) return;  // the sweep of the next start finds it
  const bool known = in_hand.contains(id);
  if (!known && !admit(id, since)) return;
  Entry& entry = in_hand.at(id);
  entry.changed = known;
  if (!known && opened != nullptr) entry.progress.payment = *opened;
  entry.context = TaskContext::current();
}

bool SettleWorker::State::admit(PaymentId id, Timestamp since) {
  if (in_hand.contains(id)) return true;
  if (in_hand.size() >= options.in_hand_max) {
    overflowed = true;
    ++totals.overflows;
    return false;
  }
  Entry& entry = in_hand[id];
  entry.since = since;
  make_ready(id, entry);
  return true;
}

void SettleWorker::State::make_ready(PaymentId id, Entry& entry) {
  entry.phase = Phase::kReady;
  ready.push_back(id);
  pump_soon();
}

void SettleWorker::State::pump_soon() {
  if (std::exchange(pump_posted, true)) return;
  executor->post([self = shared_from_this()] { self->pump(); });
}

void SettleWorker::State::pump() {
  while (true) {
    PaymentId id;
    SettleProgress* progress = nullptr;
    TaskContext context;
    {
      const std::lock_guard lock(mutex);
      if (stopping || ready.empty() || running >= options.concurrency) {
        pump_posted = false;
        return;
      }
      id = ready.front();
      ready.pop_front();
      Entry& entry = in_hand.at(id);
      entry.phase = Phase::kRunning;
      progress = &entry.progress;
      context = entry.context;
      ++running;
    }
    const TaskContext::Scope scope(std::move(context));
    spawn(run(id, progress));
  }
}

Task<void> SettleWorker::State::run(PaymentId id, SettleProgress* progress) {
  const auto self = shared_from_this();  // NOLINT: keeps the state until the last line
  SettleStep step = SettleStep::kGoOn;
  while (step == SettleStep::kGoOn && goes_on(id, *progress)) {
    step = co_await settle.step(id, *progress);
  }
  finish(id, step);
}

/// Before a step. What was taken again meanwhile is not what is known of it.
bool SettleWorker::State::goes_on(PaymentId id, SettleProgress& progress) {
  const std::lock_guard lock(mutex);
  if (stopping) return false;
  if (std::exchange(in_hand.at(id).changed, false)) progress.payment.reset();
  return true;
}

void SettleWorker::State::finish(PaymentId id, SettleStep last) {
  const std::lock_guard lock(mutex);
  --running;
  if (last == SettleStep::kTryLater) ++totals.setbacks;
  if (last == SettleStep::kSettled) ++totals.settled;
  if (stopping) return announce_idle();
  Entry& entry = in_hand.at(id);
  if (last == SettleStep::kTryLater)
    pause(id, entry);
  else if (entry.changed)
    make_ready(id, entry);
  else
    in_hand.erase(id);
  if (!ready.empty()) pump_soon();
  // Half empty: enough room for a sweep to be worth it.
  if (overflowed && in_hand.size() <= options.in_hand_max / 2) sweep_soon();
}

void SettleWorker::State::pause(PaymentId id, Entry& entry) {
  entry.phase = Phase::kPausing;
  ++waiting;
  executor->post_after(pause_after(entry.progress.setbacks, options),
                       [self = shared_from_this(), id] { self->resume_after_pause(id); });
}

void SettleWorker::State::resume_after_pause(PaymentId id) {
  const std::lock_guard lock(mutex);
  --waiting;
  if (!stopping) make_ready(id, in_hand.at(id));
}

void SettleWorker::State::arm_sweep() {
  executor->post_after(options.sweep_interval, [self = shared_from_this()] {
    {
      const std::lock_guard lock(self->mutex);
      if (self->stopping) return;
      self->sweep_soon();
    }
    self->arm_sweep();
  });
}

void SettleWorker::State::sweep_soon() {
  if (std::exchange(sweeping, true)) return;
  executor->post([self = shared_from_this()] { spawn(self->sweep()); });
}

Task<void> SettleWorker::State::sweep() {
  const auto self = shared_from_this();  // NOLINT: keeps the state until the last line
  {
    const std::lock_guard lock(mutex);
    ++totals.sweeps;
    overflowed = false;  // set again by the first payment that finds no room
  }
  // What is to be given back first: a customer waits for it.
  const bool room_left = co_await sweep_status(PaymentStatus::kRefunding);
  if (room_left) co_await sweep_status(PaymentStatus::kRequested);
  const std::lock_guard lock(mutex);
  sweeping = false;
  announce_idle();
}

Task<bool> SettleWorker::State::sweep_status(PaymentStatus status) {
  // Payments that leave the status meanwhile shift the pages; what is missed so, the next sweep
  // finds.
  for (PaymentListRequest request{.size = kSweepPageSize}; !is_stopping(); ++request.page) {
    const auto slice = co_await store.list_by_status(status, request);
    if (!slice) co_return true;  // the store has its own health; the next sweep tries again
    const std::lock_guard lock(mutex);
    if (stopping) co_return false;
    for (const Payment& payment : slice->payments) {
      if (!admit(payment.id, open_since(payment))) co_return false;
    }
    if (!slice->has_more) co_return true;
  }
  co_return false;
}

bool SettleWorker::State::is_stopping() const {
  const std::lock_guard lock(mutex);
  return stopping;
}

void SettleWorker::State::announce_idle() {
  if (stopping && running == 0 && !sweeping) idle.set();
}

}  // namespace baedal::payment
