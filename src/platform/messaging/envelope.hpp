#pragma once

#include <string>
#include <string_view>

#include "kernel/error.hpp"
#include "kernel/timestamp.hpp"
#include "platform/messaging/readings.hpp"

namespace baedal::messaging {

/// An event on the bus: CloudEvents 1.0 attributes around the JSON value (binary mode: attributes
/// travel as headers, `data` is the record's value).
struct Envelope {
  std::string id{};      ///< unique within `source`, never empty; a consumer's dedupe key
  std::string type{};    ///< "Created"; may be empty on a foreign record: see type_of()
  std::string source{};  ///< the service that says it
  std::string key{};     ///< partition key: events of one key keep their order
  Timestamp time{};
  std::string traceparent{};
  std::string data{};  ///< JSON value
  Readings readings{};

  friend bool operator==(const Envelope&, const Envelope&) = default;
};

/// The data of an event, read by `decode` once, however many ask; lives as long as the event.
template <class T>
const Result<T>& decoded(const Envelope& event, Result<T> (*decode)(std::string_view)) {
  return event.readings.of<Result<T>>(reinterpret_cast<const void*>(decode),
                                      [&] { return decode(event.data); });
}

/// The type of an event; of a foreign record without one, the eventType that its data says (empty
/// when it says none).
[[nodiscard]] std::string type_of(const Envelope& event);

}  // namespace baedal::messaging
