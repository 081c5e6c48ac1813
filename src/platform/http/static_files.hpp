#pragma once

#include <span>
#include <string>
#include <string_view>

#include "platform/http/message.hpp"

namespace baedal::http {

/// A file that is served as it was built: its bytes lie in the program, compressed already. All
/// views last as long as the program.
struct StaticFile {
  std::string_view path;          ///< "/assets/index-4f0c.js"
  std::string_view content_type;  ///< "text/javascript; charset=utf-8"
  std::string_view tag;           ///< of its content, for ETag, without quotes
  std::string_view identity;      ///< as it is
  std::string_view gzip;          ///< empty: not smaller than as it is
  std::string_view brotli;        ///< the same
};

/// Whether the name of a file of that path changes with its content: then it may be kept for ever.
[[nodiscard]] bool is_immutable(const StaticFile& file);

/// The file in the smallest form the client accepts, or 304 when it has that form already. HEAD
/// gets the same without the bytes. Adds ETag, Vary and Cache-Control; the rest is the caller's.
[[nodiscard]] Response serve(const StaticFile& file, const Request& request);

/// nullptr when there is none of that path. `files` are sorted by path.
[[nodiscard]] const StaticFile* find_file(std::span<const StaticFile> files, std::string_view path);

}  // namespace baedal::http
