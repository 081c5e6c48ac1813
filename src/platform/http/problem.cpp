#include "platform/http/problem.hpp"

#include <chrono>
#include <string>

#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"
#include "kernel/timestamp.hpp"

namespace baedal::http {
namespace {

/// A path is echoed at most this far.
constexpr std::size_t kEchoBytesMax = 1024;

/// `text` made fit for JSON and logs: control characters, and every byte beyond ASCII when it is
/// not well-formed UTF-8, as %XX.
std::string harmless(std::string_view text) {
  const bool utf8 = utf8_length(text).has_value();
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F && (byte < 0x80 || utf8)) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

std::string now_iso8601() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
  return Timestamp{micros}.iso8601();
}

/// Appends `,"errors":[…]`. By hand, since invalid_value already is JSON text.
void append_field_errors(std::string& out, const std::vector<FieldError>& fields) {
  out += ",\"errors\":[";
  for (const FieldError& field : fields) {
    if (out.back() != '[') out += ',';
    out += "{\"property\":";
    json::append_string(out, harmless(field.property));
    if (!field.invalid_value.empty()) out.append(",\"invalidValue\":").append(field.invalid_value);
    out += ",\"message\":";
    json::append_string(out, harmless(field.message));
    out += '}';
  }
  out += ']';
}

Response document(int status, std::string_view code, std::string_view detail,
                  const Request& request, const std::vector<FieldError>& fields,
                  std::string_view extra) {
  const std::string path = harmless(request.path.substr(0, kEchoBytesMax));
  const std::string safe_detail = harmless(detail);
  const std::string_view reason = reason_phrase(status);
  json::Writer writer(json::Writer::Layout::kCompact);
  writer.begin_object();
  writer.name("type").string(code.empty() ? "about:blank" : "/problems/" + std::string{code});
  writer.name("title").string(reason);
  writer.name("status").integer(status);
  writer.name("detail").string(safe_detail);
  if (!path.empty()) writer.name("instance").string(path);
  if (!code.empty()) writer.name("code").string(code);
  writer.name("timestamp").string(now_iso8601());
  writer.name("error").string(reason);
  writer.name("message").string(safe_detail);
  writer.name("path").string(path);
  std::string body = writer.take();  // still without its closing brace
  if (!fields.empty()) append_field_errors(body, fields);
  if (!extra.empty()) body.append(",").append(extra);
  body += '}';
  return {status, "application/problem+json", std::move(body), {}};
}

/// Seconds to wait before a retry makes sense; 0: none to tell.
std::chrono::seconds retry_after(const Error& error) {
  if (error.retry_after.count() > 0) return error.retry_after;
  const bool passing = error.kind == ErrorKind::kOverloaded ||
                       error.kind == ErrorKind::kUnavailable ||
                       error.kind == ErrorKind::kIdempotencyInFlight;
  return std::chrono::seconds{passing ? 1 : 0};
}

}  // namespace

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalid:
      return 400;
    case ErrorKind::kNotFound:
      return 404;
    case ErrorKind::kConflict:
      return 409;
    case ErrorKind::kUnprocessable:
      return 422;
    case ErrorKind::kPreconditionFailed:
      return 412;
    case ErrorKind::kIdempotencyMismatch:
      return 422;
    case ErrorKind::kIdempotencyInFlight:
      return 409;
    case ErrorKind::kUnavailable:
      return 503;
    case ErrorKind::kOverloaded:
      return 503;
    case ErrorKind::kInternal:
      return 500;
  }
  return 500;
}

Response problem(const Error& error, const Request& request, std::string_view extra) {
  Response response =
      document(status_of(error.kind), error.code, error.detail, request, error.fields, extra);
  if (const auto wait = retry_after(error); wait.count() > 0) {
    response.with("Retry-After", std::to_string(wait.count()));
  }
  return response;
}

Response problem(int status, std::string_view code, std::string_view detail,
                 const Request& request) {
  return document(status, code, detail, request, {}, {});
}

}  // namespace baedal::http
