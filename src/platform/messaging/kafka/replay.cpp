#include "platform/messaging/kafka/replay.hpp"

#include <algorithm>
#include <chrono>

#include "platform/log/log.hpp"
#include "platform/messaging/kafka/record_codec.hpp"

namespace baedal::messaging::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kRequestMillis = 5'000;
constexpr std::chrono::milliseconds kRequestTimeout{kRequestMillis};
constexpr int kPollMillis = 100;
constexpr std::chrono::seconds kSilenceMax{30};
constexpr std::string_view kReading = "The topic cannot be read";

}  // namespace

Replay::Replay(const KafkaOptions& options) : options_(options) {}

Result<void> Replay::open() {
  Config config(options_, *this);
  // A consumer needs the name of a group also when it joins none.
  config.set("group.id", options_.group_prefix + "replay")
      .set("enable.auto.commit", "false")
      .set("enable.partition.eof", "true")
      .set("auto.offset.reset", "earliest")
      .set("queued.max.messages.kbytes", "16384");
  auto client = config.make(RD_KAFKA_CONSUMER);
  if (!client) return pass_on(client);
  client_ = std::move(*client);
  rd_kafka_poll_set_consumer(client_.get());
  auto partitions = count_partitions(client_.get(), options_.topic, kRequestTimeout);
  if (!partitions) return pass_on(partitions);
  if (*partitions == 0) return unavailable("kafka-topic-missing", "There is no such topic.");
  return assign(*partitions);
}

Result<void> Replay::assign(int partitions) {
  parts_.resize(static_cast<std::size_t>(partitions));
  const Partitions assigned = make_partitions();
  for (int partition = 0; partition < partitions; ++partition) {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    const auto code = rd_kafka_query_watermark_offsets(client_.get(), options_.topic.c_str(),
                                                       partition, &begin, &end, kRequestMillis);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return std::unexpected(to_error(code, kReading));
    parts_[static_cast<std::size_t>(partition)] = {end, begin >= end};
    if (begin >= end) continue;
    rd_kafka_topic_partition_list_add(assigned.get(), options_.topic.c_str(), partition)->offset =
        begin;
  }
  if (assigned->cnt == 0) return {};
  const auto code = rd_kafka_assign(client_.get(), assigned.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return std::unexpected(to_error(code, kReading));
  return {};
}

bool Replay::finished() const { return std::ranges::all_of(parts_, &Part::done); }

Result<std::vector<Delivery>> Replay::next() {
  std::vector<Delivery> batch;
  const auto give_up_at = SteadyClock::now() + kSilenceMax;
  while (!finished() && batch.size() < options_.batch_max) {
    const Message message{rd_kafka_consumer_poll(client_.get(), batch.empty() ? kPollMillis : 0)};
    if (message) {
      auto taken = take(*message, batch);
      if (!taken) return pass_on(taken);
    } else if (!batch.empty()) {
      break;
    } else if (SteadyClock::now() >= give_up_at) {
      return unavailable("kafka-unavailable", "Kafka does not answer.");
    }
  }
  return batch;
}

Result<void> Replay::take(const rd_kafka_message_t& message, std::vector<Delivery>& batch) {
  const auto index = static_cast<std::size_t>(message.partition);
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    parts_.at(index).done = true;  // the last offsets before the end need not be events
    return {};
  }
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return std::unexpected(to_error(message.err, kReading));
  }
  Part& part = parts_.at(index);
  if (message.offset < part.end) {
    batch.push_back({message.offset, envelope_of(message, options_.foreign_key_members)});
  }
  part.done = part.done || message.offset + 1 >= part.end;
  return {};
}

void Replay::on_error(rd_kafka_resp_err_t, std::string_view reason) {
  log::debug("kafka", "replay", {{"reason", reason}});
}

}  // namespace baedal::messaging::kafka
