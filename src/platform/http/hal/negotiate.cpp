#include "platform/http/hal/negotiate.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "kernel/text.hpp"

namespace baedal::http {
namespace {

struct MediaRange {
  std::string_view type;  ///< "application/json", "application/*", "*/*"
  double quality = 1.0;
};

/// Takes the next element of a comma list, reading its q parameter.
MediaRange next_range(std::string_view& list) {
  const auto comma = list.find(',');
  std::string_view element = list.substr(0, comma);
  list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  auto semicolon = element.find(';');
  MediaRange range{trim(element.substr(0, semicolon))};
  while (semicolon != std::string_view::npos) {
    element = element.substr(semicolon + 1);
    semicolon = element.find(';');
    const std::string_view parameter = trim(element.substr(0, semicolon));
    if (parameter.size() < 3 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=')
      continue;
    double quality = 0;
    std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), quality);
    range.quality = quality;
  }
  return range;
}

std::vector<MediaRange> parse_accept(std::string_view list) {
  std::vector<MediaRange> ranges;
  while (!list.empty()) ranges.push_back(next_range(list));
  return ranges;
}

/// How closely `range` describes `type`: 3 exactly, 2 by "application/*", 1 by "*/*", 0 not at all.
int closeness(std::string_view range, std::string_view type) {
  if (range == "*/*" || range == "*") return 1;
  if (range.ends_with("/*")) {
    const std::string_view prefix = range.substr(0, range.size() - 1);
    return type.size() > prefix.size() && iequals(type.substr(0, prefix.size()), prefix) ? 2 : 0;
  }
  return iequals(range, type) ? 3 : 0;
}

/// The range that speaks for `type`: the closest one (RFC 9110 section 12.5.1), of equals the
/// first.
const MediaRange* range_for(std::string_view type, const std::vector<MediaRange>& ranges) {
  const MediaRange* closest = nullptr;
  int best = 0;
  for (const MediaRange& range : ranges) {
    const int match = closeness(range.type, type);
    if (match <= best) continue;
    best = match;
    closest = &range;
  }
  return closest;
}

/// What most clients say, that anything will do: the first offer, without taking the list apart.
bool takes_anything(const Request& request) {
  const auto accept = request.header("Accept");
  const auto is_accept = [](const HeaderView& header) { return iequals(header.name, "Accept"); };
  return !accept || (*accept == "*/*" && std::ranges::count_if(request.headers, is_accept) == 1);
}

}  // namespace

std::optional<std::string_view> negotiate(const Request& request,
                                          std::initializer_list<std::string_view> offers) {
  if (takes_anything(request)) return *offers.begin();
  const auto accept = request.header_list("Accept");
  if (!accept || trim(*accept).empty()) return *offers.begin();
  const std::vector<MediaRange> ranges = parse_accept(*accept);
  std::optional<std::string_view> best;
  const MediaRange* best_range = nullptr;
  for (const std::string_view offer : offers) {
    const MediaRange* range = range_for(offer, ranges);
    if (range == nullptr || range->quality <= 0) continue;
    const bool better = best_range == nullptr || range->quality > best_range->quality ||
                        (range->quality == best_range->quality && range < best_range);
    if (!better) continue;
    best = offer;
    best_range = range;
  }
  return best;
}

std::optional<std::string_view> content_type_of(const Request& request,
                                                std::initializer_list<std::string_view> types) {
  const auto field = request.header("Content-Type");
  const std::string_view sent =
      field ? trim(field->substr(0, field->find(';'))) : "application/json";
  for (const std::string_view type : types) {
    if (iequals(sent, type)) return type;
  }
  return std::nullopt;
}

}  // namespace baedal::http
