#include "platform/http/socket_address.hpp"

#include <netinet/in.h>

#include <boost/asio/ip/tcp.hpp>
#include <cstring>

namespace baedal::http {
namespace {

using boost::asio::ip::tcp;

tcp::endpoint endpoint_of(const SocketAddress& address) {
  tcp::endpoint endpoint;
  if (address.size() == 0 || address.size() > endpoint.capacity()) return endpoint;
  endpoint.resize(address.size());
  std::memcpy(endpoint.data(), address.data(), address.size());
  return endpoint;
}

}  // namespace

std::optional<SocketAddress> SocketAddress::parse(const std::string& ip, std::uint16_t port) {
  boost::system::error_code error;
  const tcp::endpoint endpoint{boost::asio::ip::make_address(ip, error), port};
  if (error) return std::nullopt;
  SocketAddress address;
  std::memcpy(&address.storage_, endpoint.data(), endpoint.size());
  address.size_ = static_cast<socklen_t>(endpoint.size());
  return address;
}

SocketAddress SocketAddress::local(int fd) {
  SocketAddress address;
  address.size_ = sizeof address.storage_;
  auto* const raw = reinterpret_cast<sockaddr*>(&address.storage_);
  if (::getsockname(fd, raw, &address.size_) != 0) return {};
  return address;
}

SocketAddress SocketAddress::peer(int fd) {
  SocketAddress address;
  address.size_ = sizeof address.storage_;
  auto* const raw = reinterpret_cast<sockaddr*>(&address.storage_);
  if (::getpeername(fd, raw, &address.size_) != 0) return {};
  return address;
}

std::uint16_t SocketAddress::port() const { return endpoint_of(*this).port(); }

std::string SocketAddress::ip() const {
  return size_ == 0 ? std::string{} : endpoint_of(*this).address().to_string();
}

}  // namespace baedal::http
