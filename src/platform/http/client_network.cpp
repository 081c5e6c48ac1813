#include "platform/http/client_network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace baedal::http {
namespace {

constexpr std::size_t kNetworkBytes = 8;

std::string text_of(int family, const void* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* const written =
      ::inet_ntop(family, bytes, text.data(), static_cast<socklen_t>(text.size()));
  return written == nullptr ? std::string{} : std::string{written};
}

}  // namespace

std::string client_network(std::string_view address) {
  std::string text{address};
  if (text.find(':') == std::string::npos) return text;
  in6_addr v6{};
  if (::inet_pton(AF_INET6, text.c_str(), &v6) != 1) return text;
  auto* const bytes = reinterpret_cast<unsigned char*>(&v6);
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return text_of(AF_INET, bytes + 12);
  std::fill(bytes + kNetworkBytes, bytes + sizeof v6, static_cast<unsigned char>(0));
  return text_of(AF_INET6, bytes) + "/64";
}

}  // namespace baedal::http
