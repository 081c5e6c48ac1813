#pragma once

#include <string>
#include <string_view>

namespace baedal::http {

/// What clients are told apart by where they are bounded: an IPv4 address, or the /64 of an IPv6
/// one
/// ("2001:db8:0:1::/64"), of which whoever has one address has all. An IPv4 address that came as an
/// IPv6 one is itself. Text that is no address stays as it is.
[[nodiscard]] std::string client_network(std::string_view address);

}  // namespace baedal::http
