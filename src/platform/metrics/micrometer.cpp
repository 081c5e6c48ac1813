#include "platform/metrics/micrometer.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "kernel/json/writer.hpp"
#include "platform/metrics/prometheus.hpp"

namespace baedal::metrics {
namespace {

bool carries(const Sample& sample, const Tags& tags) {
  return std::ranges::all_of(tags, [&](const auto& tag) {
    return std::ranges::find(sample.tags, tag) != sample.tags.end();
  });
}

struct Sums {
  double value = 0, count = 0, total = 0, max = 0;
};

void write_measurements(json::Writer& out, Kind kind, const Sums& sums) {
  const auto one = [&](std::string_view statistic, double value) {
    out.begin_object().name("statistic").string(statistic).name("value").number(value).end_object();
  };
  out.name("measurements").begin_array();
  switch (kind) {
    case Kind::kCounter:
      one("COUNT", sums.value);
      break;
    case Kind::kGauge:
      one("VALUE", sums.value);
      break;
    case Kind::kTimer:
      one("COUNT", sums.count);
      one("TOTAL_TIME", sums.total);
      one("MAX", sums.max);
      break;
    case Kind::kActiveTasks:
      one("ACTIVE_TASKS", sums.value);
      one("DURATION", sums.total);
      break;
  }
  out.end_array();
}

}  // namespace

std::string names_json(std::span<const Family> families) {
  json::Writer out{json::Writer::Layout::kCompact};
  out.begin_object().name("names").begin_array();
  for (const Family& family : families) out.string(family.name);
  out.end_array().end_object();
  return out.take();
}

std::optional<std::string> metric_json(std::span<const Family> families, std::string_view name,
                                       const Tags& tags) {
  const auto family = std::ranges::find_if(families, [&](const Family& candidate) {
    return candidate.name == name || prometheus_name(candidate) == name;
  });
  if (family == families.end()) return std::nullopt;

  Sums sums;
  bool any = false;
  std::map<std::string, std::set<std::string>> available;
  for (const Sample& sample : family->samples) {
    if (!carries(sample, tags)) continue;
    any = true;
    sums.value += sample.value;
    sums.count += static_cast<double>(sample.count);
    sums.total += sample.total_seconds;
    sums.max = std::max(sums.max, sample.max_seconds);
    for (const auto& tag : sample.tags) {
      if (std::ranges::find(tags, tag.first, [](const auto& t) { return t.first; }) == tags.end()) {
        available[tag.first].insert(tag.second);
      }
    }
  }
  if (!any) return std::nullopt;

  json::Writer out{json::Writer::Layout::kCompact};
  out.begin_object().name("name").string(family->name);
  if (!family->description.empty()) out.name("description").string(family->description);
  if (!family->unit.empty()) out.name("baseUnit").string(family->unit);
  write_measurements(out, family->kind, sums);
  out.name("availableTags").begin_array();
  for (const auto& [tag, values] : available) {
    out.begin_object().name("tag").string(tag).name("values").begin_array();
    for (const std::string& value : values) out.string(value);
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return out.take();
}

}  // namespace baedal::metrics
