#include "services/gateway/outbound/routes_yaml.hpp"

#include "kernel/text.hpp"

namespace baedal::gateway {
namespace {

json::Value scalar_to_json(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  constexpr const char* kPlain = "?";
  if (node.Tag() != kPlain) return text;
  if (const auto number = parse_int64(text)) return *number;
  if (text == "true" || text == "false") return text == "true";
  return text;
}

}  // namespace

std::unexpected<Error> bad(const YAML::Node& node, const std::string& what) {
  return fail(ErrorKind::kInvalid, "bad-routes",
              "Routes, line " + std::to_string(node.Mark().line + 1) + ": " + what);
}

json::Value to_json(const YAML::Node& node) {
  if (node.IsMap()) {
    json::Object object;
    for (const auto& member : node) {
      object.set(member.first.as<std::string>(), to_json(member.second));
    }
    return object;
  }
  if (node.IsSequence()) {
    json::Array array;
    for (const auto& item : node) array.push_back(to_json(item));
    return array;
  }
  if (node.IsScalar()) return scalar_to_json(node);
  return nullptr;
}

}  // namespace baedal::gateway
