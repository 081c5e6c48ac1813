#include "platform/http/hal/profile.hpp"

#include "kernel/json/writer.hpp"

namespace baedal::http::hal {
namespace {

struct PageParameter {
  std::string_view name;
  std::string_view text;
};
constexpr PageParameter kPageParameters[] = {
    {"page", "The page to return."},
    {"size", "The size of the page to return."},
    {"sort", "The sorting criteria to use to calculate the content of the page."}};

std::string capitalised(std::string_view word) {
  std::string out{word};
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 32);
  return out;
}

/// "menuId" → "Menu id".
std::string title_of(std::string_view property) {
  std::string out;
  for (const char c : property) {
    if (c >= 'A' && c <= 'Z') {
      out += ' ';
      out += static_cast<char>(c + 32);
    } else {
      out += c;
    }
  }
  return capitalised(out);
}

void write_representation(json::Writer& out, const ResourceType& type, const std::string& base) {
  out.begin_object().name("id").string(std::string{type.item} + "-representation");
  out.name("href").string(base + "/profile/" + std::string{type.collection});
  out.name("descriptor").begin_array();
  for (const Property& property : type.properties) {
    out.begin_object()
        .name("name")
        .string(property.name)
        .name("type")
        .string("SEMANTIC")
        .end_object();
  }
  out.end_array().end_object();
}

void write_page_parameters(json::Writer& out) {
  out.name("descriptor").begin_array();
  for (const auto& [name, text] : kPageParameters) {
    out.begin_object().name("name").string(name).name("type").string("SEMANTIC");
    out.name("doc")
        .begin_object()
        .name("format")
        .string("TEXT")
        .name("value")
        .string(text)
        .end_object();
    out.end_object();
  }
  out.end_array();
}

void write_transition(json::Writer& out, const ResourceType& type, std::string_view verb,
                      std::string_view name, std::string_view kind, bool paged) {
  out.begin_object().name("id").string(std::string{verb} + "-" + std::string{name});
  out.name("name").string(name).name("type").string(kind);
  if (paged) write_page_parameters(out);
  out.name("rt").string("#" + std::string{type.item} + "-representation").end_object();
}

void write_search(json::Writer& out, const Search& search) {
  out.begin_object().name("name").string(search.name).name("type").string("SAFE");
  out.name("descriptor").begin_array();
  out.begin_object()
      .name("name")
      .string(search.parameter)
      .name("type")
      .string("SEMANTIC")
      .end_object();
  out.end_array().end_object();
}

std::string_view schema_type(PropertyType type) {
  switch (type) {
    case PropertyType::kInteger:
      return "integer";
    case PropertyType::kBoolean:
      return "boolean";
    case PropertyType::kText:
    case PropertyType::kTimestamp:
      return "string";
  }
  return "string";
}

}  // namespace

std::string alps(const ResourceType& type, const std::string& base) {
  json::Writer out;
  out.begin_object().name("alps").begin_object().name("version").string("1.0");
  out.name("descriptor").begin_array();
  write_representation(out, type, base);
  write_transition(out, type, "get", type.collection, "SAFE", true);
  if (type.creatable) write_transition(out, type, "create", type.collection, "UNSAFE", false);
  write_transition(out, type, "get", type.item, "SAFE", false);
  if (type.replaceable) write_transition(out, type, "update", type.item, "IDEMPOTENT", false);
  if (type.patchable) write_transition(out, type, "patch", type.item, "UNSAFE", false);
  if (type.erasable) write_transition(out, type, "delete", type.item, "IDEMPOTENT", false);
  for (const Search& search : type.searches) write_search(out, search);
  return out.end_array().end_object().end_object().take();
}

std::string json_schema(const ResourceType& type) {
  json::Writer out;
  out.begin_object().name("title").string(capitalised(type.item)).name("properties").begin_object();
  for (const Property& property : type.properties) {
    out.name(property.name).begin_object().name("title").string(title_of(property.name));
    out.name("readOnly").boolean(!property.writable);
    out.name("type").string(schema_type(property.type));
    if (property.type == PropertyType::kTimestamp) out.name("format").string("date-time");
    out.end_object();
  }
  out.end_object().name("definitions").begin_object().end_object().name("type").string("object");
  return out.name("$schema").string("http://json-schema.org/draft-04/schema#").end_object().take();
}

}  // namespace baedal::http::hal
