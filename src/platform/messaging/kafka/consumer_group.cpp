#include "platform/messaging/kafka/consumer_group.hpp"

#include <algorithm>
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
constexpr int kKeepMillis = 5'000;

Offset begin_of(const std::vector<Extent>& extents, int partition) {
  const auto index = static_cast<std::size_t>(partition);
  return index < extents.size() ? extents[index].begin : 0;
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
      .set("heartbeat.interval.ms", std::to_string(options_.session_timeout.count() / 5))
      .set("fetch.wait.max.ms", "100")
      .set("queued.max.messages.kbytes", "16384");
  if (!options_.instance_id.empty()) config.set("group.instance.id", options_.instance_id);
  return config.make(RD_KAFKA_CONSUMER);
}

Result<void> ConsumerGroup::start(StopFlag& stop) {
  const auto extents = watch_.extents();
  auto client = make_client();
  if (!client) return pass_on(client);
  client_ = std::move(*client);
  rd_kafka_poll_set_consumer(client_.get());
  executor_ = &Executor::current();
  stop_ = &stop;
  ended_.reset();
  topics_lost_ = watch_.topics_lost();
  rewinding_ = false;
  const Partitions all = make_partitions();
  for (std::size_t n = 0; n < extents.size(); ++n) {
    rd_kafka_topic_partition_list_add(all.get(), options_.topic.c_str(), static_cast<int>(n));
  }
  // A group that cannot be asked yet counts as new: what it has done shows when it has joined.
  if (!extents.empty()) rd_kafka_committed(client_.get(), all.get(), kAskMillis);
  {
    const std::lock_guard lock(mutex_);
    extents_ = extents;
    joined_ = false;
    first_status_ = {.group = name_};
    for (int n = 0; n < all->cnt; ++n) {
      const Offset position = kept_position(all->elems[n]);
      first_status_.position += position;
      first_status_.lag += std::max<Offset>(0, extents[static_cast<std::size_t>(n)].end - position);
    }
  }
  const Partitions topics = make_partitions();
  rd_kafka_topic_partition_list_add(topics.get(), options_.topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto code = rd_kafka_subscribe(client_.get(), topics.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return std::unexpected(to_error(code, "The topic cannot be subscribed"));
  }
  thread_ = std::thread([this] { run(); });
  return {};
}

Offset ConsumerGroup::kept_position(const rd_kafka_topic_partition_t& partition) const {
  return partition.offset >= 0 ? partition.offset : begin_of(extents_, partition.partition);
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
    if (SteadyClock::now() >= keep_at) {
      keep_positions();
      keep_at = SteadyClock::now() + options_.commit_interval;
    }
  }
  close();
  ended_.set();
}

void ConsumerGroup::take(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
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

void ConsumerGroup::keep_positions() {
  const Partitions moved = make_partitions();
  for (const auto& lane : lanes()) {
    if (const auto position = lane->take_moved()) {
      rd_kafka_topic_partition_list_add(moved.get(), options_.topic.c_str(), lane->partition())
          ->offset = *position;
    }
  }
  if (moved->cnt > 0) rd_kafka_commit(client_.get(), moved.get(), 1);
}

/// False when the brokers did not answer in time: the events behind the last kept position come
/// again.
bool ConsumerGroup::keep_positions_now(const Lanes& lanes) {
  const Partitions moved = make_partitions();
  for (const auto& lane : lanes) {
    // Also what is on its way already: its answer may not come before the partition goes.
    const auto position = lane->taken();
    if (!position) continue;
    rd_kafka_topic_partition_list_add(moved.get(), options_.topic.c_str(), lane->partition())
        ->offset = *position;
  }
  if (moved->cnt == 0) return true;
  const Queue answers{rd_kafka_queue_new(client_.get())};
  bool kept = false;
  const auto note = [](rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t*,
                       void* opaque) {
    *static_cast<bool*>(opaque) = code == RD_KAFKA_RESP_ERR_NO_ERROR;
  };
  // The answer is served from this queue alone, within this function: `kept` is there for it.
  rd_kafka_commit_queue(client_.get(), moved.get(), answers.get(), note, &kept);
  rd_kafka_queue_poll_callback(answers.get(), kKeepMillis);
  if (!kept) {
    ++commit_failures_;
    log::warn("kafka", "positions were not kept: events come again", {{"group", name_}});
  }
  return kept;
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
  if (std::exchange(topics_lost_, lost) != lost) rewinding_ = true;
  if (rewinding_) rewinding_ = !rewind();
}

/// Reads all partitions from their beginning again; false when the new topic is not there yet.
bool ConsumerGroup::rewind() {
  Lanes assigned;
  const Partitions beginnings = make_partitions();
  for (const auto& lane : lanes()) {
    if (!lane->assigned()) continue;
    assigned.push_back(lane);
    rd_kafka_topic_partition_list_add(beginnings.get(), options_.topic.c_str(), lane->partition())
        ->offset = RD_KAFKA_OFFSET_BEGINNING;
  }
  close_lanes(assigned);
  if (beginnings->cnt > 0) {
    // From here on only what is read after it reaches this thread.
    if (auto* error = rd_kafka_seek_partitions(client_.get(), beginnings.get(), kAskMillis)) {
      rd_kafka_error_destroy(error);
      return false;
    }
  }
  for (int n = 0; n < beginnings->cnt; ++n) {
    if (beginnings->elems[n].err != RD_KAFKA_RESP_ERR_NO_ERROR) return false;
  }
  for (const auto& lane : assigned) {
    lane->revoke();
    lane->assign(0);
  }
  log::warn("kafka", "a group reads the new topic from its beginning", {{"group", name_}});
  return true;
}

/// No new batches; waits for those in hand, for the revoke timeout at most.
void ConsumerGroup::close_lanes(const Lanes& closing) {
  for (const auto& lane : closing) lane->close();
  const auto end = SteadyClock::now() + options_.revoke_timeout;
  for (const auto& lane : closing) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - SteadyClock::now());
    if (!lane->wait_idle(std::max(left, std::chrono::milliseconds{0}))) {
      log::warn("kafka", "a partition goes with a batch in hand: it will be taken twice",
                {{"group", name_}, {"partition", lane->partition()}});
    }
  }
}

/// Ends behind the batches in hand, however long they take.
void ConsumerGroup::close() {
  const Lanes all = lanes();
  for (const auto& lane : all) lane->close();
  for (const auto& lane : all) lane->wait_idle();
  keep_positions_now(all);
  for (const auto& lane : all) lane->revoke();
  rd_kafka_consumer_close(client_.get());
  paused_.clear();
  Client closed;  // goes without the mutex: it may take its time
  const std::lock_guard lock(mutex_);
  lanes_.clear();
  closed = std::move(client_);
}

void ConsumerGroup::on_rebalance(rd_kafka_resp_err_t what,
                                 rd_kafka_topic_partition_list_t& partitions) {
  if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    assign(partitions);
  } else if (what == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    revoke(partitions);
  } else {
    note_trouble(what, "rebalance");
    rd_kafka_assign(client_.get(), nullptr);
  }
}

void ConsumerGroup::assign(rd_kafka_topic_partition_list_t& partitions) {
  const Partitions kept{rd_kafka_topic_partition_list_copy(&partitions)};
  if (kept->cnt > 0) rd_kafka_committed(client_.get(), kept.get(), kAskMillis);
  const Lanes came = lanes_of(partitions);
  {
    const std::lock_guard lock(mutex_);
    joined_ = true;
    for (int n = 0; n < kept->cnt; ++n) {
      came[static_cast<std::size_t>(n)]->assign(kept_position(kept->elems[n]));
    }
  }
  assignments_ += came.size();
  log::info("kafka", "partitions came", {{"group", name_}, {"count", partitions.cnt}});
  if (auto* error = rd_kafka_incremental_assign(client_.get(), &partitions)) {
    note_trouble(rd_kafka_error_code(error), rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
  }
}

void ConsumerGroup::revoke(rd_kafka_topic_partition_list_t& partitions) {
  const Lanes going = lanes_of(partitions);
  revocations_ += going.size();
  close_lanes(going);
  // A partition that was lost is another member's by now: its position is not ours to keep.
  if (rd_kafka_assignment_lost(client_.get()) == 0) keep_positions_now(going);
  for (const auto& lane : going) {
    lane->revoke();
    if (paused_.erase(lane->partition()) > 0) resume(*lane);
  }
  log::info("kafka", "partitions went", {{"group", name_}, {"count", partitions.cnt}});
  if (auto* error = rd_kafka_incremental_unassign(client_.get(), &partitions)) {
    note_trouble(rd_kafka_error_code(error), rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
  }
}

void ConsumerGroup::on_error(rd_kafka_resp_err_t code, std::string_view reason) {
  if (code == RD_KAFKA_RESP_ERR__FATAL) {
    note_trouble(code, reason);
  } else {
    log::debug("kafka", "consumer", {{"group", name_}, {"reason", reason}});
  }
}

void ConsumerGroup::on_committed(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t*) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR__NO_OFFSET) return;
  ++commit_failures_;
  log::debug("kafka", "positions were not kept",
             {{"group", name_}, {"reason", rd_kafka_err2str(code)}});
  for (const auto& lane : lanes()) lane->mark_moved();  // tried again with the next
}

GroupStatus ConsumerGroup::status() const {
  const auto extents = watch_.extents();
  const std::lock_guard lock(mutex_);
  if (!joined_) return first_status_;
  GroupStatus status{.group = name_};
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
          .commit_failures = commit_failures_};
}

}  // namespace baedal::messaging::kafka
