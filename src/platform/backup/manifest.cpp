#include "platform/backup/manifest.hpp"

#include <algorithm>
#include <filesystem>

#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"

namespace baedal::backup {
namespace {

/// Goes up when an older program could not restore what this one writes.
constexpr std::int64_t kFormat = 1;
constexpr json::ParseLimits kLimits{.depth_max = 4, .values_max = 1'000'000};

std::unexpected<Error> invalid(const std::string& what) {
  return fail(ErrorKind::kInvalid, "bad-manifest",
              "The backup's " + std::string(kManifestFile) + " " + what + ".");
}

const std::string* text_of(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value == nullptr ? nullptr : value->get<std::string>();
}

const std::int64_t* count_of(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  const auto* number = value == nullptr ? nullptr : value->get<std::int64_t>();
  return number != nullptr && *number >= 0 ? number : nullptr;
}

bool stays_inside(const std::filesystem::path& path) {
  const auto climbs = [](const std::filesystem::path& part) { return part == ".." || part == "."; };
  return !path.empty() && path.is_relative() && std::ranges::none_of(path, climbs);
}

Result<Entry> parse_entry(const json::Value& value) {
  const auto* object = value.get<json::Object>();
  if (object == nullptr) return invalid("is not understood");
  const std::string* path = text_of(*object, "path");
  const std::string* kind = text_of(*object, "kind");
  const std::string* sha256 = text_of(*object, "sha256");
  const std::int64_t* bytes = count_of(*object, "bytes");
  const std::int64_t* length = count_of(*object, "length");
  if (path == nullptr || kind == nullptr || sha256 == nullptr || bytes == nullptr ||
      length == nullptr || *length < *bytes) {
    return invalid("describes a file that is not understood");
  }
  if (!stays_inside(*path)) return invalid("names a file outside the folder: " + *path);
  return Entry{.path = *path,
               .kind = *kind,
               .length = static_cast<std::uint64_t>(*length),
               .digest = {static_cast<std::uint64_t>(*bytes), *sha256}};
}

void write_entry(json::Writer& out, const Entry& entry) {
  out.begin_object().name("path").string(entry.path).name("kind").string(entry.kind);
  out.name("bytes").integer(static_cast<std::int64_t>(entry.digest.bytes));
  out.name("length").integer(static_cast<std::int64_t>(entry.length));
  out.name("sha256").string(entry.digest.sha256).end_object();
}

}  // namespace

std::string to_json(const Manifest& manifest) {
  json::Writer out;
  out.begin_object().name("format").integer(kFormat);
  out.name("program").string(manifest.program).name("commit").string(manifest.commit);
  out.name("takenAt").string(manifest.taken_at.iso8601());
  out.name("files").begin_array();
  for (const Entry& entry : manifest.files) write_entry(out, entry);
  out.end_array().end_object();
  return out.take() + '\n';
}

Result<Manifest> parse_manifest(std::string_view text) {
  const auto parsed = json::parse(text, kLimits);
  const auto* object = parsed ? parsed->get<json::Object>() : nullptr;
  if (object == nullptr) return invalid("is damaged");
  const std::int64_t* format = count_of(*object, "format");
  if (format == nullptr) return invalid("is not understood");
  if (*format > kFormat) return invalid("was written by a newer program; restore it with that one");
  const std::string* program = text_of(*object, "program");
  const std::string* commit = text_of(*object, "commit");
  const std::string* taken_at = text_of(*object, "takenAt");
  const json::Value* files = object->find("files");
  const auto* list = files == nullptr ? nullptr : files->get<json::Array>();
  const auto time = Timestamp::parse_iso8601(taken_at == nullptr ? "" : *taken_at);
  if (program == nullptr || commit == nullptr || !time || list == nullptr) {
    return invalid("is not understood");
  }
  Manifest manifest{.program = *program, .commit = *commit, .taken_at = *time};
  for (const json::Value& value : *list) {
    auto entry = parse_entry(value);
    if (!entry) return pass_on(entry);
    manifest.files.push_back(std::move(*entry));
  }
  return manifest;
}

}  // namespace baedal::backup
