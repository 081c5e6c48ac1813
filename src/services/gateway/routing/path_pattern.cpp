#include "services/gateway/routing/path_pattern.hpp"

#include <optional>
#include <span>

namespace baedal::gateway {
namespace {

/// Takes the next segment of "/a/b"; nullopt at the end. A trailing slash is no segment.
std::optional<std::string_view> next_segment(std::string_view& path) {
  if (path.empty() || path == "/") return std::nullopt;
  path.remove_prefix(1);
  const auto slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
  return segment;
}

}  // namespace

Result<PathPattern> PathPattern::parse(std::string_view text) {
  if (!text.starts_with('/')) {
    return fail(ErrorKind::kInvalid, "bad-path-pattern",
                "The path pattern \"" + std::string{text} + "\" must begin with a slash.");
  }
  PathPattern pattern;
  pattern.text_ = text;
  while (const auto segment = next_segment(text)) {
    if (*segment == "**") {
      pattern.open_end_ = true;
      if (!text.empty()) {
        return fail(ErrorKind::kInvalid, "bad-path-pattern",
                    "\"**\" must be the end of the path pattern \"" + pattern.text_ + "\".");
      }
      break;
    }
    const bool variable =
        segment->size() > 2 && segment->starts_with('{') && segment->ends_with('}');
    const std::string_view name =
        variable ? segment->substr(1, segment->size() - 2) : std::string_view{};
    // What Spring has beyond this, {id:[0-9]+}, {*rest} and a?c*, would be taken literally.
    const bool literal = segment->find_first_of("*?{}") == std::string_view::npos;
    if (!literal && *segment != "*" && (!variable || name.find_first_of("*:{}") != name.npos)) {
      return fail(ErrorKind::kInvalid, "bad-path-pattern",
                  "The segment \"" + std::string{*segment} + "\" of the path pattern \"" +
                      pattern.text_ + "\" is not a name, \"*\" or \"{name}\".");
    }
    pattern.segments_.push_back({std::string{*segment}, variable || *segment == "*"});
  }
  for (const Segment& segment : pattern.segments_) {
    if (segment.any || segment.literal.empty()) break;  // an empty one matches nothing
    pattern.begin_.append("/").append(segment.literal);
    ++pattern.begin_segments_;
  }
  return pattern;
}

bool PathPattern::matches(std::string_view path) const {
  if (!path.starts_with('/') || !path.starts_with(begin_)) return false;
  path.remove_prefix(begin_.size());
  if (!path.empty() && path.front() != '/') return false;  // in the middle of a segment
  for (const Segment& expected : std::span{segments_}.subspan(begin_segments_)) {
    const auto segment = next_segment(path);
    if (!segment || segment->empty()) return false;
    if (!expected.any && *segment != expected.literal) return false;
  }
  return open_end_ || path.empty() || path == "/";
}

std::vector<std::pair<std::string_view, std::string_view>> PathPattern::variables(
    std::string_view path) const {
  std::vector<std::pair<std::string_view, std::string_view>> found;
  for (const Segment& expected : segments_) {
    const auto segment = next_segment(path);
    if (!segment) break;
    const std::string_view name = expected.literal;
    if (expected.any && name.size() > 2)
      found.emplace_back(name.substr(1, name.size() - 2), *segment);
  }
  return found;
}

}  // namespace baedal::gateway
