#pragma once

#include <string>

#include "kernel/timestamp.hpp"

namespace baedal::messaging {

/// An event on the bus: CloudEvents 1.0 attributes around the JSON value (binary mode: attributes
/// travel as headers, `data` is the record's value).
struct Envelope {
  std::string id{};    ///< unique within `source`, never empty; the consumer's dedupe key
  std::string type{};  ///< "Created"; may be empty on a foreign record: read eventType of the data
  std::string source{};  ///< the service that says it
  std::string key{};     ///< partition key: events of one key keep their order
  Timestamp time{};
  std::string traceparent{};
  std::string data{};  ///< JSON value

  friend bool operator==(const Envelope&, const Envelope&) = default;
};

}  // namespace baedal::messaging
