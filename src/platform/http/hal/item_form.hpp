#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/http/hal/presentation.hpp"
#include "platform/http/hal/resource.hpp"

namespace baedal::http::hal {

/// The fixed text of a collection's items - braces, names, blanks, link relations - laid out once,
/// so that an answer is these pieces with the values between them, appended to one string. Byte for
/// byte what json::Writer makes of the same item, at a fraction of its instructions. Immutable; any
/// thread. `type` must outlive it.
class ItemForm {
 public:
  /// `depth`: how many objects the item stands in: 0 alone, 2 in a list's `_embedded`.
  ItemForm(const ResourceType& type, const Presentation& presentation, std::size_t depth = 0);

  /// Appends the item, its links below `base` ("http://localhost:8080"). Allocates at most once.
  void append_to(std::string& out, const Resource& item, std::string_view base) const;

 private:
  char* put_item(char* at, const Resource& item, std::string_view base) const;

  struct Member {
    std::string lead;  ///< all that stands between the value before and this one
    std::size_t property;
  };

  struct Link {
    std::string lead;
    std::string end;
  };

  const ResourceType& type_;
  std::vector<Member> members_;
  std::string before_self_, before_item_, end_;
  std::vector<Link> links_;  ///< of ResourceType::item_links, when they are shown
  std::string path_;         ///< "/orders/"
  std::size_t fixed_bytes_ = 0;
};

}  // namespace baedal::http::hal
