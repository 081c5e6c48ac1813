#include "platform/messaging/kafka/record_codec.hpp"

#include <chrono>
#include <string_view>

#include "kernel/json/parse.hpp"
#include "kernel/text.hpp"

namespace baedal::messaging::kafka {
namespace {

void add_header(rd_kafka_headers_t* headers, std::string_view name, std::string_view value) {
  // Refused only for lack of memory, which ends the process elsewhere.
  static_cast<void>(rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()),
                                        value.data(), static_cast<ssize_t>(value.size())));
}

/// RFC 3339 with as many digits as the time has.
std::string precise_time(Timestamp time) {
  std::string text = time.iso8601();
  const auto micros = static_cast<int>(((time.micros % 1'000) + 1'000) % 1'000);
  if (micros == 0) return text;
  const std::string digits = std::to_string(1'000 + micros).substr(1);
  return text.insert(text.size() - 1, digits);
}

rd_kafka_headers_t* make_headers(const Envelope& event) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(9);
  add_header(headers, "type", event.type);
  add_header(headers, "ce_specversion", "1.0");
  add_header(headers, "ce_id", event.id);
  add_header(headers, "ce_type", event.type);
  add_header(headers, "ce_source", event.source);
  add_header(headers, "ce_time", precise_time(event.time));
  add_header(headers, "ce_subject", event.key);
  add_header(headers, "content-type", "application/json");
  if (!event.traceparent.empty()) add_header(headers, "traceparent", event.traceparent);
  return headers;
}

std::string_view text_of(const void* bytes, std::size_t size) {
  return bytes == nullptr ? std::string_view{}
                          : std::string_view{static_cast<const char*>(bytes), size};
}

/// The last header of that name; empty when there is none.
std::string header(const rd_kafka_headers_t* headers, const char* name) {
  const void* value = nullptr;
  std::size_t size = 0;
  if (headers == nullptr ||
      rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return {};
  }
  return std::string{text_of(value, size)};
}

/// Spring Cloud Stream 2 writes texts of headers as JSON.
std::string unquoted(std::string text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

std::string member_text(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  if (value == nullptr) return {};
  if (const auto* text = value->get<std::string>()) return *text;
  std::string out;
  if (const auto* number = value->get<std::int64_t>()) append_int(out, *number);
  return out;
}

Timestamp record_time(const rd_kafka_message_t& message) {
  rd_kafka_timestamp_type_t type{};
  const std::int64_t millis = rd_kafka_message_timestamp(&message, &type);
  return {type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? 0 : millis * 1'000};
}

void complete_foreign(Envelope& event, const rd_kafka_message_t& message,
                      std::span<const std::string> key_members) {
  event.source = rd_kafka_topic_name(message.rkt);
  event.id =
      event.source + "-" + std::to_string(message.partition) + "-" + std::to_string(message.offset);
  event.time = record_time(message);
  const auto value = json::parse(event.data);
  const auto* object = value ? value->get<json::Object>() : nullptr;
  if (object == nullptr) return;
  if (event.type.empty()) event.type = member_text(*object, "eventType");
  for (const std::string& name : key_members) {
    if (event.key.empty()) event.key = member_text(*object, name);
  }
}

}  // namespace

rd_kafka_resp_err_t produce(rd_kafka_t* producer, const std::string& topic, const Envelope& event,
                            void* opaque) {
  rd_kafka_headers_t* headers = make_headers(event);
  const rd_kafka_resp_err_t code = rd_kafka_producev(
      producer, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_KEY(event.key.data(), event.key.size()),
      RD_KAFKA_V_VALUE(const_cast<char*>(event.data.data()), event.data.size()),
      RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  return code;
}

Envelope envelope_of(const rd_kafka_message_t& message, std::span<const std::string> key_members) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) headers = nullptr;
  Envelope event;
  event.id = header(headers, "ce_id");
  event.type = header(headers, "ce_type");
  event.key = text_of(message.key, message.key_len);
  event.data = text_of(message.payload, message.len);
  event.traceparent = header(headers, "traceparent");
  if (event.type.empty()) event.type = unquoted(header(headers, "type"));
  if (event.id.empty()) {
    complete_foreign(event, message, key_members);
    return event;
  }
  event.source = header(headers, "ce_source");
  const auto time = Timestamp::parse_iso8601(header(headers, "ce_time"));
  event.time = time ? *time : record_time(message);
  return event;
}

}  // namespace baedal::messaging::kafka
