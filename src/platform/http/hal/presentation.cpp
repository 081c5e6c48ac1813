#include "platform/http/hal/presentation.hpp"

namespace baedal::http::hal {

std::string Presentation::base(const ResourceType& type, const Request& request) const {
  std::string base;
  append_base(base, type, request);
  return base;
}

void Presentation::append_base(std::string& out, const ResourceType& type,
                               const Request& request) const {
  if (links == Links::kForwarded) {
    out += request.link_base;
  } else {
    out.append("http://").append(type.service).append(":8080");
  }
}

}  // namespace baedal::http::hal
