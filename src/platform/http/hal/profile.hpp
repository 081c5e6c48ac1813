#pragma once

#include <string>

#include "platform/http/hal/resource.hpp"

namespace baedal::http::hal {

/// The ALPS document of a collection (application/alps+json), laid out as Spring Data REST's.
[[nodiscard]] std::string alps(const ResourceType& type, const std::string& base);

/// The JSON Schema (draft 4) of an item (application/schema+json).
[[nodiscard]] std::string json_schema(const ResourceType& type);

}  // namespace baedal::http::hal
