#include "platform/auth/access_table.hpp"

#include <yaml-cpp/yaml.h>

#include <optional>

namespace baedal::auth {
namespace {

using http::Method;

constexpr std::pair<std::string_view, Method> kOperations[] = {
    {"get", Method::kGet},        {"head", Method::kHead},   {"post", Method::kPost},
    {"put", Method::kPut},        {"patch", Method::kPatch}, {"delete", Method::kDelete},
    {"options", Method::kOptions}};

std::optional<Method> method_of(std::string_view word) {
  for (const auto& [name, method] : kOperations) {
    if (name == word) return method;
  }
  return std::nullopt;
}

std::optional<Rule> rule_of(const YAML::Node& operation) {
  const YAML::Node roles = operation["x-roles"];
  if (!roles) return std::nullopt;
  if (roles.IsScalar()) {
    return roles.Scalar() == "anyone" ? std::optional{Rule{.anyone = true}} : std::nullopt;
  }
  Rule rule;
  for (const YAML::Node& word : roles) {
    if (!word.IsScalar()) return std::nullopt;
    rule.roles.add(word.Scalar());
  }
  return rule.roles.empty() ? std::nullopt : std::optional{rule};
}

std::unexpected<Error> bad_document(std::string detail) {
  return fail(ErrorKind::kInvalid, "bad-openapi", std::move(detail));
}

}  // namespace

Result<AccessTable> AccessTable::parse(std::string_view openapi_yaml) try {
  AccessTable table;
  table.paths_ = std::make_unique<http::Router>();
  const YAML::Node document = YAML::Load(std::string{openapi_yaml});
  const YAML::Node paths = document["paths"];
  if (!paths || !paths.IsMap()) return bad_document("The document has no paths.");
  for (const auto& path : paths) {
    const std::string pattern = path.first.Scalar();
    for (const auto& member : path.second) {
      const auto method = method_of(member.first.Scalar());
      if (!method) continue;
      const auto rule = rule_of(member.second);
      if (!rule) {
        return bad_document("The operation " + member.first.Scalar() + " " + pattern +
                            " does not say who may call it (x-roles).");
      }
      const auto never = [](http::Request&) -> Task<http::Response> { co_return http::Response{}; };
      table.paths_->add(*method, pattern, never);
      table.rules_[pattern][static_cast<std::size_t>(*method)] =
          std::make_unique<const Rule>(*rule);
    }
  }
  return table;
} catch (const YAML::Exception& error) {
  return bad_document("The document cannot be read: " + error.msg + ".");
}

const Rule* AccessTable::find(Method method, std::string_view path) const {
  const auto pattern = paths_->pattern_of(path);
  if (!pattern) return nullptr;
  const auto rules = rules_.find(*pattern);
  if (rules == rules_.end()) return nullptr;
  const auto of = [&](Method wanted) {
    return rules->second[static_cast<std::size_t>(wanted)].get();
  };
  if (method == Method::kHead && of(method) == nullptr) return of(Method::kGet);
  return of(method);
}

}  // namespace baedal::auth
