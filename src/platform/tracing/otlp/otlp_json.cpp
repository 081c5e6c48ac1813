#include "platform/tracing/otlp/otlp_json.hpp"

#include <algorithm>

#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"

namespace baedal::tracing {
namespace {

using json::Writer;

/// A collector refuses a whole batch for one string that is no UTF-8.
std::string readable(std::string_view text) {
  std::string out{text};
  if (utf8_length(text)) return out;
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return out;
}

void write_text(Writer& out, std::string_view key, std::string_view text) {
  out.begin_object().name("key").string(key).name("value").begin_object();
  out.name("stringValue").string(readable(text)).end_object().end_object();
}

void write_attribute(Writer& out, const Attribute& attribute) {
  if (const auto* text = std::get_if<std::string>(&attribute.value)) {
    return write_text(out, attribute.key, *text);
  }
  out.begin_object().name("key").string(attribute.key).name("value").begin_object();
  if (const auto* number = std::get_if<std::int64_t>(&attribute.value)) {
    out.name("intValue").string(std::to_string(*number));
  } else {
    out.name("boolValue").boolean(std::get<bool>(attribute.value));
  }
  out.end_object().end_object();
}

void write_span(Writer& out, const Span& span) {
  constexpr int kStatusError = 2;
  const std::int64_t start = span.start.micros * 1'000;
  out.begin_object();
  out.name("traceId").string(span.context.trace_id.text());
  out.name("spanId").string(span.context.span_id.text());
  if (!span.tracestate.empty()) out.name("traceState").string(span.tracestate);
  if (span.parent.valid()) out.name("parentSpanId").string(span.parent.text());
  out.name("flags").integer(span.context.flags);
  out.name("name").string(readable(span.name));
  out.name("kind").integer(static_cast<int>(span.kind));
  out.name("startTimeUnixNano").string(std::to_string(start));
  out.name("endTimeUnixNano").string(std::to_string(start + span.took.count()));
  out.name("attributes").begin_array();
  for (const Attribute& attribute : span.attributes) write_attribute(out, attribute);
  out.end_array().name("status").begin_object();
  if (span.failed) out.name("code").integer(kStatusError);
  out.end_object().end_object();
}

}  // namespace

std::string otlp_json(const Resource& resource, std::span<const Span> spans) {
  Writer out(Writer::Layout::kCompact);
  out.begin_object().name("resourceSpans").begin_array().begin_object();
  out.name("resource").begin_object().name("attributes").begin_array();
  for (const auto& [key, value] : resource.attributes) write_text(out, key, value);
  out.end_array().end_object().name("scopeSpans").begin_array().begin_object();
  out.name("scope").begin_object().name("name").string("baedal");
  out.name("version").string(resource.scope_version).end_object();
  out.name("spans").begin_array();
  for (const Span& span : spans) write_span(out, span);
  out.end_array().end_object().end_array().end_object().end_array().end_object();
  return out.take();
}

std::uint64_t rejected_spans(std::string_view answer) {
  const auto body = json::parse(answer);
  const auto* object = body ? body->get<json::Object>() : nullptr;
  const json::Value* partial = object != nullptr ? object->find("partialSuccess") : nullptr;
  const auto* members = partial != nullptr ? partial->get<json::Object>() : nullptr;
  const json::Value* rejected = members != nullptr ? members->find("rejectedSpans") : nullptr;
  if (rejected == nullptr) return 0;
  // A 64-bit integer is a string in proto3's JSON, and a number with many who write it.
  const auto* text = rejected->get<std::string>();
  const auto* number = rejected->get<std::int64_t>();
  const std::int64_t count = text != nullptr     ? parse_int64(*text).value_or(0)
                             : number != nullptr ? *number
                                                 : 0;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0));
}

}  // namespace baedal::tracing
