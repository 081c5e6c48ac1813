#include "platform/http/tcp_delivery.hpp"

// <linux/tcp.h> knows the counter; <netinet/tcp.h>, which Asio includes, defines the same struct
// without it. So this is a file of its own.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <limits>

namespace baedal::http {

std::uint64_t acknowledged_bytes(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  constexpr std::size_t kNeeded = offsetof(tcp_info, tcpi_bytes_acked) + sizeof(std::uint64_t);
  const bool known = ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && size >= kNeeded;
  return known ? info.tcpi_bytes_acked : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace baedal::http
