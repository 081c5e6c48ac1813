#pragma once

#include <span>
#include <string_view>

#include "platform/http/router.hpp"

namespace baedal {

/// A file of api/, as it was when the program was built.
struct ApiDocument {
  std::string_view path;  ///< below api/: "openapi/baedal.yaml"
  std::string_view text;
};

/// All that are served; made by CMake.
[[nodiscard]] std::span<const ApiDocument> api_documents();

/// The text of the one at `path`, which must exist.
[[nodiscard]] std::string_view api_document(std::string_view path);

/// Serves them under the paths they have in the repository, so that their links to each other hold:
/// GET /api/openapi/baedal.yaml, /api/asyncapi.yaml, /api/events/{name}.
void add_document_routes(http::Router& router);

}  // namespace baedal
