#include "platform/http/hal/negotiate.hpp"

#include <charconv>
#include <string>

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
    if (parameter.size() < 3 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=') continue;
    double quality = 0;
    std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), quality);
    range.quality = quality;
  }
  return range;
}

bool covers(std::string_view range, std::string_view type) {
  if (range == "*/*" || range == "*") return true;
  if (range.ends_with("/*")) {
    const std::string_view prefix = range.substr(0, range.size() - 1);
    return type.size() > prefix.size() && iequals(type.substr(0, prefix.size()), prefix);
  }
  return iequals(range, type);
}

}  // namespace

std::optional<std::string_view> negotiate(const Request& request,
                                          std::initializer_list<std::string_view> offers) {
  const auto accept = request.header("Accept");
  if (!accept || trim(*accept).empty()) return *offers.begin();
  const std::string all = *request.header_list("Accept");
  std::string_view list = all;
  std::optional<std::string_view> best;
  double best_quality = 0;
  while (!list.empty()) {
    const MediaRange range = next_range(list);
    if (range.quality <= best_quality) continue;  // earlier and at least as good wins
    for (const std::string_view offer : offers) {
      if (!covers(range.type, offer)) continue;
      best = offer;
      best_quality = range.quality;
      break;
    }
  }
  return best;
}

std::optional<std::string_view> content_type_of(const Request& request,
                                                std::initializer_list<std::string_view> types) {
  const auto field = request.header("Content-Type");
  const std::string_view sent = field ? trim(field->substr(0, field->find(';'))) : "application/json";
  for (const std::string_view type : types) {
    if (iequals(sent, type)) return type;
  }
  return std::nullopt;
}

}  // namespace baedal::http
