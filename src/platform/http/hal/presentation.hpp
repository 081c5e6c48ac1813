#pragma once

#include <string>

#include "kernel/json/parse.hpp"
#include "platform/http/hal/list_query.hpp"
#include "platform/http/hal/resource.hpp"
#include "platform/http/message.hpp"

namespace baedal::http::hal {

/// How answers look and how much may be asked for, chosen once per process (settings http.links,
/// http.representation, http.json-*, http.page-size-max).
struct Presentation {
  /// kForwarded: links carry the host the client used, so that it can follow them.
  /// kService: links carry the service's own name, http://order:8080, as the seed's did.
  enum class Links { kForwarded, kService };

  Links links = Links::kForwarded;
  bool original_only = false;  ///< render only the members the seed's answers had
  json::ParseLimits body{};    ///< of what a body may hold
  std::int64_t page_size_max = kPageSizeMax;

  /// "http://localhost:8080" or "http://order:8080".
  [[nodiscard]] std::string base(const ResourceType& type, const Request& request) const;
  void append_base(std::string& out, const ResourceType& type, const Request& request) const;
  [[nodiscard]] bool shows(const Property& property) const {
    return !original_only || property.original;
  }
  [[nodiscard]] bool shows(const Search& search) const { return !original_only || search.original; }
};

}  // namespace baedal::http::hal
