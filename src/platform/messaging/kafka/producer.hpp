#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

#include "kernel/async/task.hpp"
#include "platform/messaging/envelope.hpp"
#include "platform/messaging/kafka/client.hpp"
#include "platform/messaging/kafka/statistics.hpp"

namespace baedal::messaging::kafka {

/// The writing half of a bus: idempotent, acks=all, without gaps.
///
/// Events of one key go to one partition, in the order in which their publishes were started, and
/// stay so however often librdkafka sends them again. It never gives up one event and goes on with
/// the next: events do not expire one by one. Instead the first that fails, or that is not kept
/// within the publish timeout, ends the whole client: all that waits in it is refused, and a new
/// one begins. What of the old one still reaches the broker is a prefix per partition, under the
/// ids that are published again, in the same order.
class Producer final : public ClientListener {
 public:
  explicit Producer(const KafkaOptions& options);
  ~Producer() override;

  /// Makes the client and the thread that serves it. Needs no broker.
  Result<void> open();
  /// Connects to the leaders of the topic, so that the first event need not wait for that.
  void warm_up(int partitions, std::chrono::milliseconds timeout);
  /// As Bus::publish. Any executor.
  Task<Result<void>> publish(std::span<const Envelope> events);
  /// Ends the thread; what is not kept by then is refused. Nobody may publish any more.
  void close();

  /// kUnavailable while the last client was given up and none of its successors kept an event.
  [[nodiscard]] Result<void> health() const;
  [[nodiscard]] ClientStatistics statistics() const { return statistics_.read(); }
  [[nodiscard]] std::uint64_t renewals() const { return renewals_.load(); }

 private:
  struct Ticket;

  Result<Client> make_client();
  Result<void> enqueue(std::span<const Envelope> events, const std::shared_ptr<Ticket>& ticket);
  void run();
  [[nodiscard]] bool must_renew();
  void renew();
  void refuse_all();
  void drop_settled_locked();

  void on_error(rd_kafka_resp_err_t code, std::string_view reason) override;
  void on_delivered(const rd_kafka_message_t& message) override;
  void on_statistics(std::string_view json) override { statistics_.update(json); }

  const KafkaOptions& options_;
  Statistics statistics_;
  std::thread thread_;
  std::atomic<bool> closing_{false};
  std::atomic<std::uint64_t> renewals_{0};

  mutable std::mutex mutex_;
  std::condition_variable closing_changed_;
  Client client_;        ///< replaced by thread_ alone, under the mutex
  bool broken_ = false;  ///< takes no more; to be replaced
  Result<void> health_;
  std::deque<std::shared_ptr<Ticket>> tickets_;  ///< publishes under way, oldest first
};

}  // namespace baedal::messaging::kafka
