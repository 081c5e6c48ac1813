/// A bare round trip through a Kafka broker: librdkafka produces one record (acks=all, idempotent,
/// no lingering) and consumes it in the same process; the next follows when it has come. The least
/// that an event between two services can take on this broker.
///
/// Usage: round_trip BROKER TOPIC SECONDS RATE   The topic is made when missing, with one
/// partition. RATE: records a second at most, 0 for one after the other. Prints one line of JSON,
/// microseconds.
#include <librdkafka/rdkafka.h>

#include <cstring>
#include <stdexcept>
#include <thread>

#include "figures.hpp"

namespace load {
namespace {

rd_kafka_t* open(rd_kafka_type_t type, const std::string& broker,
                 std::initializer_list<std::pair<const char*, const char*>> settings) {
  char reason[512];
  rd_kafka_conf_t* configuration = rd_kafka_conf_new();
  rd_kafka_conf_set(configuration, "bootstrap.servers", broker.c_str(), nullptr, 0);
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(configuration, name, value, reason, sizeof reason) != RD_KAFKA_CONF_OK) {
      throw std::runtime_error(reason);
    }
  }
  rd_kafka_t* client = rd_kafka_new(type, configuration, reason, sizeof reason);
  if (client == nullptr) throw std::runtime_error(reason);
  return client;
}

/// One that is there already is as good.
void make_topic(rd_kafka_t* client, const std::string& name) {
  char reason[512];
  rd_kafka_NewTopic_t* topic = rd_kafka_NewTopic_new(name.c_str(), 1, 1, reason, sizeof reason);
  if (topic == nullptr) throw std::runtime_error(reason);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
  rd_kafka_CreateTopics(client, &topic, 1, nullptr, queue);
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, 20'000);
  if (event == nullptr) throw std::runtime_error("the broker makes no topic");
  rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  rd_kafka_NewTopic_destroy(topic);
}

class RoundTrip {
 public:
  RoundTrip(const std::string& broker, std::string topic)
      : topic_(std::move(topic)),
        producer_(open(RD_KAFKA_PRODUCER, broker,
                       {{"acks", "all"}, {"enable.idempotence", "true"}, {"linger.ms", "0"}})),
        consumer_(open(RD_KAFKA_CONSUMER, broker,
                       {{"group.id", "round-trip"},
                        {"enable.auto.commit", "false"},
                        {"fetch.min.bytes", "1"},
                        {"fetch.error.backoff.ms", "1"},
                        {"auto.offset.reset", "latest"}})) {
    make_topic(producer_, topic_);
    rd_kafka_poll_set_consumer(consumer_);
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic_.c_str(), 0)->offset = RD_KAFKA_OFFSET_END;
    rd_kafka_assign(consumer_, list);
    rd_kafka_topic_partition_list_destroy(list);
  }
  RoundTrip(const RoundTrip&) = delete;
  RoundTrip& operator=(const RoundTrip&) = delete;
  ~RoundTrip() {
    rd_kafka_consumer_close(consumer_);
    rd_kafka_destroy(consumer_);
    rd_kafka_destroy(producer_);
  }

  /// Where the consumer stands is known only when something comes: the first record is sent until
  /// it does, uncounted.
  void warm_up() {
    const auto end = Clock::now() + std::chrono::seconds(20);
    for (std::uint64_t number = 0; Clock::now() < end; ++number) {
      produce(1'000'000 + number);
      if (consume(200) != 0) {
        while (consume(200) != 0) {
        }
        return;
      }
    }
    throw std::runtime_error("nothing comes back from the broker");
  }

  void run(double seconds, double rate) {
    const auto begin = Clock::now();
    auto due = begin;
    for (std::uint64_t number = 1; seconds_between(begin, Clock::now()) < seconds; ++number) {
      const auto sent = Clock::now();
      produce(number);
      const std::uint64_t came = consume(5000);
      if (came != number) throw std::runtime_error("another record than the one sent came back");
      durations_.add(Clock::now() - sent);
      if (rate <= 0) continue;
      due += std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / rate));
      std::this_thread::sleep_until(due);
    }
  }

  [[nodiscard]] std::string json() { return durations_.json(); }

 private:
  void produce(std::uint64_t number) {
    // As long as an event of an order.
    char value[300];
    std::memset(value, 'x', sizeof value);
    std::memcpy(value, &number, sizeof number);
    const auto failed =
        rd_kafka_producev(producer_, RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_PARTITION(0),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_VALUE(value, sizeof value), RD_KAFKA_V_END);
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2str(failed));
    rd_kafka_poll(producer_, 0);
  }

  /// The number of the record that came; 0 for none in time.
  std::uint64_t consume(int milliseconds) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer_, milliseconds);
    if (message == nullptr) return 0;
    std::uint64_t number = 0;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR && message->len >= sizeof number) {
      std::memcpy(&number, message->payload, sizeof number);
    }
    rd_kafka_message_destroy(message);
    return number;
  }

  std::string topic_;
  rd_kafka_t* producer_;
  rd_kafka_t* consumer_;
  Durations durations_;
};

}  // namespace
}  // namespace load

int main(int count, char** words) {
  if (count != 5) {
    std::fputs("Usage: round_trip BROKER TOPIC SECONDS RATE\n", stderr);
    return 2;
  }
  try {
    load::RoundTrip trip(words[1], words[2]);
    trip.warm_up();
    trip.run(std::stod(words[3]), std::stod(words[4]));
    std::printf("%s\n", trip.json().c_str());
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "round_trip: %s\n", failure.what());
    return 1;
  }
}
