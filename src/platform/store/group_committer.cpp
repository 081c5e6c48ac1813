#include "platform/store/group_committer.hpp"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "kernel/async/executor.hpp"
#include "platform/store/errors.hpp"

namespace baedal::store {
namespace {

constexpr std::chrono::seconds kProbeInterval{1};

/// A caller in the queue. Lives in its coroutine's frame and is linked there: no allocation.
struct Waiting {
  const OnceKey& key;
  Store::Body body;
  Executor* executor = nullptr;
  std::coroutine_handle<> coroutine{};
  Result<CommitOutcome> outcome{};
  Waiting* next = nullptr;
};

/// An intrusive first-in-first-out list.
struct Chain {
  Waiting* first = nullptr;
  Waiting* last = nullptr;

  void append(Waiting& waiting) {
    waiting.next = nullptr;
    (last != nullptr ? last->next : first) = &waiting;
    last = &waiting;
  }
  Waiting* pop() {
    Waiting* head = std::exchange(first, first->next);
    if (first == nullptr) last = nullptr;
    return head;
  }
};

void resume_in_order(Waiting* next) {
  while (next != nullptr) {
    // The frame that holds the link may be gone once its coroutine has run.
    Waiting* current = std::exchange(next, next->next);
    current->coroutine.resume();
  }
}

bool is_systems_fault(const Error& error) {
  return error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kInternal;
}

}  // namespace

struct GroupCommitter::Impl {
  Impl(std::string thread_name, std::unique_ptr<CommitEngine> the_engine,
       GroupCommitLimits the_limits)
      : name(std::move(thread_name)), engine(std::move(the_engine)), limits(the_limits) {}

  /// False when refused; the reason is then in `waiting.outcome`.
  bool enqueue(Waiting& waiting);
  void write_until_stopped();
  void run_group(const Chain& group);
  Result<void> try_group(const Chain& group);
  void gather_bodies(const Chain& group);
  Result<void> probe_engine();
  void finish_group(const Chain& group, Result<void> done);
  void resume(Chain group);

  /// The next group and upkeep; false when stopped and nothing is left.
  bool wait_for_work(std::unique_lock<std::mutex>& lock);
  void wait_for_company(std::unique_lock<std::mutex>& lock);
  Chain take_group();

  const std::string name;
  const std::unique_ptr<CommitEngine> engine;
  const GroupCommitLimits limits;
  OutboxListener listener;

  mutable std::mutex mutex;
  /// Shared with posted wake-ups, which may run when the committer is gone.
  const std::shared_ptr<std::condition_variable> work_came =
      std::make_shared<std::condition_variable>();
  bool writer_sleeps = false;
  bool writer_gathers = false;
  bool stopping = false;
  Chain queue;
  std::vector<std::function<void(CommitEngine&)>> upkeep;
  std::optional<Error> failure;
  GroupCommitStats counts;

  // Of the writer thread alone.
  std::chrono::steady_clock::time_point next_group_at{};
  std::vector<GroupBody> bodies_of_group;
  std::vector<std::pair<Executor*, Chain>> batches;
  std::thread writer;
};

namespace {

/// Suspends the caller into the queue, or lets it go on at once when the queue refuses.
template <class Impl>
struct Submit {
  Impl& impl;
  Waiting& waiting;
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> caller) const {
    waiting.executor = &Executor::current();
    waiting.coroutine = caller;
    return impl.enqueue(waiting);
  }
  void await_resume() const noexcept {}
};

}  // namespace

GroupCommitter::GroupCommitter(std::string name, std::unique_ptr<CommitEngine> engine,
                               GroupCommitLimits limits)
    : impl_(std::make_unique<Impl>(std::move(name), std::move(engine), limits)) {
  impl_->writer = std::thread([impl = impl_.get()] { impl->write_until_stopped(); });
}

GroupCommitter::~GroupCommitter() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->work_came->notify_one();
  impl_->writer.join();
}

Task<Result<CommitOutcome>> GroupCommitter::commit_once(const OnceKey& key, Store::Body body) {
  Waiting waiting{key, body};
  Submit<Impl> submit{*impl_, waiting};
  co_await submit;
  co_return std::move(waiting.outcome);
}

void GroupCommitter::on_outbox(OutboxListener listener) {
  const std::lock_guard lock(impl_->mutex);
  impl_->listener = std::move(listener);
}

Result<void> GroupCommitter::health() const {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->failure) return std::unexpected(*impl_->failure);
  return {};
}

GroupCommitStats GroupCommitter::stats() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->counts;
}

void GroupCommitter::post(std::function<void(CommitEngine&)> work) {
  const std::lock_guard lock(impl_->mutex);
  impl_->upkeep.push_back(std::move(work));
  impl_->work_came->notify_one();
}

bool GroupCommitter::Impl::enqueue(Waiting& waiting) {
  const std::lock_guard lock(mutex);
  if (stopping || counts.waiting >= limits.queue_max) {
    ++counts.refused;
    waiting.outcome = std::unexpected(stopping ? store_unavailable("The store is closing.")
                                               : store_overloaded("writes"));
    return false;
  }
  queue.append(waiting);
  ++counts.waiting;
  // Only the first of a group wakes the writer, and not at once, but when the caller's executor has
  // come through what is ready now: what that writes joins the group, and shares its sync.
  const bool is_enough = writer_gathers && counts.waiting == limits.enough;
  if (std::exchange(writer_sleeps, false) || is_enough) {
    waiting.executor->post([writer = work_came] { writer->notify_one(); });
  }
  return true;
}

void GroupCommitter::Impl::write_until_stopped() {
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
  std::unique_lock lock(mutex);
  while (wait_for_work(lock)) {
    wait_for_company(lock);
    const Chain group = take_group();
    auto chores = std::exchange(upkeep, {});
    const bool probe_due = failure.has_value() && group.first == nullptr && chores.empty();
    lock.unlock();
    for (const auto& chore : chores) chore(*engine);
    if (group.first != nullptr) run_group(group);
    const Result<void> probed = probe_due ? probe_engine() : Result<void>{};
    lock.lock();
    if (probe_due && probed) failure.reset();
  }
}

bool GroupCommitter::Impl::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto has_work = [&] { return stopping || queue.first != nullptr || !upkeep.empty(); };
  while (!has_work()) {
    writer_sleeps = true;
    if (!failure) {
      work_came->wait(lock);
    } else if (work_came->wait_for(lock, kProbeInterval) == std::cv_status::timeout) {
      break;
    }
  }
  writer_sleeps = false;
  return !stopping || queue.first != nullptr || !upkeep.empty();
}

/// One who comes alone, again and again, is never held.
void GroupCommitter::Impl::wait_for_company(std::unique_lock<std::mutex>& lock) {
  if (limits.interval.count() == 0) return;
  writer_gathers = true;
  work_came->wait_until(lock, next_group_at, [&] {
    return stopping || counts.waiting >= limits.enough || !upkeep.empty();
  });
  writer_gathers = false;
  const bool is_small = counts.waiting > 1 && counts.waiting < limits.enough;
  next_group_at = is_small ? std::chrono::steady_clock::now() + limits.interval
                           : std::chrono::steady_clock::time_point{};
}

Chain GroupCommitter::Impl::take_group() {
  Chain group;
  if (counts.waiting <= limits.group_max) {
    group = std::exchange(queue, {});
    counts.waiting = 0;
    return group;
  }
  for (std::size_t i = 0; i < limits.group_max; ++i) group.append(*queue.pop());
  counts.waiting -= limits.group_max;
  return group;
}

void GroupCommitter::Impl::run_group(const Chain& group) {
  Result<void> done = try_group(group);
  for (int attempt = 1; attempt < limits.attempts_max && !done && done.error().code == kStoreBusy;
       ++attempt) {
    done = try_group(group);
  }
  finish_group(group, std::move(done));
}

Result<void> GroupCommitter::Impl::try_group(const Chain& group) {
  if (Result<void> begun = engine->begin(); !begun) {
    // What an earlier try answered was rolled back with it.
    for (Waiting* w = group.first; w != nullptr; w = w->next) w->outcome = CommitOutcome{};
    return begun;
  }
  gather_bodies(group);
  engine->run_all(bodies_of_group);
  return engine->commit();
}

/// A key that is known gives its answer without its body: so it is the body that refuses.
void GroupCommitter::Impl::gather_bodies(const Chain& group) {
  static constexpr auto kRefuse = [](Tx&) -> Result<std::string> {
    return std::unexpected(once_keys_full());
  };
  std::optional<std::int64_t> room;
  bodies_of_group.clear();
  for (Waiting* w = group.first; w != nullptr; w = w->next) {
    bodies_of_group.push_back({&w->key, w->body, &w->outcome});
    if (limits.keys_max == 0 || w->key.empty()) continue;
    if (!room) room = limits.keys_max - engine->keys_kept(limits.keys_max);
    const bool is_refused = w->key.of_client && *room <= 0;
    if (is_refused) bodies_of_group.back().body = Store::Body{kRefuse};
    if (!is_refused) --*room;
  }
}

Result<void> GroupCommitter::Impl::probe_engine() {
  if (Result<void> begun = engine->begin(); !begun) return begun;
  if (Result<void> written = engine->probe(); !written) {
    engine->rollback();
    return written;
  }
  return engine->commit();
}

void GroupCommitter::Impl::finish_group(const Chain& group, Result<void> done) {
  std::uint64_t bodies = 0;
  const auto has_written = [](const Waiting& w) { return w.outcome && !w.outcome->replayed; };
  // Without an order, any body may have come before any other.
  bool wrote = false;
  for (Waiting* w = group.first; w != nullptr && !engine->keeps_order(); w = w->next) {
    wrote = wrote || has_written(*w);
  }
  for (Waiting* w = group.first; w != nullptr; w = w->next, ++bodies) {
    const bool own_error = !w->outcome && !is_systems_fault(w->outcome.error());
    wrote = wrote || has_written(*w);
    const bool stands = done || (own_error && !wrote);
    if (!stands) w->outcome = std::unexpected(store_unavailable(done.error().detail));
  }
  if (done) {
    std::vector<OutboxRow> rows = engine->take_committed_outbox();
    if (!rows.empty() && listener) listener(std::move(rows));
  }
  {
    const std::lock_guard lock(mutex);
    counts.groups += 1;
    counts.bodies += bodies;
    counts.failed_groups += done ? 0 : 1;
    // A group that wrote nothing proves nothing: only a real write makes the store healthy again.
    if (!done) failure = store_unavailable(std::move(done.error().detail));
    if (done && wrote) failure.reset();
  }
  resume(group);
}

void GroupCommitter::Impl::resume(Chain group) {
  batches.clear();
  while (group.first != nullptr) {
    Waiting* waiting = group.pop();
    auto batch = std::ranges::find(batches, waiting->executor, &std::pair<Executor*, Chain>::first);
    if (batch == batches.end()) {
      batches.emplace_back(waiting->executor, Chain{});
      batch = batches.end() - 1;
    }
    batch->second.append(*waiting);
  }
  for (const auto& [executor, chain] : batches) {
    executor->post([first = chain.first] { resume_in_order(first); });
  }
}

}  // namespace baedal::store
