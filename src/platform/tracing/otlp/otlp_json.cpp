#include "platform/tracing/otlp/otlp_json.hpp"

#include <algorithm>

#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"

namespace baedal::tracing {
namespace {

// By hand: a span is a kilobyte of which most never changes.

/// A collector refuses a whole batch for one string that is no UTF-8.
void append_text(std::string& out, std::string_view text) {
  if (utf8_length(text)) return json::append_string(out, text);
  std::string readable{text};
  std::ranges::replace_if(
      readable, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  json::append_string(out, readable);
}

/// `key` is a literal and needs no escaping.
void begin_attribute(std::string& out, std::string_view key) {
  if (out.back() != '[') out += ',';
  out.append(R"({"key":")").append(key).append(R"(","value":{)");
}

void append_attribute(std::string& out, std::string_view key, std::string_view text) {
  begin_attribute(out, key);
  out += R"("stringValue":)";
  append_text(out, text);
  out += "}}";
}

void append_attribute(std::string& out, const Attribute& attribute) {
  if (const auto* text = std::get_if<std::string>(&attribute.value)) {
    return append_attribute(out, attribute.key, *text);
  }
  begin_attribute(out, attribute.key);
  if (const auto* number = std::get_if<std::int64_t>(&attribute.value)) {
    out += R"("intValue":")";
    append_int(out, *number);
    out += "\"}}";
  } else {
    out.append(R"("boolValue":)").append(std::get<bool>(attribute.value) ? "true}}" : "false}}");
  }
}

void append_span(std::string& out, const Span& span) {
  const std::int64_t start = span.start.micros * 1'000;
  if (out.back() != '[') out += ',';
  out += R"({"traceId":")";
  span.context.trace_id.append_to(out);
  out += R"(","spanId":")";
  span.context.span_id.append_to(out);
  if (!span.tracestate.empty()) {
    out += R"(","traceState":)";
    json::append_string(out, span.tracestate);
    out.pop_back();
  }
  if (span.parent.valid()) {
    out += R"(","parentSpanId":")";
    span.parent.append_to(out);
  }
  out += R"(","flags":)";
  append_int(out, span.context.flags);
  out += R"(,"name":)";
  append_text(out, span.name);
  out += R"(,"kind":)";
  append_int(out, static_cast<int>(span.kind));
  out += R"(,"startTimeUnixNano":")";
  append_int(out, start);
  out += R"(","endTimeUnixNano":")";
  append_int(out, start + span.took.count());
  out += R"(","attributes":[)";
  for (const Attribute& attribute : span.attributes) append_attribute(out, attribute);
  out += span.failed ? R"(],"status":{"code":2}})" : R"(],"status":{}})";
}

}  // namespace

std::string otlp_json(const Resource& resource, std::span<const Span> spans) {
  constexpr std::size_t kSpanBytes = 1'200;  // or so
  std::string out;
  out.reserve(1'024 + spans.size() * kSpanBytes);
  out += R"({"resourceSpans":[{"resource":{"attributes":[)";
  for (const auto& [key, value] : resource.attributes) append_attribute(out, key, value);
  out += R"(]},"scopeSpans":[{"scope":{"name":"baedal","version":)";
  append_text(out, resource.scope_version);
  out += R"(},"spans":[)";
  for (const Span& span : spans) append_span(out, span);
  out += "]}]}]}";
  return out;
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
