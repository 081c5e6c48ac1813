#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>

namespace baedal::http {

/// The address of one side of a TCP connection, as the system takes it.
class SocketAddress {
 public:
  SocketAddress() = default;
  /// Of a textual IP address; nullopt when it is none.
  [[nodiscard]] static std::optional<SocketAddress> parse(const std::string& ip,
                                                          std::uint16_t port);
  /// Of this side, and of the other one, of a socket; port 0 and no text on failure.
  [[nodiscard]] static SocketAddress local(int fd);
  [[nodiscard]] static SocketAddress peer(int fd);

  [[nodiscard]] const sockaddr* data() const {
    return reinterpret_cast<const sockaddr*>(&storage_);
  }
  [[nodiscard]] socklen_t size() const { return size_; }
  [[nodiscard]] bool is_v6() const { return storage_.ss_family == AF_INET6; }
  [[nodiscard]] int family() const { return storage_.ss_family; }
  [[nodiscard]] std::uint16_t port() const;
  /// "127.0.0.1", "::1".
  [[nodiscard]] std::string ip() const;

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

}  // namespace baedal::http
