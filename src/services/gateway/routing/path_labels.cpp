#include "services/gateway/routing/path_labels.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <string>

namespace baedal::gateway {
namespace {

constexpr std::string_view kBelow = "/**";
constexpr std::string_view kItem = "/{id}";

/// Routes are read again while metrics still hold labels of the old ones, so none is ever freed.
std::string_view for_ever(std::string text) {
  static std::mutex mutex;
  static auto& texts = *new std::set<std::string>;
  const std::lock_guard lock(mutex);
  return *texts.insert(std::move(text)).first;
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

PathLabels::PathLabels(const std::vector<PathPattern>& patterns) {
  for (const PathPattern& pattern : patterns) {
    Labels labels{.pattern = pattern, .text = for_ever(pattern.text()), .collection{}, .item{}};
    const std::string& text = pattern.text();
    if (text.ends_with(kBelow) && text.size() > kBelow.size()) {
      labels.collection = for_ever(text.substr(0, text.size() - kBelow.size()));
      labels.item = for_ever(std::string(labels.collection) + std::string(kItem));
    }
    labels_.push_back(std::move(labels));
  }
}

std::string_view PathLabels::of(std::string_view path) const {
  const auto found = std::ranges::find_if(
      labels_, [path](const Labels& labels) { return labels.pattern.matches(path); });
  if (found == labels_.end()) return {};
  if (found->collection.empty() || !path.starts_with(found->collection)) return found->text;
  const std::string_view rest = path.substr(found->collection.size());
  if (rest.empty()) return found->collection;
  return rest.starts_with('/') && is_number(rest.substr(1)) ? found->item : found->text;
}

}  // namespace baedal::gateway
