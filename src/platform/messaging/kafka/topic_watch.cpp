#include "platform/messaging/kafka/topic_watch.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/log/log.hpp"

namespace baedal::messaging::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookTimeoutMin{500};
constexpr std::chrono::milliseconds kLookTimeoutMax{3'000};
constexpr std::chrono::milliseconds kFindPause{100};

using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, FreeWith<rd_kafka_NewTopic_destroy>>;
using Answer = std::unique_ptr<rd_kafka_event_t, FreeWith<rd_kafka_event_destroy>>;

/// What is left until `end`, for librdkafka, to which 0 and less mean other things.
int millis_until(SteadyClock::time_point end) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(end - SteadyClock::now()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 1));
}

}  // namespace

TopicWatch::TopicWatch(const KafkaOptions& options) : options_(options) {
  health_ = unavailable("kafka-unavailable", "Kafka has not answered yet.");
  bad_since_ = SteadyClock::now();
}

TopicWatch::~TopicWatch() { stop(); }

Result<void> TopicWatch::open() {
  // A consumer's client: looking for a topic does not make it, as a producer's might.
  Config config(options_, *this);
  auto client = config.make(RD_KAFKA_CONSUMER);
  if (!client) return pass_on(client);
  client_ = std::move(*client);
  return {};
}

Result<void> TopicWatch::find(std::chrono::milliseconds timeout) {
  const auto end = SteadyClock::now() + timeout;
  while (true) {
    auto found = look_until(std::min(end, SteadyClock::now() + look_timeout()));
    if (found || SteadyClock::now() >= end) return found;
    std::unique_lock lock(mutex_);
    stopping_changed_.wait_for(lock, kFindPause, [this] { return stopping_; });
  }
}

void TopicWatch::start() {
  thread_ = std::thread([this] { run(); });
}

void TopicWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopping_changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void TopicWatch::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_changed_.wait_for(lock, options_.watch_interval, [this] { return stopping_; })) {
    lock.unlock();
    static_cast<void>(look());
    lock.lock();
  }
}

/// A stop waits for the look in hand: who waits no longer for a connection waits no longer for
/// that.
std::chrono::milliseconds TopicWatch::look_timeout() const {
  return std::clamp(options_.connect_timeout, kLookTimeoutMin, kLookTimeoutMax);
}

Result<void> TopicWatch::look() { return look_until(SteadyClock::now() + look_timeout()); }

Result<void> TopicWatch::look_until(SteadyClock::time_point end) {
  const std::lock_guard one_at_a_time(looking_);
  auto partitions =
      count_partitions(client_.get(), options_.topic, std::chrono::milliseconds{millis_until(end)});
  if (partitions && *partitions == 0) {
    auto made = make_topic(end);
    if (made) {
      made = fail(ErrorKind::kUnavailable, "kafka-topic-missing", "The topic is being made.");
    }
    note(made);
    return made;
  }
  if (!partitions) {
    note(std::unexpected(partitions.error()));
    return pass_on(partitions);
  }
  auto extents = read_extents(*partitions, end);
  if (!extents) {
    note(std::unexpected(extents.error()));
    return pass_on(extents);
  }
  note_extents(std::move(*extents));
  note({});
  return {};
}

Result<void> TopicWatch::make_topic(SteadyClock::time_point end) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(seen_, false)) note_lost_locked();
  }
  std::array<char, 256> why{};
  const NewTopic topic{rd_kafka_NewTopic_new(options_.topic.c_str(), options_.partitions,
                                             options_.replication > 0 ? options_.replication : -1,
                                             why.data(), why.size())};
  if (!topic) return fail(ErrorKind::kInvalid, "bad-kafka-setting", why.data());
  if (options_.min_insync_replicas > 0) {
    const std::string replicas = std::to_string(options_.min_insync_replicas);
    rd_kafka_NewTopic_set_config(topic.get(), "min.insync.replicas", replicas.c_str());
  }
  const auto millis = options_.retention.count();
  const std::string retention = std::to_string(millis > 0 ? millis : -1);
  rd_kafka_NewTopic_set_config(topic.get(), "retention.ms", retention.c_str());
  const Queue queue{rd_kafka_queue_new(client_.get())};
  rd_kafka_NewTopic_t* topics[] = {topic.get()};
  rd_kafka_CreateTopics(client_.get(), topics, 1, nullptr, queue.get());
  const Answer answer{rd_kafka_queue_poll(queue.get(), millis_until(end))};
  if (!answer) return unavailable("kafka-unavailable", "Kafka does not answer.");
  auto code = rd_kafka_event_error(answer.get());
  const auto* result = rd_kafka_event_CreateTopics_result(answer.get());
  std::size_t count = 0;
  const auto** made =
      result == nullptr ? nullptr : rd_kafka_CreateTopics_result_topics(result, &count);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR && count == 1) code = rd_kafka_topic_result_error(made[0]);
  if (code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) return {};
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return std::unexpected(to_error(code, "The topic cannot be made"));
  }
  log::info("kafka", "topic made",
            {{"topic", options_.topic}, {"partitions", options_.partitions}});
  return {};
}

Result<std::vector<Extent>> TopicWatch::read_extents(int partitions, SteadyClock::time_point end) {
  std::vector<Extent> extents(static_cast<std::size_t>(partitions));
  for (int partition = 0; partition < partitions; ++partition) {
    auto& extent = extents[static_cast<std::size_t>(partition)];
    const auto code =
        rd_kafka_query_watermark_offsets(client_.get(), options_.topic.c_str(), partition,
                                         &extent.begin, &extent.end, millis_until(end));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return std::unexpected(to_error(code, "A partition has no leader"));
    }
  }
  return extents;
}

void TopicWatch::note_extents(std::vector<Extent> extents) {
  const std::lock_guard lock(mutex_);
  const auto before = extents_.size();
  const auto now = extents.size();
  // The ends of a topic only grow. Another process may have made it anew between two looks.
  const auto common = static_cast<std::ptrdiff_t>(std::min(before, now));
  const bool went_back =
      !std::equal(extents_.begin(), extents_.begin() + common, extents.begin(),
                  [](const Extent& old, const Extent& fresh) { return old.end <= fresh.end; });
  if (went_back) note_lost_locked();
  if (seen_ && before != now && before != 0) {
    log::warn("kafka",
              "the number of partitions changed: keys move, and events of a key that moves may be "
              "taken before earlier ones",
              {{"topic", options_.topic},
               {"before", static_cast<std::int64_t>(before)},
               {"now", static_cast<std::int64_t>(now)}});
  } else if (!seen_ && now != static_cast<std::size_t>(options_.partitions)) {
    log::warn("kafka", "the topic has another number of partitions than configured",
              {{"topic", options_.topic},
               {"configured", options_.partitions},
               {"found", static_cast<std::int64_t>(now)}});
  }
  seen_ = true;
  extents_ = std::move(extents);
}

void TopicWatch::note_lost_locked() {
  ++topics_lost_;
  extents_.clear();
  log::error("kafka", "the topic is gone: made anew, its events are lost",
             {{"topic", options_.topic}});
}

void TopicWatch::note(Result<void> health) {
  const std::lock_guard lock(mutex_);
  if (health.has_value() != health_.has_value()) {
    if (health) {
      log::info("kafka", "the topic can be reached", {{"topic", options_.topic}});
    } else {
      bad_since_ = SteadyClock::now();
      log::warn("kafka", "the topic cannot be reached",
                {{"topic", options_.topic}, {"reason", health.error().detail}});
    }
  }
  health_ = std::move(health);
}

std::vector<Extent> TopicWatch::extents() const {
  const std::lock_guard lock(mutex_);
  return extents_;
}

Result<void> TopicWatch::health() const {
  const std::lock_guard lock(mutex_);
  if (health_) return {};
  Error error = health_.error();
  const auto age =
      std::chrono::duration_cast<std::chrono::seconds>(SteadyClock::now() - bad_since_);
  error.detail += " Since " + std::to_string(age.count()) + " s.";
  return std::unexpected(std::move(error));
}

void TopicWatch::on_error(rd_kafka_resp_err_t, std::string_view reason) {
  log::debug("kafka", "watch", {{"reason", reason}});
}

}  // namespace baedal::messaging::kafka
