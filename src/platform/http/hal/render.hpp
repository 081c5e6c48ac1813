#pragma once

#include <string>

#include "platform/http/hal/presentation.hpp"
#include "platform/http/hal/resource.hpp"

namespace baedal::http::hal {

/// One item as a HAL document: properties, then `_links` with self and the item relation.
[[nodiscard]] std::string render_item(const ResourceType& type, const Resource& item,
                                      const Presentation& presentation, const std::string& base);

/// The members of an item without links: what a patch is applied to.
[[nodiscard]] json::Object to_object(const ResourceType& type, const Resource& item);

struct CollectionView {
  const ResourceType& type;
  const ResourcePage& page;
  const ListQuery& query;
  const Request& request;
  const Presentation& presentation;
  bool links_only = false;  ///< application/x-spring-data-compact+json
};

/// A list: `_embedded`, `_links` (first, prev, self, next, last, profile, search), `page`.
[[nodiscard]] std::string render_collection(const CollectionView& view);

/// The hits of a search: `_embedded`, `_links` with self, and next when there are more.
[[nodiscard]] std::string render_search_hits(const CollectionView& view);

/// One href per line (text/uri-list).
[[nodiscard]] std::string render_uri_list(const CollectionView& view);

}  // namespace baedal::http::hal
