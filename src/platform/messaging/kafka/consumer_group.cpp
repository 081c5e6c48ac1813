#include "platform/messaging/kafka/consumer_group.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "platform/log/log.hpp"
#include "platform/messaging/kafka/record_codec.hpp"

namespace baedal::messaging::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kPollMillis = 100;
constexpr int kPollPausedMillis = 5;        ///< a lane that has room again is seen soon
constexpr std::uint64_t kPauseStride = 64;  ///< messages from one look at the lanes to the next
constexpr int kAskMillis = 1'000;
constexpr std::int64_t kHeartbeatMillisMax = 1'000;
constexpr int kFirstSoundVersion = 0x020300ff;
constexpr std::chrono::seconds kCloseTimeout{3};
constexpr std::chrono::minutes kNameInDoubt{1};
constexpr std::chrono::seconds kTroubleLasts{10};  ///< longer than what lasts is told again

/// Members learn of a rebalance with their heartbeats: it takes as long as these are apart.
std::int64_t heartbeat_millis(const KafkaOptions& options) {
  return std::min<std::int64_t>(options.session_timeout.count() / 5, kHeartbeatMillisMax);
}

/// Leaves a client idle and silent that cannot be destroyed: one that does not close, and with
/// librdkafka before 2.3 one that was never told its partitions, which ends the whole process when
/// it is destroyed between joining and that (librdkafka #4312). A process has few such, when it
/// stops.
void leave_behind(Client client) {
  rd_kafka_set_log_level(client.get(), 0);
  static_cast<void>(client.release());
}

}  // namespace

ConsumerGroup::ConsumerGroup(std::string name, Bus::Handler handler, const KafkaOptions& options,
                             const TopicWatch& watch)
    : name_(std::move(name)),
      options_(options),
      watch_(watch),
      rules_{.handler = std::move(handler),
             .batch_max = options.batch_max,
             .waiting_max = options.waiting_max,
             .pause_first = options.pause_first,
             .pause_max = options.pause_max},
      group_id_(options.group_prefix + name_) {}

ConsumerGroup::~ConsumerGroup() { BAEDAL_ASSERT(!thread_.joinable()); }

Result<Client> ConsumerGroup::make_client() {
  Config config(options_, *this);
  config.set("group.id", group_id_)
      .set("auto.offset.reset", "earliest")
      .set("enable.auto.commit", "false")
      .set("enable.auto.offset.store", "false")
      .set("partition.assignment.strategy", "cooperative-sticky")
      .set("session.timeout.ms", std::to_string(options_.session_timeout.count()))
      .set("heartbeat.interval.ms", std::to_string(heartbeat_millis(options_)))
      // librdkafka wants no less than the session's; its own default is 5 minutes.
      .set("max.poll.interval.ms",
           std::to_string(std::max<std::int64_t>(options_.session_timeout.count(), 300'000)))
      .set("fetch.wait.max.ms", "100")
      .set("queued.max.messages.kbytes", "16384");
  if (!options_.instance_id.empty() && !fenced_) {
    config.set("group.instance.id", options_.instance_id);
  }
  return config.make(RD_KAFKA_CONSUMER);
}

Result<void> ConsumerGroup::join() {
  rd_kafka_poll_set_consumer(client_.get());
  const Partitions topics = make_partitions();
  rd_kafka_topic_partition_list_add(topics.get(), options_.topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto code = rd_kafka_subscribe(client_.get(), topics.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return std::unexpected(to_error(code, "The topic cannot be subscribed"));
}

Result<void> ConsumerGroup::start(StopFlag& stop) {
  const auto extents = watch_.extents();
  auto client = make_client();
  if (!client) return pass_on(client);
  client_ = std::move(*client);
  executor_ = &Executor::current();
  stop_ = &stop;
  ended_.reset();
  topics_lost_ = watch_.topics_lost();
  rewinding_ = false;
  ended_by_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  fenced_ = false;
  const Partitions all = make_partitions();
  for (std::size_t n = 0; n < extents.size(); ++n) {
    rd_kafka_topic_partition_list_add(all.get(), options_.topic.c_str(), static_cast<int>(n));
  }
  // A group that cannot be asked yet counts as new: what it has done shows when it has joined.
  if (!extents.empty()) rd_kafka_committed(client_.get(), all.get(), kAskMillis);
  {
    const std::lock_guard lock(mutex_);
    extents_ = extents;
    goal_ = extents;
    caught_up_ = false;
    joined_ = false;
    first_status_ = {.group = name_};
    for (int n = 0; n < all->cnt; ++n) {
      const Offset position = kept_position(all->elems[n]);
      first_status_.position += position;
      first_status_.lag += std::max<Offset>(0, extents[static_cast<std::size_t>(n)].end - position);
    }
  }
  if (auto joined = join(); !joined) return joined;
  thread_ = std::thread([this] { run(); });
  return {};
}

Task<void> ConsumerGroup::stop() {
  if (!thread_.joinable()) co_return;
  co_await ended_.wait();
  thread_.join();
}

void ConsumerGroup::run() {
  auto keep_at = SteadyClock::now() + options_.commit_interval;
  while (!stop_->requested()) {
    const int wait = paused_.empty() ? kPollMillis : kPollPausedMillis;
    const Message message{rd_kafka_consumer_poll(client_.get(), wait)};
    if (message) take(*message);
    if (!message || received_ % kPauseStride == 0) pause_and_resume();
    follow_topic();
    note_progress();
    if (ended_by_ != RD_KAFKA_RESP_ERR_NO_ERROR) begin_anew();
    if (SteadyClock::now() >= keep_at) {
      keep_positions();
      forget_trouble();
      keep_at = SteadyClock::now() + options_.commit_interval;
    }
  }
  close();
  ended_.set();
}

void ConsumerGroup::take(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (message.err == RD_KAFKA_RESP_ERR__FATAL) note_end();
    note_trouble(message.err, rd_kafka_message_errstr(&message));
    return;
  }
  ++received_;
  std::shared_ptr<Lane> lane;
  {
    const std::lock_guard lock(mutex_);
    health_ = {};
    const auto found = lanes_.find(message.partition);
    if (found != lanes_.end()) lane = found->second;
  }
  if (!lane) return;
  lane->push({message.offset, envelope_of(message, options_.foreign_key_members)});
}

void ConsumerGroup::note_trouble(rd_kafka_resp_err_t code, std::string_view reason) {
  const std::lock_guard lock(mutex_);
  if (health_) {
    log::warn("kafka", "a group cannot read", {{"group", name_}, {"reason", reason}});
  }
  health_ = std::unexpected(to_error(code, "Group '" + name_ + "' cannot read"));
  trouble_at_ = SteadyClock::now();
}

/// librdkafka tells that something fails, and tells it again while it does; never that it is over.
/// Where no event comes that would show it, silence does, when the brokers answer.
void ConsumerGroup::forget_trouble() {
  if (!watch_.health()) return;
  const std::lock_guard lock(mutex_);
  if (health_ || SteadyClock::now() - trouble_at_ < kTroubleLasts) return;
  log::info("kafka", "a group reads again", {{"group", name_}});
  health_ = {};
}

void ConsumerGroup::pause_and_resume() {
  for (const auto& lane : lanes()) {
    const bool is_paused = paused_.contains(lane->partition());
    const bool changes = is_paused ? lane->has_room() : lane->full();
    if (!changes || !lane->assigned()) continue;
    if (is_paused) {
      paused_.erase(lane->partition());
      resume(*lane);
    } else {
      paused_.insert(lane->partition());
      ++pauses_;
      const Partitions one = partition_of(*lane);
      rd_kafka_pause_partitions(client_.get(), one.get());
    }
  }
}

void ConsumerGroup::resume(const Lane& lane) {
  const Partitions one = partition_of(lane);
  rd_kafka_resume_partitions(client_.get(), one.get());
}

Partitions ConsumerGroup::partition_of(const Lane& lane) const {
  Partitions one = make_partitions();
  rd_kafka_topic_partition_list_add(one.get(), options_.topic.c_str(), lane.partition());
  return one;
}

ConsumerGroup::Lanes ConsumerGroup::lanes() const {
  const std::lock_guard lock(mutex_);
  Lanes all;
  for (const auto& [partition, lane] : lanes_) all.push_back(lane);
  return all;
}

ConsumerGroup::Lanes ConsumerGroup::lanes_of(const rd_kafka_topic_partition_list_t& partitions) {
  const std::lock_guard lock(mutex_);
  Lanes some;
  for (int n = 0; n < partitions.cnt; ++n) {
    const int partition = partitions.elems[n].partition;
    auto& lane = lanes_[partition];
    if (!lane) lane = std::make_shared<Lane>(partition, rules_, *executor_, *stop_);
    some.push_back(lane);
  }
  return some;
}

void ConsumerGroup::follow_topic() {
  const auto lost = watch_.topics_lost();
  if (std::exchange(topics_lost_, lost) != lost) {
    rewinding_ = true;
    const std::lock_guard lock(mutex_);
    goal_.clear();
  }
  if (rewinding_) rewinding_ = !rewind();
}

/// Whether every partition is here and as far as the topic reached when this process began. What
/// the brokers no longer keep is not waited for: nobody can read it.
void ConsumerGroup::note_progress() {
  if (caught_up_) return;  // written by this thread alone
  const auto extents = watch_.extents();
  const std::lock_guard lock(mutex_);
  if (goal_.empty()) goal_ = extents;
  for (std::size_t n = 0; n < goal_.size(); ++n) {
    const auto lane = lanes_.find(static_cast<int>(n));
    if (lane == lanes_.end() || !lane->second->assigned()) return;
    const Offset begin = n < extents.size() ? extents[n].begin : 0;
    if (std::max(lane->second->position(), begin) < goal_[n].end) return;
  }
  caught_up_ = !goal_.empty() && !rewinding_;
}

/// Remembers what ended the client for good.
void ConsumerGroup::note_end() {
  std::array<char, 256> why{};
  ended_by_ = rd_kafka_fatal_error(client_.get(), why.data(), why.size());
}

/// A client that ended for good is replaced. One whose name another member has taken takes it back
/// once: when the brokers go and come back, that other one may be itself, asked for twice. It goes
/// on without a name when that happens again soon, rather than not at all, or in turns for ever.
void ConsumerGroup::begin_anew() {
  if (ended_by_ == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID) {
    const auto now = SteadyClock::now();
    fenced_ = fenced_ || now < name_in_doubt_until_;
    name_in_doubt_until_ = now + kNameInDoubt;
  }
  if (fenced_) {
    log::error("kafka",
               "another process is a member under this one's kafka.instance-id: this one goes on "
               "without",
               {{"group", name_}, {"instanceId", options_.instance_id}});
  } else {
    log::warn("kafka", "a group's member ended, and begins anew",
              {{"group", name_}, {"reason", rd_kafka_err2name(ended_by_)}});
  }
  auto client = make_client();
  if (!client) return;  // tried again soon
  const Lanes all = lanes();
  close_lanes(all);
  leave(all);
  {
    const std::lock_guard lock(mutex_);
    client_ = std::move(*client);
  }
  ended_by_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  if (auto joined = join(); !joined) ended_by_ = RD_KAFKA_RESP_ERR__FATAL;
}

/// Ends behind the batches in hand, however long they take.
void ConsumerGroup::close() {
  const Lanes all = lanes();
  for (const auto& lane : all) lane->close();
  for (const auto& lane : all) lane->wait_idle();
  keep_positions_now(all);
  leave(all);
  const std::lock_guard lock(mutex_);
  lanes_.clear();
}

/// Out of the group; the client is gone.
void ConsumerGroup::leave(const Lanes& all) {
  for (const auto& lane : all) lane->revoke();
  const bool closed_well = close_client();
  paused_.clear();
  Client closed;  // goes without the mutex: it may take its time
  {
    const std::lock_guard lock(mutex_);
    closed = std::move(client_);
  }
  const bool sound = closed_well && (std::exchange(assigned_once_, false) ||
                                     rd_kafka_version() >= kFirstSoundVersion);
  if (!sound) leave_behind(std::move(closed));
}

/// False when the client does not end in time: librdkafka may wait for ever for a partition that is
/// no longer there.
bool ConsumerGroup::close_client() {
  const Queue queue{rd_kafka_queue_new(client_.get())};
  if (auto* error = rd_kafka_consumer_close_queue(client_.get(), queue.get())) {
    rd_kafka_error_destroy(error);
    return false;
  }
  const auto end = SteadyClock::now() + kCloseTimeout;
  while (rd_kafka_consumer_closed(client_.get()) == 0) {
    if (SteadyClock::now() >= end) {
      log::warn("kafka", "a group's client does not end: left behind", {{"group", name_}});
      return false;
    }
    // As events, not by callbacks: records that were read ahead come here too, and are dropped.
    const std::unique_ptr<rd_kafka_event_t, FreeWith<rd_kafka_event_destroy>> event{
        rd_kafka_queue_poll(queue.get(), kPollMillis)};
    if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE) {
      on_rebalance(rd_kafka_event_error(event.get()),
                   *rd_kafka_event_topic_partition_list(event.get()));
    }
  }
  return true;
}

void ConsumerGroup::on_error(rd_kafka_resp_err_t code, std::string_view reason) {
  if (code == RD_KAFKA_RESP_ERR__FATAL) {
    note_trouble(code, reason);
  } else {
    log::debug("kafka", "consumer", {{"group", name_}, {"reason", reason}});
  }
}

GroupStatus ConsumerGroup::status() const {
  const auto extents = watch_.extents();
  const std::lock_guard lock(mutex_);
  if (!joined_) return first_status_;
  GroupStatus status{.group = name_, .caught_up = caught_up_};
  for (const auto& [partition, lane] : lanes_) {
    if (!lane->assigned()) continue;
    const auto index = static_cast<std::size_t>(partition);
    Offset end = index < extents.size() ? extents[index].end : 0;
    Offset low = 0;
    Offset high = 0;
    if (client_ && rd_kafka_get_watermark_offsets(client_.get(), options_.topic.c_str(), partition,
                                                  &low, &high) == RD_KAFKA_RESP_ERR_NO_ERROR) {
      end = std::max(end, high);
    }
    status.position += lane->position();
    status.lag += std::max<Offset>(0, end - lane->position());
  }
  return status;
}

Result<void> ConsumerGroup::health() const {
  const std::lock_guard lock(mutex_);
  if (!health_) return health_;
  for (const auto& [partition, lane] : lanes_) {
    if (auto health = lane->health(); !health) return health;
  }
  return {};
}

GroupCounts ConsumerGroup::counts() const {
  return {.received = received_,
          .assignments = assignments_,
          .revocations = revocations_,
          .commit_failures = commit_failures_,
          .pauses = pauses_};
}

}  // namespace baedal::messaging::kafka
