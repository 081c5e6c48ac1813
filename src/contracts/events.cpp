#include "contracts/events.hpp"

#include "kernel/json/flat_object.hpp"
#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"

namespace baedal::contracts {
namespace {

using json::Writer;

/// One JSON object under way: opens with what every event has, closes with the seed's `me`.
class EventWriter {
 public:
  EventWriter(std::string_view type, Timestamp time) : out_(Writer::Layout::kCompact) {
    out_.begin_object().name("eventType").string(type).name("timestamp").string(time.compact());
  }
  EventWriter& integer(std::string_view name, std::int64_t value) {
    out_.name(name).integer(value);
    return *this;
  }
  EventWriter& optional_integer(std::string_view name, std::optional<std::int64_t> value) {
    out_.name(name);
    value ? out_.integer(*value) : out_.null();
    return *this;
  }
  EventWriter& text(std::string_view name, std::string_view value) {
    out_.name(name).string(value);
    return *this;
  }
  EventWriter& optional_text(std::string_view name, const std::optional<std::string>& value) {
    out_.name(name);
    value ? out_.string(*value) : out_.null();
    return *this;
  }
  EventWriter& boolean(std::string_view name, bool value) {
    out_.name(name).boolean(value);
    return *this;
  }
  std::string finish() { return out_.name("me").boolean(true).end_object().take(); }

 private:
  Writer out_;
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
      .integer("id", event.id)
      .text("menuNm", event.menu_name)
      .optional_integer("price", event.price)
      .text("currency", event.currency)
      .boolean("soldOut", event.sold_out)
      .integer("version", event.version)
      .finish();
}

std::string encode(std::string_view type, Timestamp time, const OrderEvent& event) {
  EventWriter out(type, time);
  out.integer("id", event.id)
      .integer("menuId", event.menu_id)
      .text("menuNm", event.menu_name)
      .integer("qty", event.quantity)
      .text("status", event.status)
      .optional_text("deliveryStatus", event.delivery_status)
      .optional_integer("deliveryId", event.delivery_id)
      .optional_integer("amount", event.amount)
      .text("currency", event.currency)
      .optional_text("paymentStatus", event.payment_status)
      .optional_integer("paymentId", event.payment_id);
  if (event.payment_token) out.text("paymentToken", *event.payment_token);
  return out.integer("version", event.version)
      .text("createdAt", event.created_at.iso8601())
      .finish();
}

std::string encode(std::string_view type, Timestamp time, const PaymentEvent& event) {
  return EventWriter(type, time)
      .integer("id", event.id)
      .integer("orderId", event.order_id)
      .text("status", event.status)
      .integer("amount", event.amount)
      .text("currency", event.currency)
      .integer("version", event.version)
      .finish();
}

std::string encode(std::string_view type, Timestamp time, const DeliveryEvent& event) {
  return EventWriter(type, time)
      .integer("id", event.id)
      .integer("orderId", event.order_id)
      .text("status", event.status)
      .integer("version", event.version)
      .finish();
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
  return DeliveryEvent{.id = *id,
                       .order_id = *order_id,
                       .status = reader->text("status").value_or(""),
                       .version = reader->integer("version").value_or(0)};
}

}  // namespace baedal::contracts
