#include "platform/messaging/envelope.hpp"

#include "kernel/json/parse.hpp"

namespace baedal::messaging {

std::string type_of(const Envelope& event) {
  if (!event.type.empty()) return event.type;
  const auto value = json::parse(event.data);
  const auto* object = value ? value->get<json::Object>() : nullptr;
  const json::Value* type = object == nullptr ? nullptr : object->find("eventType");
  const auto* text = type == nullptr ? nullptr : type->get<std::string>();
  return text == nullptr ? std::string{} : *text;
}

}  // namespace baedal::messaging
