#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "platform/http/poller.hpp"
#include "platform/http/socket.hpp"
#include "platform/http/socket_address.hpp"
#include "platform/http/socket_impl.hpp"

namespace baedal::http {

struct Listener::Impl final : Polled {
  explicit Impl(Poller& poller_of_loop) : poller(poller_of_loop) {}
  ~Impl() override { close(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void wake(std::uint32_t events) override {
    if (events != 0) waiting = true;
    if (acceptor && try_accept()) std::exchange(acceptor, nullptr).resume();
  }

  /// Whether it has a result: a connection, or an error.
  bool try_accept() {
    result = {};
    if (fd < 0) {
      result.error = ECANCELED;
      return true;
    }
    const int accepted = ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
      if (errno == EINTR) return try_accept();
      waiting = false;
      return false;
    }
    if (accepted < 0) {
      result.error = errno;
      return true;
    }
    auto socket = std::make_unique<Socket::Impl>(poller);
    result.error = socket->open(accepted);
    if (result.error == 0) result.socket.emplace(std::move(socket));
    return true;
  }

  /// False, and the result is why, when the loop takes no more.
  bool add() {
    if (added) return true;
    result = {};
    result.error = poller.add(fd, *this);
    added = result.error == 0;
    return added;
  }

  void close() {
    poller.forget(added ? fd : -1, *this);
    if (fd >= 0) ::close(std::exchange(fd, -1));
    if (acceptor) poller.soon(*this);
  }

  Poller& poller;
  int fd = -1;
  bool added = false;   ///< only by the first accept(): before, it is on no loop's thread
  bool waiting = true;  ///< there may be a connection to be accepted
  std::coroutine_handle<> acceptor;
  Accepted result;
};

namespace {

bool switch_option(int fd, int level, int name, int value) {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

/// False, with errno, at the first call that fails.
bool bind_and_listen(int fd, const SocketAddress& address, bool share_port) {
  return switch_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) &&
         (!share_port || switch_option(fd, SOL_SOCKET, SO_REUSEPORT, 1)) &&
         (!address.is_v6() || switch_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0)) &&
         ::bind(fd, address.data(), address.size()) == 0 && ::listen(fd, SOMAXCONN) == 0;
}

}  // namespace

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Listener::~Listener() = default;
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;

Result<Listener> Listener::open(boost::asio::io_context& loop, const std::string& address,
                                std::uint16_t port, bool share_port) {
  const auto parsed = SocketAddress::parse(address == "localhost" ? "127.0.0.1" : address, port);
  if (!parsed) {
    return fail(ErrorKind::kInvalid, "bad-address", "'" + address + "' is not an IP address.");
  }
  auto impl = std::make_unique<Impl>(Poller::of(loop));
  impl->fd = ::socket(parsed->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int error = impl->fd >= 0 && bind_and_listen(impl->fd, *parsed, share_port) ? 0 : errno;
  if (error != 0) {
    return fail(ErrorKind::kUnavailable, "cannot-listen",
                "Cannot listen on " + address + " port " + std::to_string(port) + ": " +
                    std::generic_category().message(error) + ".");
  }
  return Listener(std::move(impl));
}

std::uint16_t Listener::port() const { return SocketAddress::local(impl_->fd).port(); }

Listener::Accept Listener::accept() { return Accept{*impl_}; }

bool Listener::Accept::await_ready() const { return impl_.fd >= 0 && !impl_.add(); }

void Listener::Accept::await_suspend(std::coroutine_handle<> acceptor) {
  impl_.acceptor = acceptor;
  // One at a time: those who are here already must not wait for all who come.
  if (impl_.waiting || impl_.fd < 0) impl_.poller.soon(impl_);
}

Listener::Accepted Listener::Accept::await_resume() { return std::exchange(impl_.result, {}); }

std::optional<Socket> Listener::accept_waiting() {
  if (impl_->fd < 0 || !impl_->try_accept()) return std::nullopt;
  return std::exchange(impl_->result, {}).socket;
}

void Listener::close() { impl_->close(); }

bool Listener::is_open() const { return impl_->fd >= 0; }

}  // namespace baedal::http
