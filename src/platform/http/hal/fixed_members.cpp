#include "platform/http/hal/fixed_members.hpp"

#include <algorithm>

#include "kernel/json/writer.hpp"

namespace baedal::http::hal {
namespace {

/// Equal after the coercions of the edge: 1 and "1" are the same.
bool same(const json::Value& a, const json::Value& b) {
  const auto text = [](const json::Value& value) {
    const auto* string = value.get<std::string>();
    return string != nullptr ? *string : json::to_compact(value);
  };
  return a == b || text(a) == text(b);
}

}  // namespace

Result<void> check_fixed_members(const ResourceType& type, const Resource& present,
                                 const json::Object& body,
                                 std::span<const std::string_view> changeable) {
  for (std::size_t i = 0; i < type.properties.size(); ++i) {
    const std::string_view name = type.properties[i].name;
    if (std::ranges::find(changeable, name) != changeable.end()) continue;
    const json::Value* sent = body.find(name);
    if (sent != nullptr && !same(*sent, shown(type.properties[i], present.values[i]))) {
      return fail(ErrorKind::kConflict, "member-cannot-change",
                  "\"" + std::string{name} + "\" cannot be changed.");
    }
  }
  return {};
}

}  // namespace baedal::http::hal
