// JSON bodies: what is taken can be written and read again, and the readers of whole values and of
// flat objects take the same texts.
#include <string>

#include "fuzz.hpp"
#include "kernel/json/flat_object.hpp"
#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"
#include "platform/http/fields.hpp"

using baedal::fuzz::promise;
using namespace baedal;

namespace {

/// All but the digits of fractions, which Boost.JSON 1.81 rounds to one of the nearest two.
std::string shape(const json::Value& value) {
  if (const auto* array = value.get<json::Array>()) {
    std::string text = "[";
    for (const json::Value& each : *array) text += shape(each) + ",";
    return text + "]";
  }
  if (const auto* object = value.get<json::Object>()) {
    std::string text = "{";
    for (const auto& [name, member] : *object) text += name + ":" + shape(member) + ",";
    return text + "}";
  }
  return value.get<double>() != nullptr ? "fraction" : json::to_compact(value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto value = json::parse(text);
  const auto flat = json::FlatObject::parse(text);
  const json::Object* object = value ? value->get<json::Object>() : nullptr;
  promise(flat || object == nullptr);  // names that nested objects repeat it passes over
  if (!value) return 0;
  const auto again = json::parse(json::to_compact(*value));
  promise(again && shape(*again) == shape(*value));
  if (object == nullptr) return 0;
  http::FieldReader fields(*object);
  for (const auto& [name, member] : *object) {
    const bool scalar =
        member.get<json::Array>() == nullptr && member.get<json::Object>() == nullptr;
    promise((flat->find(name) != nullptr) == scalar);
    (void)fields.integer(name, -5, 1'000'000);
    (void)fields.text(name, 1, 20);
    (void)fields.boolean(name);
  }
  (void)fields.finish();
  return 0;
}
