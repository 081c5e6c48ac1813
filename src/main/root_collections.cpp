#include "main/root_collections.hpp"

#include <algorithm>

#include "services/delivery/module.hpp"
#include "services/menu/module.hpp"
#include "services/mypage/module.hpp"
#include "services/order/module.hpp"
#include "services/payment/module.hpp"

namespace baedal {

std::vector<const http::hal::ResourceType*> root_collections(const std::vector<ServiceHost>& hosts,
                                                             bool with_gateway) {
  std::vector<const http::hal::ResourceType*> types{
      &menu::resource_type(), &order::resource_type(), &payment::resource_type(),
      &delivery::resource_type(), &mypage::resource_type()};
  if (!with_gateway) {
    std::erase_if(types, [&](const http::hal::ResourceType* type) {
      return std::ranges::find(hosts, type->service, &ServiceHost::name) == hosts.end();
    });
  }
  std::ranges::sort(types, {}, &http::hal::ResourceType::collection);
  return types;
}

}  // namespace baedal
