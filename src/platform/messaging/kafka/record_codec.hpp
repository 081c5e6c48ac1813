#pragma once

#include <librdkafka/rdkafka.h>

#include <span>
#include <string>

#include "kernel/error.hpp"
#include "platform/messaging/envelope.hpp"

namespace baedal::messaging::kafka {

// An envelope as a record (CloudEvents 1.0, Kafka binding, binary mode):
//   key     the envelope's key
//   value   the envelope's data
//   headers type, ce_specversion, ce_id, ce_type, ce_source, ce_time, ce_subject, content-type,
//           and traceparent when there is one
// A record without ce_id is foreign: others write it with no more than the JSON.

/// Puts the event into the producer's queue; the payload is copied. `opaque` comes back with the
/// delivery report.
[[nodiscard]] rd_kafka_resp_err_t produce(rd_kafka_t* producer, const std::string& topic,
                                          const Envelope& event, void* opaque);

/// The event of a record. A foreign one gets: id "topic-partition-offset", the topic as source,
/// the type of header `type` or else of member eventType, the record's key or else the first of
/// `key_members` its JSON has, and the record's time.
[[nodiscard]] Envelope envelope_of(const rd_kafka_message_t& message,
                                   std::span<const std::string> key_members);

}  // namespace baedal::messaging::kafka
