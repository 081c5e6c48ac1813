#pragma once

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace baedal::http {

/// The raw bytes of one TCP connection to this machine, for tests. Every wait ends after a bound
/// far beyond what a working server needs.
class Wire {
 public:
  Wire() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval bound{30, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
  }
  explicit Wire(std::uint16_t port) : Wire() { connect(port); }
  ~Wire() { close(); }
  Wire(Wire&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), unread_(std::move(other.unread_)) {}
  Wire& operator=(Wire&&) = delete;

  bool connect(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  /// False when the other side no longer takes it all.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Sends of `bytes` what the other side and the systems in between take; how much that was. Over
  /// when nothing more was taken for a while.
  [[nodiscard]] std::size_t send_until_stuck(std::string_view bytes) const {
    const timeval patience{0, 200'000};
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    std::size_t all = 0;
    while (all < bytes.size()) {
      const ssize_t sent = ::send(fd_, bytes.data() + all, bytes.size() - all, MSG_NOSIGNAL);
      if (sent <= 0) break;
      all += static_cast<std::size_t>(sent);
    }
    const timeval bound{30, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
    return all;
  }

  /// Whether all that was sent is with the other side's system.
  [[nodiscard]] bool has_arrived() const {
    int on_its_way = 0;
    return ::ioctl(fd_, SIOCOUTQ, &on_its_way) == 0 && on_its_way == 0;
  }

  void end_sending() const { ::shutdown(fd_, SHUT_WR); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  /// The next answer, head and body, as Content-Length says; less when the connection ends first.
  std::string answer(bool has_body = true) {
    std::size_t head = std::string::npos;
    while ((head = unread_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return std::exchange(unread_, {});
    }
    std::size_t size = head + 4;
    const std::size_t length = unread_.substr(0, head).find("Content-Length: ");
    if (has_body && length != std::string::npos) {
      size += std::strtoul(unread_.c_str() + length + 16, nullptr, 10);
    }
    while (unread_.size() < size && receive()) {
    }
    std::string bytes = unread_.substr(0, size);
    unread_.erase(0, bytes.size());
    return bytes;
  }

  /// What comes up to and with `end`; less when the connection ends first.
  std::string until(std::string_view end) {
    std::size_t at = std::string::npos;
    while ((at = unread_.find(end)) == std::string::npos) {
      if (!receive()) return std::exchange(unread_, {});
    }
    std::string bytes = unread_.substr(0, at + end.size());
    unread_.erase(0, bytes.size());
    return bytes;
  }

  /// All that comes until the server closes.
  std::string until_closed() {
    while (receive()) {
    }
    return std::exchange(unread_, {});
  }

 private:
  bool receive() {
    std::array<char, 16384> bytes{};
    const ssize_t got = ::recv(fd_, bytes.data(), bytes.size(), 0);
    if (got <= 0) return false;
    unread_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  std::string unread_;
};

/// The status of an answer; 0 when it is none.
inline int status_of_answer(const std::string& bytes) {
  return bytes.starts_with("HTTP/1.1 ") ? std::atoi(bytes.c_str() + 9) : 0;
}

/// `bytes` with the value of Date as "…", to be compared.
inline std::string without_date(std::string bytes) {
  const std::size_t at = bytes.find("\r\nDate: ");
  if (at != std::string::npos) bytes.replace(at + 8, bytes.find("\r\n", at + 2) - at - 8, "…");
  return bytes;
}

}  // namespace baedal::http
