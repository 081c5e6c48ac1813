#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace baedal::messaging {

/// How a KafkaBus reaches its topic, and what it makes of it.
struct KafkaOptions {
  std::string brokers;  ///< "host:port,host:port"
  std::string topic;
  int partitions = 6;           ///< of a topic that is made here
  int replication = 0;          ///< of a topic that is made here; 0: what the brokers say
  int min_insync_replicas = 0;  ///< of a topic that is made here; 0: what the brokers say
  /// How long a topic that is made here keeps its events; 0: for ever, whatever the brokers say.
  std::chrono::milliseconds retention{0};

  std::string group_prefix = "baedal-";  ///< before the name of each group
  /// Not empty: each group's member is a static one of that name, so that a restart within
  /// session_timeout moves no partition. Unique among the processes of a group.
  std::string instance_id{};

  std::chrono::milliseconds connect_timeout{10'000};  ///< open() waits so long for the brokers
  /// Events not kept after that time are refused; longer than a change of leaders.
  std::chrono::milliseconds publish_timeout{10'000};
  std::chrono::milliseconds session_timeout{10'000};  ///< a member silent for so long is out
  std::chrono::milliseconds revoke_timeout{10'000};   ///< for the batch in hand, when partitions go
  std::chrono::milliseconds commit_interval{200};     ///< positions are kept so often
  std::chrono::milliseconds watch_interval{2'000};    ///< the topic is looked at so often
  std::chrono::milliseconds linger{0};                ///< an event waits so long for company
  std::string compression = "lz4";

  std::size_t batch_max = 256;      ///< events handed over at once
  std::size_t waiting_max = 4'096;  ///< events of a partition in memory before it is paused
  std::chrono::milliseconds pause_first{50};  ///< after a batch not taken, doubling
  std::chrono::milliseconds pause_max{5'000};

  /// A foreign event without a key takes it from the first of these members its JSON has.
  std::vector<std::string> foreign_key_members{"id"};
  /// Further properties of librdkafka, security among them; last, so they win.
  std::vector<std::pair<std::string, std::string>> properties{};
};

}  // namespace baedal::messaging
