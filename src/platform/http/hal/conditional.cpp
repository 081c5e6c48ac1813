#include "platform/http/hal/conditional.hpp"

#include <optional>
#include <vector>

#include "kernel/text.hpp"

namespace baedal::http::hal {
namespace {

struct EntityTag {
  bool weak = false;
  std::string_view opaque;
};

/// entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE, in a comma list. nullopt when malformed.
std::optional<std::vector<EntityTag>> parse_tags(std::string_view list) {
  std::vector<EntityTag> tags;
  while (true) {
    list = trim(list);
    if (!list.empty() && list.front() == ',') {
      list.remove_prefix(1);
      continue;
    }
    if (list.empty()) return tags;
    EntityTag tag;
    if (list.starts_with("W/")) {
      tag.weak = true;
      list.remove_prefix(2);
    }
    if (list.empty() || list.front() != '"') return std::nullopt;
    const auto end = list.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    tag.opaque = list.substr(1, end - 1);
    tags.push_back(tag);
    list = trim(list.substr(end + 1));
    if (!list.empty() && list.front() != ',') return std::nullopt;
  }
}

}  // namespace

std::string etag(std::int64_t version) {
  std::string tag = "\"";
  append_int(tag, version);
  tag += '"';
  return tag;
}

Result<Precondition> if_match(const Request& request) {
  const auto field = request.header_list("If-Match");
  if (!field || trim(*field) == "*") return Precondition{};
  const auto tags = parse_tags(*field);
  if (!tags || tags->empty()) {
    return fail(ErrorKind::kInvalid, "malformed-if-match",
                "If-Match is not a list of entity tags.");
  }
  Precondition precondition{.any = false};
  for (const EntityTag& tag : *tags) {
    const auto version = parse_int64(tag.opaque);
    if (!tag.weak && version) precondition.versions.push_back(*version);
  }
  return precondition;
}

bool none_match_hits(const Request& request, std::int64_t version) {
  const auto field = request.header_list("If-None-Match");
  if (!field) return false;
  if (trim(*field) == "*") return true;
  const auto tags = parse_tags(*field);
  if (!tags) return false;
  for (const EntityTag& tag : *tags) {
    if (parse_int64(tag.opaque) == version) return true;
  }
  return false;
}

}  // namespace baedal::http::hal
