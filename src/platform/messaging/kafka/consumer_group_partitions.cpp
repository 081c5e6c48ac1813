// What a group's member does when partitions come and go, and where it keeps its positions.
#include <algorithm>
#include <chrono>
#include <utility>

#include "platform/log/log.hpp"
#include "platform/messaging/kafka/consumer_group.hpp"

namespace baedal::messaging::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kAskMillis = 1'000;
constexpr int kKeepMillis = 5'000;

Offset begin_of(const std::vector<Extent>& extents, int partition) {
  const auto index = static_cast<std::size_t>(partition);
  return index < extents.size() ? extents[index].begin : 0;
}

}  // namespace

void ConsumerGroup::on_rebalance(rd_kafka_resp_err_t what,
                                 rd_kafka_topic_partition_list_t& partitions) {
  if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    assigned_once_ = true;
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

Offset ConsumerGroup::kept_position(const rd_kafka_topic_partition_t& partition) const {
  return partition.offset >= 0 ? partition.offset : begin_of(extents_, partition.partition);
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

void ConsumerGroup::on_committed(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t*) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR__NO_OFFSET) return;
  ++commit_failures_;
  log::debug("kafka", "positions were not kept",
             {{"group", name_}, {"reason", rd_kafka_err2str(code)}});
  for (const auto& lane : lanes()) lane->mark_moved();  // tried again with the next
}

}  // namespace baedal::messaging::kafka
