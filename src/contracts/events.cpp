#include "contracts/events.hpp"

#include "kernel/json/flat_object.hpp"
#include "kernel/json/writer.hpp"
#include "kernel/put_text.hpp"
#include "kernel/text.hpp"

namespace baedal::contracts {
namespace {

/// One compact JSON object under way: opens with what every event has, closes with the seed's `me`.
/// Every order is one, so the text grows by whole members, each of which begins with the fixed text
/// that leads to its value: `,"qty":`.
class EventWriter {
 public:
  EventWriter(std::string_view type, Timestamp time) {
    out_.resize(kUsualBytes);
    at_ = put(out_.data(), R"({"eventType":)");
    at_ = json::put_string(room(json::string_room(type)), type);
    lead(R"(,"timestamp":")", kCompactTimeRoom + 1);
    at_ = put(put_compact_time(at_, time), "\"");
  }
  EventWriter& integer(std::string_view lead_in, std::int64_t value) {
    lead(lead_in, kIntRoom);
    at_ = put_int(at_, value);
    return *this;
  }
  EventWriter& text(std::string_view lead_in, std::string_view value) {
    lead(lead_in, json::string_room(value));
    at_ = json::put_string(at_, value);
    return *this;
  }
  EventWriter& time(std::string_view lead_in, Timestamp value) {
    lead(lead_in, kIso8601Room + 2);
    at_ = put(put_iso8601(put(at_, "\""), value), "\"");
    return *this;
  }
  EventWriter& boolean(std::string_view lead_in, bool value) {
    return literal(lead_in, value ? "true" : "false");
  }
  EventWriter& optional_integer(std::string_view lead_in, std::optional<std::int64_t> value) {
    return value ? integer(lead_in, *value) : literal(lead_in, "null");
  }
  EventWriter& optional_text(std::string_view lead_in, const std::optional<std::string>& value) {
    return value ? text(lead_in, *value) : literal(lead_in, "null");
  }
  std::string finish() {
    literal(R"(,"me":)", "true}");
    out_.resize(static_cast<std::size_t>(at_ - out_.data()));
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kUsualBytes = 448;

  EventWriter& literal(std::string_view lead_in, std::string_view value) {
    lead(lead_in, value.size());
    at_ = put(at_, value);
    return *this;
  }
  /// The member's lead, and room for its value.
  void lead(std::string_view text, std::size_t value_bytes) {
    at_ = put(room(text.size() + value_bytes), text);
  }
  char* room(std::size_t bytes) {
    const auto used = static_cast<std::size_t>(at_ - out_.data());
    if (out_.size() - used < bytes) {
      out_.resize(out_.size() * 2 + bytes);
      at_ = out_.data() + used;
    }
    return at_;
  }

  std::string out_;  ///< longer than what is written
  char* at_ = nullptr;
};

/// The members of an event, read with the seed's looseness: numbers may come as strings.
class EventReader {
 public:
  /// `data` lives as long as the reader.
  static Result<EventReader> open(std::string_view data) {
    auto parsed = json::FlatObject::parse(data);
    if (!parsed)
      return fail(ErrorKind::kInvalid, "malformed-event", std::move(parsed.error().detail));
    return EventReader{std::move(*parsed)};
  }

  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const {
    const auto* value = object_.find(name);
    if (value == nullptr) return std::nullopt;
    if (const auto* number = std::get_if<std::int64_t>(value)) return *number;
    if (const auto* text = std::get_if<std::string_view>(value)) return parse_int64(*text);
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const {
    const auto* value = object_.find(name);
    const auto* text = value == nullptr ? nullptr : std::get_if<std::string_view>(value);
    return text == nullptr ? std::nullopt : std::optional{std::string{*text}};
  }
  [[nodiscard]] bool boolean(std::string_view name) const {
    const auto* value = object_.find(name);
    const auto* flag = value == nullptr ? nullptr : std::get_if<bool>(value);
    return flag != nullptr && *flag;
  }
  /// A positive integer the event cannot do without.
  Result<std::int64_t> required_id(std::string_view name) const {
    const auto value = integer(name);
    if (value && *value > 0) return *value;
    return fail(ErrorKind::kInvalid, "malformed-event",
                "The event has no valid \"" + std::string{name} + "\".");
  }
  [[nodiscard]] Timestamp time(std::string_view name) const {
    const auto value = text(name);
    return value ? Timestamp::parse_iso8601(*value).value_or(Timestamp{}) : Timestamp{};
  }

 private:
  explicit EventReader(json::FlatObject object) : object_(std::move(object)) {}
  json::FlatObject object_;
};

}  // namespace

std::string encode(std::string_view type, Timestamp time, const MenuEvent& event) {
  return EventWriter(type, time)
      .integer(R"(,"id":)", event.id)
      .text(R"(,"menuNm":)", event.menu_name)
      .optional_integer(R"(,"price":)", event.price)
      .text(R"(,"currency":)", event.currency)
      .boolean(R"(,"soldOut":)", event.sold_out)
      .integer(R"(,"version":)", event.version)
      .finish();
}

std::string encode(std::string_view type, Timestamp time, const OrderEvent& event) {
  EventWriter out(type, time);
  out.integer(R"(,"id":)", event.id)
      .integer(R"(,"menuId":)", event.menu_id)
      .text(R"(,"menuNm":)", event.menu_name)
      .integer(R"(,"qty":)", event.quantity)
      .text(R"(,"status":)", event.status)
      .optional_text(R"(,"deliveryStatus":)", event.delivery_status)
      .optional_integer(R"(,"deliveryId":)", event.delivery_id)
      .optional_integer(R"(,"amount":)", event.amount)
      .text(R"(,"currency":)", event.currency)
      .optional_text(R"(,"paymentStatus":)", event.payment_status)
      .optional_integer(R"(,"paymentId":)", event.payment_id);
  if (event.payment_token) out.text(R"(,"paymentToken":)", *event.payment_token);
  if (event.customer_id) out.text(R"(,"customerId":)", *event.customer_id);
  return out.integer(R"(,"version":)", event.version)
      .time(R"(,"createdAt":)", event.created_at)
      .finish();
}

std::string encode(std::string_view type, Timestamp time, const PaymentEvent& event) {
  return EventWriter(type, time)
      .integer(R"(,"id":)", event.id)
      .integer(R"(,"orderId":)", event.order_id)
      .text(R"(,"status":)", event.status)
      .integer(R"(,"amount":)", event.amount)
      .text(R"(,"currency":)", event.currency)
      .integer(R"(,"version":)", event.version)
      .finish();
}

std::string encode(std::string_view type, Timestamp time, const DeliveryEvent& event) {
  EventWriter out(type, time);
  out.integer(R"(,"id":)", event.id)
      .integer(R"(,"orderId":)", event.order_id)
      .text(R"(,"status":)", event.status)
      .integer(R"(,"version":)", event.version);
  if (event.completed_at) out.time(R"(,"completedAt":)", *event.completed_at);
  return out.finish();
}

Result<MenuEvent> decode_menu_event(std::string_view data) {
  auto reader = EventReader::open(data);
  if (!reader) return pass_on(reader);
  auto id = reader->required_id("id");
  if (!id) return pass_on(id);
  MenuEvent event{.id = *id, .menu_name = reader->text("menuNm").value_or("")};
  event.price = reader->integer("price");
  event.currency = reader->text("currency").value_or("KRW");
  event.sold_out = reader->boolean("soldOut");
  event.version = reader->integer("version").value_or(0);
  return event;
}

Result<OrderEvent> decode_order_event(std::string_view data) {
  auto reader = EventReader::open(data);
  if (!reader) return pass_on(reader);
  auto id = reader->required_id("id");
  if (!id) return pass_on(id);
  OrderEvent event{.id = *id};
  event.menu_id = reader->integer("menuId").value_or(0);
  event.menu_name = reader->text("menuNm").value_or("");
  event.quantity = reader->integer("qty").value_or(1);
  event.status = reader->text("status").value_or("ordered");
  event.delivery_status = reader->text("deliveryStatus");
  event.delivery_id = reader->integer("deliveryId");
  event.amount = reader->integer("amount");
  event.currency = reader->text("currency").value_or("KRW");
  event.payment_token = reader->text("paymentToken");
  event.payment_status = reader->text("paymentStatus");
  event.payment_id = reader->integer("paymentId");
  event.customer_id = reader->text("customerId");
  event.version = reader->integer("version").value_or(0);
  event.created_at = reader->time("createdAt");
  return event;
}

Result<PaymentEvent> decode_payment_event(std::string_view data) {
  auto reader = EventReader::open(data);
  if (!reader) return pass_on(reader);
  auto id = reader->required_id("id");
  if (!id) return pass_on(id);
  auto order_id = reader->required_id("orderId");
  if (!order_id) return pass_on(order_id);
  return PaymentEvent{.id = *id,
                      .order_id = *order_id,
                      .status = reader->text("status").value_or(""),
                      .amount = reader->integer("amount").value_or(0),
                      .currency = reader->text("currency").value_or("KRW"),
                      .version = reader->integer("version").value_or(0)};
}

Result<DeliveryEvent> decode_delivery_event(std::string_view data) {
  auto reader = EventReader::open(data);
  if (!reader) return pass_on(reader);
  auto id = reader->required_id("id");
  if (!id) return pass_on(id);
  auto order_id = reader->required_id("orderId");
  if (!order_id) return pass_on(order_id);
  DeliveryEvent event{.id = *id,
                      .order_id = *order_id,
                      .status = reader->text("status").value_or(""),
                      .version = reader->integer("version").value_or(0)};
  if (const auto text = reader->text("completedAt")) {
    event.completed_at = Timestamp::parse_iso8601(*text);
  }
  return event;
}

}  // namespace baedal::contracts
