#include "platform/http/hal/item_form.hpp"

#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"
#include "kernel/timestamp.hpp"

namespace baedal::http::hal {
namespace {

/// What most values do not exceed; only a guess for the room that is reserved.
constexpr std::size_t kValueBytes = 24;

std::string new_line(std::size_t depth) { return "\n" + std::string(depth * 2, ' '); }

std::string name(std::string_view text, std::size_t depth) {
  return new_line(depth) + '"' + std::string{text} + "\" : ";
}

void append_value(std::string& out, PropertyType type, const json::Value& value) {
  if (const auto* integer = value.get<std::int64_t>()) {
    if (type != PropertyType::kTimestamp) return append_int(out, *integer);
    out += '"';
    Timestamp{*integer}.append_iso8601(out);
    out += '"';
  } else if (const auto* text = value.get<std::string>()) {
    json::append_string(out, *text);
  } else if (value.is_null()) {
    out += "null";
  } else {
    out += json::to_compact(value);
  }
}

}  // namespace

ItemForm::ItemForm(const ResourceType& type, const Presentation& presentation, std::size_t depth)
    : type_(type), path_("/" + std::string{type.collection} + "/") {
  std::string before = "{";
  for (std::size_t i = 0; i < type.properties.size(); ++i) {
    if (!presentation.shows(type.properties[i])) continue;
    members_.push_back({before + name(type.properties[i].name, depth + 1), i});
    before = ",";
  }
  const std::string end_of_link = new_line(depth + 2) + "}";
  before_self_ = before + name("_links", depth + 1) + "{" + name("self", depth + 2) + "{" +
                 name("href", depth + 3);
  before_item_ = end_of_link + "," + name(type.item, depth + 2) + "{" + name("href", depth + 3);
  end_ = end_of_link + new_line(depth + 1) + "}" + new_line(depth) + "}";
  for (const Member& member : members_) fixed_bytes_ += member.lead.size() + kValueBytes;
  fixed_bytes_ += before_self_.size() + before_item_.size() + end_.size() + 2 * path_.size();
}

void ItemForm::append_to(std::string& out, const Resource& item, std::string_view base) const {
  out.reserve(out.size() + fixed_bytes_ + 2 * (base.size() + kValueBytes));
  for (const auto& [lead, property] : members_) {
    out += lead;
    append_value(out, type_.properties[property].type, item.values[property]);
  }
  out += before_self_;
  const std::size_t href = out.size();
  json::append_string(out, base);
  out.pop_back();  // the closing quote: the link goes on
  out += path_;
  append_int(out, item.id);
  out += '"';
  const std::size_t length = out.size() - href;
  out += before_item_;
  out.append(out, href, length);
  out += end_;
}

}  // namespace baedal::http::hal
