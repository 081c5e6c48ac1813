#include "platform/http/hal/presentation.hpp"

namespace baedal::http::hal {

std::string Presentation::base(const ResourceType& type, const Request& request) const {
  if (links == Links::kForwarded) return request.link_base;
  std::string base = "http://";
  base += type.service;
  base += ":8080";
  return base;
}

}  // namespace baedal::http::hal
