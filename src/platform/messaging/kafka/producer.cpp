#include "platform/messaging/kafka/producer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "kernel/async/sync.hpp"
#include "platform/log/log.hpp"
#include "platform/messaging/kafka/record_codec.hpp"

namespace baedal::messaging::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kPollMillis = 50;
constexpr int kPurgeMillis = 1'000;
constexpr std::string_view kPublishing = "Events could not be published";

}  // namespace

/// One publish under way. All but `done` is guarded by the producer's mutex.
struct Producer::Ticket {
  SteadyClock::time_point started = SteadyClock::now();
  std::size_t open = 0;  ///< events without a delivery report
  bool enqueued = false;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  Event done{};
};

Producer::Producer(const KafkaOptions& options) : options_(options) {}

Producer::~Producer() { close(); }

Result<Client> Producer::make_client() {
  Config config(options_, *this);
  config.set("enable.idempotence", "true")
      .set("enable.gapless.guarantee", "true")
      .set("acks", "all")
      .set("message.timeout.ms", "0")        // no event gives up alone
      .set("partitioner", "murmur2_random")  // as Java's clients do
      .set("linger.ms", std::to_string(options_.linger.count()))
      .set("compression.codec", options_.compression)
      .set("statistics.interval.ms", "5000");
  return config.make(RD_KAFKA_PRODUCER);
}

Result<void> Producer::open() {
  auto client = make_client();
  if (!client) return pass_on(client);
  client_ = std::move(*client);
  thread_ = std::thread([this] { run(); });
  return {};
}

void Producer::warm_up(int partitions, std::chrono::milliseconds timeout) {
  const auto end = SteadyClock::now() + timeout;
  for (int partition = 0; partition < partitions; ++partition) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - SteadyClock::now()).count();
    std::int64_t low = 0;
    std::int64_t high = 0;
    const auto code =
        rd_kafka_query_watermark_offsets(client_.get(), options_.topic.c_str(), partition, &low,
                                         &high, static_cast<int>(std::max<std::int64_t>(left, 1)));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  }
}

Task<Result<void>> Producer::publish(std::span<const Envelope> events) {
  if (events.empty()) co_return Result<void>{};
  const auto ticket = std::make_shared<Ticket>();
  auto enqueued = enqueue(events, ticket);
  if (!enqueued) co_return enqueued;
  co_await ticket->done.wait();
  const std::lock_guard lock(mutex_);
  if (ticket->error == RD_KAFKA_RESP_ERR_NO_ERROR) co_return Result<void>{};
  co_return std::unexpected(to_error(ticket->error, kPublishing));
}

Result<void> Producer::enqueue(std::span<const Envelope> events,
                               const std::shared_ptr<Ticket>& ticket) {
  const std::lock_guard lock(mutex_);
  if (broken_ || !client_) {
    return unavailable("kafka-unavailable", "The connection to Kafka is being made anew.");
  }
  tickets_.push_back(ticket);
  for (const Envelope& event : events) {
    const auto code = produce(client_.get(), options_.topic, event, ticket.get());
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      // The events before this one may be kept: they are published again with it.
      return fail(ErrorKind::kOverloaded, "kafka-queue-full", "Too many events wait for Kafka.");
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      log::warn("kafka", "an event was refused",
                {{"id", event.id}, {"reason", rd_kafka_err2str(code)}});
      return std::unexpected(to_error(code, kPublishing));
    }
    ++ticket->open;
  }
  ticket->enqueued = true;
  return {};
}

void Producer::run() {
  while (!closing_) {
    rd_kafka_poll(client_.get(), kPollMillis);
    if (must_renew()) renew();
  }
  refuse_all();
  const std::lock_guard lock(mutex_);
  client_.reset();
}

bool Producer::must_renew() {
  const std::lock_guard lock(mutex_);
  drop_settled_locked();
  if (!broken_ && !tickets_.empty() &&
      SteadyClock::now() - tickets_.front()->started > options_.publish_timeout) {
    broken_ = true;
    health_ = unavailable("kafka-unavailable", "Kafka did not keep events in time.");
    log::warn("kafka", "events are not kept in time: refused, to be published again",
              {{"publishes", static_cast<std::int64_t>(tickets_.size())},
               {"timeoutMillis", options_.publish_timeout.count()}});
  }
  return broken_;
}

void Producer::renew() {
  refuse_all();
  Client old;
  {
    const std::lock_guard lock(mutex_);
    old = std::move(client_);
  }
  old.reset();  // without the mutex: it may take its time
  ++renewals_;
  while (!closing_) {
    auto client = make_client();
    std::unique_lock lock(mutex_);
    if (client) {
      client_ = std::move(*client);
      broken_ = false;
      return;
    }
    log::error("kafka", "no new client", {{"reason", client.error().detail}});
    closing_changed_.wait_for(lock, std::chrono::seconds{1}, [this] { return closing_.load(); });
  }
}

/// Ends every publish under way; what librdkafka still has of them is dropped.
void Producer::refuse_all() {
  {
    const std::lock_guard lock(mutex_);
    broken_ = true;
  }
  if (client_) {
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(client_.get(), kPurgeMillis);  // serves the delivery reports
  }
  std::deque<std::shared_ptr<Ticket>> left;
  {
    const std::lock_guard lock(mutex_);
    left.swap(tickets_);
    for (const auto& ticket : left) {
      if (ticket->open > 0) ticket->error = RD_KAFKA_RESP_ERR__TIMED_OUT;
    }
  }
  for (const auto& ticket : left) ticket->done.set();
}

void Producer::drop_settled_locked() {
  while (!tickets_.empty() && tickets_.front()->open == 0) tickets_.pop_front();
}

void Producer::on_delivered(const rd_kafka_message_t& message) {
  auto* ticket = static_cast<Ticket*>(message._private);
  const std::lock_guard lock(mutex_);
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (!broken_) health_ = {};
  } else {
    if (!broken_) {
      log::warn("kafka", "an event was not kept", {{"reason", rd_kafka_err2str(message.err)}});
      health_ = std::unexpected(to_error(message.err, kPublishing));
    }
    broken_ = true;
    ticket->error = message.err;
  }
  if (--ticket->open == 0 && ticket->enqueued) ticket->done.set();
}

void Producer::on_error(rd_kafka_resp_err_t code, std::string_view reason) {
  if (code != RD_KAFKA_RESP_ERR__FATAL) {
    log::debug("kafka", "producer", {{"reason", reason}});
    return;
  }
  const std::lock_guard lock(mutex_);
  log::warn("kafka", "the producer ended, and begins anew", {{"reason", reason}});
  broken_ = true;
  health_ = unavailable("kafka-unavailable", "The producer ended, and begins anew.");
}

Result<void> Producer::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void Producer::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  closing_changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace baedal::messaging::kafka
