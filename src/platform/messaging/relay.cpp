#include "platform/messaging/relay.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <set>
#include <utility>

#include "kernel/text.hpp"
#include "platform/messaging/hand_over.hpp"

namespace baedal::messaging {

struct Relay::State : std::enable_shared_from_this<State> {
  /// A publish under way.
  struct Batch {
    std::int64_t last_seq;
    std::size_t size;
    Timestamp first_time;
    bool durable = false;
  };
  using Batches = std::deque<std::shared_ptr<Batch>>;

  State(std::string source_in, store::Store& store_in, Bus& bus_in, const Clock& clock_in,
        RelayOptions options_in)
      : source(std::move(source_in)),
        id_prefix(store_in.uid() + "-"),
        store(store_in),
        bus(bus_in),
        clock(clock_in),
        options(options_in),
        hand_over(options_in.hand_over_max),
        pause(options_in.pause_first, options_in.pause_max),
        table_pause(options_in.table_poll_min, options_in.table_poll) {}

  Task<void> run();
  Task<bool> hold_lease();
  void begin_tenure(const store::RelayLease& lease);
  Task<void> follow_holder();
  Task<void> wait_for_rows();
  Task<void> send_what_waits();
  void keep_until_gap(std::vector<store::OutboxRow>& rows);
  Task<Result<std::vector<store::OutboxRow>>> next_rows();
  void note_table_time(const std::vector<store::OutboxRow>& rows);
  void launch(std::vector<store::OutboxRow> rows);
  Task<void> publish(std::shared_ptr<Batch> batch, std::vector<Envelope> events);
  void settle(Batch& batch, bool durable);
  Task<void> recover();
  bool is_passed_over(std::int64_t seq);
  Envelope envelope_of(store::OutboxRow row) const;

  const std::string source;
  const std::string id_prefix;
  store::Store& store;
  Bus& bus;
  const Clock& clock;
  const RelayOptions options;
  HandOver hand_over;
  StopFlag stop;
  Event ended;
  bool running = false;

  // The loop's own, on its executor.
  std::int64_t sent_seq = 0;   ///< last row of the last publish started
  bool reading_table = true;   ///< rows may be in the table that the hand-over has not
  bool refused = false;        ///< publishes under way are to end, then all begins anew
  std::size_t publishing = 0;  ///< publishes not yet resumed
  std::size_t events_in_flight = 0;
  GrowingPause pause;
  std::int64_t lease_token = 0;  ///< 0: another relays
  std::chrono::steady_clock::time_point lease_until{}, lease_renewal{};
  GrowingPause table_pause;  ///< between looks at what other processes have committed
  bool poll_armed = false;

  std::atomic<bool> has_lease{false};
  mutable std::mutex stats_mutex;  ///< below: written by the loop, read by stats()
  Batches in_flight;
  std::int64_t published_seq = 0;
  std::uint64_t failures = 0;
  Timestamp table_time{};  ///< of the first row not sent, while the table is read

  std::mutex passed_over_mutex;
  std::set<std::int64_t> passed_over;  ///< rows an operator has put aside
};

Relay::Relay(std::string source, store::Store& store, Bus& bus, const Clock& clock,
             RelayOptions options)
    : state_(std::make_shared<State>(std::move(source), store, bus, clock, options)) {
  // The store's thread may be in the listener while the relay goes: it holds the state itself.
  store.on_outbox([state = state_](std::vector<store::OutboxRow> rows) {
    state->hand_over.push(std::move(rows));
  });
}

Relay::~Relay() { BAEDAL_ASSERT(!state_->running); }

void Relay::start() {
  BAEDAL_ASSERT(!state_->running);
  state_->stop.reset();
  state_->ended.reset();
  state_->reading_table = true;
  state_->running = true;
  state_->lease_renewal = {};
  state_->hand_over.begin_again();
  spawn(state_->run());
}

Task<void> Relay::stop() {
  if (!state_->running) co_return;
  state_->stop.request();
  state_->hand_over.wake();
  co_await state_->ended.wait();
  state_->running = false;
}

RelayStats Relay::stats() const {
  RelayStats stats;
  stats.committed_seq = state_->hand_over.committed_seq();
  const Timestamp waiting = state_->hand_over.oldest_time();
  stats.has_lease = state_->has_lease;
  const std::lock_guard lock(state_->stats_mutex);
  stats.published_seq = state_->published_seq;
  stats.committed_seq = std::max(stats.committed_seq, state_->published_seq);
  stats.failures = state_->failures;
  stats.oldest_unsent_time = waiting;
  if (state_->table_time.micros != 0) stats.oldest_unsent_time = state_->table_time;
  if (!state_->in_flight.empty()) {
    stats.oldest_unsent_time = state_->in_flight.front()->first_time;
  }
  if (stats.oldest_unsent_time.micros != 0) {
    stats.oldest_unsent_age = state_->clock.now() - stats.oldest_unsent_time;
  }
  return stats;
}

Envelope Relay::envelope_of(const store::OutboxRow& row) const { return state_->envelope_of(row); }

void Relay::pass_over(std::int64_t seq) {
  const std::lock_guard lock(state_->passed_over_mutex);
  state_->passed_over.insert(seq);
}

Task<void> Relay::State::run() {
  while (true) {
    const bool may_send = co_await hold_lease();
    if (may_send) co_await send_what_waits();
    if (refused) {
      co_await recover();
      if (stop.requested()) break;
    } else if (stop.requested() && publishing == 0) {
      break;
    } else if (may_send) {
      co_await wait_for_rows();
    } else {
      co_await follow_holder();
      co_await stop.pause(options.lease / 4);
      if (stop.requested() && publishing > 0) co_await hand_over.wait();
    }
  }
  if (lease_token != 0) co_await store.give_back_relay_lease();
  lease_token = 0;
  has_lease = false;
  ended.set();
}

/// Whether this relay may publish now. The end is reckoned from before the store was asked, so that
/// it never comes later here than there.
Task<bool> Relay::State::hold_lease() {
  const auto now = clock.monotonic();
  if (lease_token != 0 && now < lease_renewal) co_return true;
  const auto lease = co_await store.take_relay_lease(options.lease);
  if (lease && *lease) {
    if ((*lease)->token != lease_token) begin_tenure(**lease);
    using Time = std::chrono::steady_clock::time_point;
    lease_until = (*lease)->has_an_end ? now + options.lease : Time::max();
    lease_renewal = (*lease)->has_an_end ? now + options.lease / 3 : Time::max();
  } else if (lease || clock.monotonic() >= lease_until) {
    lease_token = 0;
  }
  has_lease = lease_token != 0;
  co_return lease_token != 0;
}

/// Another may have relayed meanwhile: what is still to be sent is in the table.
void Relay::State::begin_tenure(const store::RelayLease& lease) {
  lease_token = lease.token;
  hand_over.begin_again();
  reading_table = true;
  // Rows that are on the bus may be in the table still: nobody else may take them out now.
  if (published_seq > 0) store.mark_relayed(published_seq);
}

/// While another relays, only the table knows what waits: its first row is the oldest, and all
/// before that one is on the bus.
Task<void> Relay::State::follow_holder() {
  const std::int64_t committed = hand_over.committed_seq();
  hand_over.begin_again();
  const auto rows = co_await store.read_outbox(0, 1);
  if (!rows) co_return;
  const std::int64_t relayed = rows->empty() ? committed : rows->front().seq - 1;
  bool grew = false;
  {
    const std::lock_guard lock(stats_mutex);
    table_time = rows->empty() ? Timestamp{} : rows->front().event.time;
    grew = relayed > published_seq;
    if (grew) published_seq = relayed;
  }
  if (grew) store.mark_relayed(relayed);
}

/// Rows, the end of a publish, or the time to look at what other processes have committed.
Task<void> Relay::State::wait_for_rows() {
  if (store.is_shared() && !std::exchange(poll_armed, true)) {
    auto look = [self = weak_from_this()] {
      const auto state = self.lock();
      if (!state) return;
      state->poll_armed = false;
      state->reading_table = true;
      state->hand_over.wake();
    };
    Executor::current().post_after(table_pause.next(), look);
  }
  co_await hand_over.wait();
  // The callers of the commit that brought the rows were posted right behind this wake-up: their
  // answers go first.
  co_await yield();
}

/// Starts publishes until nothing waits, the pipeline is full, or something was refused.
Task<void> Relay::State::send_what_waits() {
  while (!refused && events_in_flight < options.in_flight_max && clock.monotonic() < lease_until) {
    auto rows = co_await next_rows();
    // A publish may have been refused while the table was read: nothing may go out behind it. What
    // was read now is read again.
    if (refused) co_return;
    if (!rows) {
      const std::lock_guard lock(stats_mutex);
      ++failures;
      refused = true;
    } else if (!rows->empty()) {
      launch(std::move(*rows));
    } else if (!hand_over.overflowed() && !reading_table) {
      co_return;
    }
  }
}

Task<Result<std::vector<store::OutboxRow>>> Relay::State::next_rows() {
  if (hand_over.overflowed()) {
    // In this order: what is committed after begin_again() is handed over, what was before is in
    // the table. Rows in both are known by their seq.
    hand_over.begin_again();
    reading_table = true;
  }
  if (reading_table) {
    auto rows = co_await store.read_outbox(sent_seq, options.batch_max);
    if (!rows) co_return rows;
    reading_table = rows->size() == options.batch_max;
    note_table_time(*rows);
    if (!rows->empty()) {
      // What this process has not handed over is another's; and where one is, more will come.
      if (!hand_over.holds(rows->front().seq)) table_pause.reset();
      co_return rows;
    }
  }
  auto rows = hand_over.take(options.batch_max, sent_seq);
  if (store.is_shared()) keep_until_gap(rows);
  co_return rows;
}

/// What is missing between this process's rows is another's, and in the table.
void Relay::State::keep_until_gap(std::vector<store::OutboxRow>& rows) {
  std::int64_t expected = sent_seq;
  const auto gap = std::ranges::find_if(
      rows, [&](const store::OutboxRow& row) { return row.seq != ++expected; });
  if (gap == rows.end()) return;
  rows.erase(gap, rows.end());
  reading_table = true;
}

void Relay::State::note_table_time(const std::vector<store::OutboxRow>& rows) {
  const std::lock_guard lock(stats_mutex);
  table_time = reading_table ? rows.front().event.time : Timestamp{};
}

void Relay::State::launch(std::vector<store::OutboxRow> rows) {
  auto batch = std::make_shared<Batch>(rows.back().seq, rows.size(), rows.front().event.time);
  sent_seq = batch->last_seq;
  events_in_flight += batch->size;
  ++publishing;
  {
    const std::lock_guard lock(stats_mutex);
    in_flight.push_back(batch);
  }
  std::vector<Envelope> events;
  events.reserve(rows.size());
  for (store::OutboxRow& row : rows) {
    if (is_passed_over(row.seq)) continue;
    if (options.types != nullptr) options.types->add(row.event.type);
    events.push_back(envelope_of(std::move(row)));
  }
  spawn(publish(std::move(batch), std::move(events)));
}

bool Relay::State::is_passed_over(std::int64_t seq) {
  const std::lock_guard lock(passed_over_mutex);
  return passed_over.contains(seq);
}

Envelope Relay::State::envelope_of(store::OutboxRow row) const {
  Envelope envelope;
  envelope.id.reserve(id_prefix.size() + 20);
  envelope.id = id_prefix;
  append_int(envelope.id, row.seq);
  envelope.type = std::move(row.event.type);
  envelope.source = source;
  envelope.key = std::move(row.event.key);
  envelope.time = row.event.time;
  envelope.traceparent = std::move(row.event.traceparent);
  envelope.data = std::move(row.event.data);
  return envelope;
}

Task<void> Relay::State::publish(std::shared_ptr<Batch> batch, std::vector<Envelope> events) {
  PublishedEvents traced(options.tracing, events);
  auto under_way = bus.publish_all(std::move(events));
  const auto kept = co_await under_way;
  if (!kept) traced.failed();
  settle(*batch, kept.has_value());
  hand_over.wake();
}

void Relay::State::settle(Batch& batch, bool durable) {
  --publishing;
  batch.durable = durable;
  std::int64_t relayed = 0;
  {
    const std::lock_guard lock(stats_mutex);
    if (!durable) {
      ++failures;
      refused = true;
    }
    // Only from the front: a batch behind a refused one is published again with it.
    while (!in_flight.empty() && in_flight.front()->durable) {
      relayed = in_flight.front()->last_seq;
      events_in_flight -= in_flight.front()->size;
      in_flight.pop_front();
    }
    if (relayed != 0) published_seq = relayed;
  }
  if (relayed == 0) return;
  store.mark_relayed(relayed);
  if (!refused) pause.reset();
}

/// After a refusal: lets the pipeline run empty, pauses, and begins again behind the last row that
/// is durable.
Task<void> Relay::State::recover() {
  while (publishing > 0) co_await hand_over.wait();
  {
    const std::lock_guard lock(stats_mutex);
    if (!in_flight.empty()) table_time = in_flight.front()->first_time;
    in_flight.clear();
    sent_seq = published_seq;
  }
  events_in_flight = 0;
  reading_table = true;
  refused = false;
  co_await stop.pause(pause.next());
}

}  // namespace baedal::messaging
