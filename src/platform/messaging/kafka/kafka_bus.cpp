#include "platform/messaging/kafka/kafka_bus.hpp"

#include <atomic>
#include <utility>

#include "platform/log/log.hpp"
#include "platform/messaging/kafka/consumer_group.hpp"
#include "platform/messaging/kafka/producer.hpp"
#include "platform/messaging/kafka/replay.hpp"
#include "platform/messaging/kafka/topic_watch.hpp"
#include "platform/messaging/kafka/worker.hpp"

namespace baedal::messaging {

struct KafkaBus::Impl {
  explicit Impl(KafkaOptions options_in) : options(std::move(options_in)) {}

  Result<void> open() {
    if (auto opened = watch.open(); !opened) return opened;
    if (auto found = watch.find(options.connect_timeout); !found) {
      log::warn("kafka", "opened without the topic", {{"reason", found.error().detail}});
    }
    if (auto opened = producer.open(); !opened) return opened;
    const auto partitions = static_cast<int>(watch.extents().size());
    producer.warm_up(partitions, options.connect_timeout);
    watch.start();
    return {};
  }

  const KafkaOptions options;
  StopFlag stop;
  kafka::TopicWatch watch{options};
  kafka::Producer producer{options};
  std::vector<std::unique_ptr<kafka::ConsumerGroup>> groups;
  std::atomic<bool> running{false};
};

Result<std::unique_ptr<KafkaBus>> KafkaBus::open(KafkaOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (auto opened = impl->open(); !opened) return pass_on(opened);
  return std::unique_ptr<KafkaBus>(new KafkaBus(std::move(impl)));
}

KafkaBus::KafkaBus(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

KafkaBus::~KafkaBus() {
  BAEDAL_ASSERT(!impl_->running);
  impl_->producer.close();
  impl_->watch.stop();
}

Task<Result<void>> KafkaBus::publish_all(std::vector<Envelope> events) {
  co_return co_await impl_->producer.publish(events);
}

void KafkaBus::subscribe(std::string group, Handler handler) {
  BAEDAL_ASSERT(!impl_->running);
  for (const auto& other : impl_->groups) BAEDAL_ASSERT(other->name() != group);
  impl_->groups.push_back(std::make_unique<kafka::ConsumerGroup>(
      std::move(group), std::move(handler), impl_->options, impl_->watch));
}

Result<void> KafkaBus::start() {
  BAEDAL_ASSERT(!impl_->running);
  impl_->stop.reset();
  // Fresh, so that the lag is right from the start; no matter when the brokers do not answer.
  if (impl_->watch.health()) static_cast<void>(impl_->watch.look());
  impl_->running = true;
  for (const auto& group : impl_->groups) {
    auto started = group->start(impl_->stop);
    if (!started) return started;
  }
  return {};
}

Task<void> KafkaBus::stop() {
  impl_->stop.request();
  if (!impl_->running) co_return;
  for (const auto& group : impl_->groups) co_await group->stop();
  impl_->running = false;
}

StopFlag& KafkaBus::stop_flag() { return impl_->stop; }

Task<Result<void>> KafkaBus::replay(Handler handler) {
  kafka::Replay replay(impl_->options);
  kafka::Worker worker;
  Result<void> opened;
  const std::function<void()> open = [&] { opened = replay.open(); };
  co_await worker.run(open);
  if (!opened) co_return opened;
  Result<std::vector<Delivery>> batch;
  const std::function<void()> next = [&] { batch = replay.next(); };
  while (true) {
    if (impl_->stop.requested()) co_return unavailable("bus-stopping", "The bus is stopping.");
    co_await worker.run(next);
    if (!batch) co_return pass_on(batch);
    if (batch->empty()) co_return Result<void>{};
    auto handled = co_await handler(*batch);
    if (!handled) co_return handled;
  }
}

std::vector<GroupStatus> KafkaBus::groups() const {
  std::vector<GroupStatus> status;
  for (const auto& group : impl_->groups) status.push_back(group->status());
  return status;
}

Result<void> KafkaBus::health() const {
  if (auto health = impl_->watch.health(); !health) return health;
  if (auto health = impl_->producer.health(); !health) return health;
  for (const auto& group : impl_->groups) {
    if (auto health = group->health(); !health) return health;
  }
  return {};
}

KafkaStats KafkaBus::stats() const {
  KafkaStats stats;
  for (const auto& group : impl_->groups) {
    const kafka::GroupCounts counts = group->counts();
    stats.received += counts.received;
    stats.partitions_came += counts.assignments;
    stats.partitions_went += counts.revocations;
    stats.commit_failures += counts.commit_failures;
    stats.pauses += counts.pauses;
  }
  const kafka::ClientStatistics client = impl_->producer.statistics();
  stats.topics_lost = impl_->watch.topics_lost();
  stats.producer_renewals = impl_->producer.renewals();
  stats.messages_waiting = client.messages_waiting;
  stats.bytes_sent = client.bytes_sent;
  stats.brokers_up = client.brokers_up;
  stats.round_trip_micros = client.round_trip_micros;
  return stats;
}

}  // namespace baedal::messaging
