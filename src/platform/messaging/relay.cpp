#include "platform/messaging/relay.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

#include "kernel/text.hpp"
#include "platform/messaging/hand_over.hpp"

namespace baedal::messaging {

struct Relay::State {
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
        pause(options_in.pause_first, options_in.pause_max) {}

  Task<void> run();
  Task<void> send_what_waits();
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
  store.on_outbox(
      [state = state_](std::span<const store::OutboxRow> rows) { state->hand_over.push(rows); });
}

Relay::~Relay() { BAEDAL_ASSERT(!state_->running); }

void Relay::start() {
  BAEDAL_ASSERT(!state_->running);
  state_->stop.reset();
  state_->ended.reset();
  state_->reading_table = true;
  state_->running = true;
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
    co_await send_what_waits();
    if (refused) {
      co_await recover();
      if (stop.requested()) break;
    } else if (stop.requested() && publishing == 0) {
      break;
    } else {
      co_await hand_over.wait();
    }
  }
  ended.set();
}

/// Starts publishes until nothing waits, the pipeline is full, or something was refused.
Task<void> Relay::State::send_what_waits() {
  while (!refused && events_in_flight < options.in_flight_max) {
    auto rows = co_await next_rows();
    if (!rows) {
      const std::lock_guard lock(stats_mutex);
      ++failures;
      refused = true;
    } else if (!rows->empty()) {
      launch(std::move(*rows));
    } else if (!hand_over.overflowed()) {
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
    if (!rows->empty()) co_return rows;
  }
  co_return hand_over.take(options.batch_max, sent_seq);
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
    if (!is_passed_over(row.seq)) events.push_back(envelope_of(std::move(row)));
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
  const auto kept = co_await bus.publish(events);
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
