#include "platform/messaging/kafka/statistics.hpp"

#include <algorithm>

#include "kernel/json/parse.hpp"

namespace baedal::messaging::kafka {
namespace {

constexpr json::ParseLimits kLimits{.depth_max = 16, .values_max = 200'000};

const json::Object* object_at(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value == nullptr ? nullptr : value->get<json::Object>();
}

std::int64_t integer_at(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  const auto* number = value == nullptr ? nullptr : value->get<std::int64_t>();
  return number == nullptr ? 0 : *number;
}

bool is_up(const json::Object& broker) {
  const json::Value* state = broker.find("state");
  const auto* text = state == nullptr ? nullptr : state->get<std::string>();
  return text != nullptr && *text == "UP";
}

}  // namespace

void Statistics::update(std::string_view json) {
  const auto parsed = json::parse(json, kLimits);
  const auto* all = parsed ? parsed->get<json::Object>() : nullptr;
  if (all == nullptr) return;
  ClientStatistics now{.messages_waiting = integer_at(*all, "msg_cnt"),
                       .bytes_waiting = integer_at(*all, "msg_size"),
                       .requests_sent = integer_at(*all, "tx"),
                       .bytes_sent = integer_at(*all, "tx_bytes"),
                       .answers_received = integer_at(*all, "rx"),
                       .bytes_received = integer_at(*all, "rx_bytes")};
  if (const auto* brokers = object_at(*all, "brokers")) {
    for (const auto& [name, value] : *brokers) {
      const auto* broker = value.get<json::Object>();
      if (broker == nullptr || !is_up(*broker)) continue;
      ++now.brokers_up;
      const auto* round_trip = object_at(*broker, "rtt");
      if (round_trip == nullptr) continue;
      now.round_trip_micros = std::max(now.round_trip_micros, integer_at(*round_trip, "avg"));
    }
  }
  const std::lock_guard lock(mutex_);
  last_ = now;
}

ClientStatistics Statistics::read() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

}  // namespace baedal::messaging::kafka
