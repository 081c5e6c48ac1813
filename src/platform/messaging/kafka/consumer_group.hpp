#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "kernel/async/sync.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/messaging/kafka/client.hpp"
#include "platform/messaging/kafka/lane.hpp"
#include "platform/messaging/kafka/topic_watch.hpp"

namespace baedal::messaging::kafka {

/// Counts of one group's member since the bus was made, for metrics.
struct GroupCounts {
  std::uint64_t received = 0;
  std::uint64_t assignments = 0;  ///< partitions that came
  std::uint64_t revocations = 0;  ///< partitions that went
  std::uint64_t commit_failures = 0;
  std::uint64_t pauses = 0;  ///< of partitions with many events waiting
};

/// One member of a consumer group: a client, the thread that polls it, and a lane for each of its
/// partitions.
///
/// - The position of a partition is kept at the brokers only when the handler took the events
///   before it: soon after, and before the partition goes to another member or the bus stops.
/// - A partition whose lane is full is paused at the broker; the thread goes on polling, so that a
///   handler may take its time without the member being thought dead.
/// - Positions of a topic that was lost say nothing of the one made after it: that is read from its
///   beginning.
/// - A partition goes only after the batch in hand, if that ends within the revoke timeout.
/// - A client that ends for good is replaced; one whose name another process took has none then.
class ConsumerGroup final : public ClientListener {
 public:
  ConsumerGroup(std::string name, Bus::Handler handler, const KafkaOptions& options,
                const TopicWatch& watch);
  ~ConsumerGroup() override;

  /// Starts on the current executor. Asks the brokers where the group stands, for a moment at most.
  Result<void> start(StopFlag& stop);
  /// After `stop` was requested: ends behind the batches in hand, with the positions kept.
  Task<void> stop();

  [[nodiscard]] GroupStatus status() const;
  [[nodiscard]] Result<void> health() const;
  [[nodiscard]] GroupCounts counts() const;
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  using Lanes = std::vector<std::shared_ptr<Lane>>;

  Result<Client> make_client();
  Result<void> join();
  void run();
  void take(const rd_kafka_message_t& message);
  void note_trouble(rd_kafka_resp_err_t code, std::string_view reason);
  void forget_trouble();
  void pause_and_resume();
  void resume(const Lane& lane);
  [[nodiscard]] Partitions partition_of(const Lane& lane) const;
  void keep_positions();
  bool keep_positions_now(const Lanes& lanes);
  Offset kept_position(const rd_kafka_topic_partition_t& partition) const;
  [[nodiscard]] Lanes lanes() const;
  [[nodiscard]] Lanes lanes_of(const rd_kafka_topic_partition_list_t& partitions);
  void note_end();
  void begin_anew();
  void close();
  void leave(const Lanes& all);
  bool close_client();
  void close_lanes(const Lanes& lanes);
  void follow_topic();
  void note_progress();
  bool rewind();

  void assign(rd_kafka_topic_partition_list_t& partitions);
  void revoke(rd_kafka_topic_partition_list_t& partitions);

  void on_error(rd_kafka_resp_err_t code, std::string_view reason) override;
  void on_rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& partitions) override;
  void on_committed(rd_kafka_resp_err_t code,
                    const rd_kafka_topic_partition_list_t* offsets) override;

  const std::string name_;
  const KafkaOptions& options_;
  const TopicWatch& watch_;
  const LaneRules rules_;
  std::string group_id_;
  Client client_;
  std::thread thread_;
  Executor* executor_ = nullptr;
  StopFlag* stop_ = nullptr;
  Event ended_;
  std::set<int> paused_;           ///< of thread_, as all until the mutex
  std::uint64_t topics_lost_ = 0;  ///< as far as followed
  bool rewinding_ = false;         ///< a new topic is to be read from its beginning
  bool assigned_once_ = false;     ///< this client got partitions, or was told that it gets none
  bool fenced_ = false;            ///< another member has taken this one's name
  std::chrono::steady_clock::time_point name_in_doubt_until_{};  ///< it was taken before
  rd_kafka_resp_err_t ended_by_ = RD_KAFKA_RESP_ERR_NO_ERROR;    ///< fatal to the client

  mutable std::mutex mutex_;
  std::map<int, std::shared_ptr<Lane>> lanes_;
  std::vector<Extent> extents_;  ///< at the start
  GroupStatus first_status_;     ///< until the first assignment
  std::vector<Extent> goal_;     ///< what to have handled to be caught up; empty until known
  bool caught_up_ = false;
  bool joined_ = false;
  Result<void> health_;
  std::chrono::steady_clock::time_point trouble_at_{};  ///< when health_ was last told of any
  std::atomic<std::uint64_t> received_{0}, assignments_{0}, revocations_{0}, commit_failures_{0},
      pauses_{0};
};

}  // namespace baedal::messaging::kafka
