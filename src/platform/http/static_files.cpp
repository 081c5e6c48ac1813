#include "platform/http/static_files.hpp"

#include <algorithm>
#include <optional>

#include "kernel/text.hpp"

namespace baedal::http {
namespace {

constexpr std::string_view kImmutableFolder = "/assets/";

/// The form of a file, and how it is named in Content-Encoding; empty: as it is.
struct Form {
  std::string_view coding;
  std::string_view bytes;
};

/// "0", "0.0", …: not wanted (RFC 9110 section 12.4.2).
bool is_zero(std::string_view quality) {
  return quality.starts_with('0') && quality.find_first_not_of("0.") == std::string_view::npos;
}

/// Whether one element of Accept-Encoding, such as "gzip;q=0.5", names `coding`, and allows it.
std::optional<bool> allows(std::string_view element, std::string_view coding) {
  const auto semicolon = element.find(';');
  if (!iequals(trim(element.substr(0, semicolon)), coding)) return std::nullopt;
  if (semicolon == std::string_view::npos) return true;
  const std::string_view parameter = trim(element.substr(semicolon + 1));
  if (parameter.size() < 2 || !iequals(parameter.substr(0, 2), "q=")) return true;
  return !is_zero(trim(parameter.substr(2)));
}

bool accepts(std::string_view accepted, std::string_view coding) {
  bool any = false;
  while (!accepted.empty()) {
    const auto comma = accepted.find(',');
    const std::string_view element = accepted.substr(0, comma);
    if (const auto named = allows(element, coding)) return *named;
    any = any || allows(element, "*").value_or(false);
    accepted = comma == std::string_view::npos ? std::string_view{} : accepted.substr(comma + 1);
  }
  return any;
}

Form form_for(const StaticFile& file, const Request& request) {
  const auto accepted = request.header_list("Accept-Encoding");
  if (accepted) {
    if (!file.brotli.empty() && accepts(*accepted, "br")) return {"br", file.brotli};
    if (!file.gzip.empty() && accepts(*accepted, "gzip")) return {"gzip", file.gzip};
  }
  return {{}, file.identity};
}

/// Each form has a tag of its own: they are different bytes.
std::string tag_of(const StaticFile& file, const Form& form) {
  std::string tag = "\"" + std::string{file.tag};
  if (!form.coding.empty()) tag.append("-").append(form.coding);
  return tag + "\"";
}

bool has_already(const Request& request, const std::string& tag) {
  const auto known = request.header_list("If-None-Match");
  return known && (trim(*known) == "*" || known->find(tag) != std::string::npos);
}

}  // namespace

bool is_immutable(const StaticFile& file) { return file.path.starts_with(kImmutableFolder); }

Response serve(const StaticFile& file, const Request& request) {
  const Form form = form_for(file, request);
  const std::string tag = tag_of(file, form);
  const bool unchanged = has_already(request, tag);
  Response response{.status = unchanged ? 304 : 200};
  response.with("ETag", tag);
  response.with("Vary", "Accept-Encoding");
  response.with("Cache-Control",
                is_immutable(file) ? "public, max-age=31536000, immutable" : "no-cache");
  if (unchanged) return response;
  response.content_type = file.content_type;
  if (!form.coding.empty()) response.with("Content-Encoding", std::string{form.coding});
  if (request.method == Method::kHead) {
    response.length = form.bytes.size();
  } else {
    response.body = form.bytes;
  }
  return response;
}

const StaticFile* find_file(std::span<const StaticFile> files, std::string_view path) {
  const auto found = std::ranges::lower_bound(files, path, {}, &StaticFile::path);
  return found != files.end() && found->path == path ? &*found : nullptr;
}

}  // namespace baedal::http
