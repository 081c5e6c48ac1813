#include "platform/http/hal/list_query.hpp"

#include <algorithm>

#include "kernel/text.hpp"
#include "platform/http/message.hpp"

namespace baedal::http::hal {
namespace {

bool sortable(const ResourceType& type, std::string_view name) {
  return std::ranges::any_of(type.properties, [&](const Property& property) {
    return property.name == name && property.sortable;
  });
}

/// "qty,menuId,desc": the direction applies to every property of this parameter.
void read_sort(const ResourceType& type, std::string_view value, std::vector<Sort>& out) {
  std::vector<std::string_view> words;
  while (!value.empty()) {
    const auto comma = value.find(',');
    words.push_back(trim(value.substr(0, comma)));
    value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
  }
  bool descending = false;
  if (!words.empty() && (iequals(words.back(), "asc") || iequals(words.back(), "desc"))) {
    descending = iequals(words.back(), "desc");
    words.pop_back();
  }
  for (const std::string_view word : words) {
    const bool known = std::ranges::any_of(out, [&](const Sort& s) { return s.property == word; });
    if (!known && sortable(type, word)) out.push_back({std::string{word}, descending});
  }
}

}  // namespace

ListQuery parse_list_query(const ResourceType& type, std::string_view query,
                           std::int64_t size_max) {
  ListQuery list;
  const std::int64_t size_default = type.paged ? std::min(kPageSizeDefault, size_max) : size_max;
  list.size = size_default;
  for (const auto& [name, value] : parse_query(query)) {
    if (name == "page") {
      list.page = std::clamp<std::int64_t>(parse_int64(value).value_or(0), 0, kPageNumberMax);
    } else if (name == "size") {
      const std::int64_t size = parse_int64(value).value_or(0);
      list.size = size < 1 ? size_default : std::min(size, size_max);
    } else if (name == "sort") {
      read_sort(type, value, list.sort);
    }
  }
  return list;
}

}  // namespace baedal::http::hal
