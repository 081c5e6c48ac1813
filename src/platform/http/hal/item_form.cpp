#include "platform/http/hal/item_form.hpp"

#include "kernel/json/writer.hpp"
#include "kernel/put_text.hpp"

namespace baedal::http::hal {
namespace {

constexpr std::size_t kQuotes = 2;

std::string new_line(std::size_t depth) { return "\n" + std::string(depth * 2, ' '); }

std::string name(std::string_view text, std::size_t depth) {
  return new_line(depth) + '"' + std::string{text} + "\" : ";
}

/// What put_value() needs at most.
std::size_t room_of(const json::Value& value) {
  if (value.is_null() || value.get<std::int64_t>() != nullptr) return kIso8601Room + kQuotes;
  if (const auto* text = value.get<std::string>()) return json::string_room(*text);
  return json::to_compact(value).size();
}

char* put_value(char* at, PropertyType type, const json::Value& value) {
  if (value.is_null()) return put(at, "null");
  if (const auto* text = value.get<std::string>()) return json::put_string(at, *text);
  const auto* integer = value.get<std::int64_t>();
  if (integer == nullptr) return put(at, json::to_compact(value));
  if (type != PropertyType::kTimestamp) return put_int(at, *integer);
  return put(put_iso8601(put(at, "\""), Timestamp{*integer}), "\"");
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
  // In a list it would only be long: who wants it asks for the item.
  if (depth == 0 && !presentation.original_only) {
    for (const std::string_view rel : type.item_links) {
      links_.push_back({end_of_link + "," + name(rel, depth + 2) + "{" + name("href", depth + 3),
                        "/" + std::string{rel} + '"'});
      fixed_bytes_ += links_.back().lead.size() + links_.back().end.size() + path_.size();
    }
  }
  for (const Member& member : members_) fixed_bytes_ += member.lead.size();
  fixed_bytes_ += before_self_.size() + before_item_.size() + end_.size() + 2 * path_.size();
}

void ItemForm::append_to(std::string& out, const Resource& item, std::string_view base) const {
  std::size_t room =
      out.size() + fixed_bytes_ + (2 + links_.size()) * (json::string_room(base) + kIntRoom);
  for (const Member& member : members_) room += room_of(item.values[member.property]);
  const std::size_t begin = out.size();
  out.resize_and_overwrite(room, [&](char* text, std::size_t) {
    return static_cast<std::size_t>(put_item(text + begin, item, base) - text);
  });
}

char* ItemForm::put_item(char* at, const Resource& item, std::string_view base) const {
  for (const auto& [lead, property] : members_) {
    at = put_value(put(at, lead), type_.properties[property].type, item.values[property]);
  }
  char* const href = put(at, before_self_);
  at = json::put_string(href, base) - 1;  // over the closing quote: the link goes on
  at = put(put_int(put(at, path_), item.id), "\"");
  const std::string_view link(href, static_cast<std::size_t>(at - href));
  at = put(put(at, before_item_), link);
  for (const auto& [lead, end] : links_) {
    at = put(put(at, lead), link) - 1;  // over the closing quote, once more
    at = put(at, end);
  }
  return put(at, end_);
}

}  // namespace baedal::http::hal
