#include "platform/http/socket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "platform/http/socket_impl.hpp"
#include "platform/http/tcp_delivery.hpp"

namespace baedal::http {
namespace {

constexpr std::uint32_t kCanRead = EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR;
constexpr std::uint32_t kHasEnded = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
constexpr std::uint32_t kCanWrite = EPOLLOUT | EPOLLHUP | EPOLLERR;

bool must_wait() { return errno == EAGAIN || errno == EWOULDBLOCK; }

/// Hands over what the system takes; -1 and errno like send().
ssize_t send_parts(int fd, const std::array<std::string_view, 2>& parts) {
  if (parts[1].empty()) return ::send(fd, parts[0].data(), parts[0].size(), MSG_NOSIGNAL);
  std::array<iovec, 2> pieces{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    pieces[i] = {const_cast<char*>(parts[i].data()), parts[i].size()};
  }
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  return ::sendmsg(fd, &message, MSG_NOSIGNAL);
}

}  // namespace

int Socket::Impl::open(int connected) {
  fd = connected;
  const int on = 1;  // a peer that is gone already shows at the first read
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return poller.add(fd, *this);
}

void Socket::Impl::close() {
  poller.forget(fd, *this);
  if (tls && fd >= 0) tls->say_goodbye();
  if (fd >= 0) ::close(std::exchange(fd, -1));
}

void Socket::Impl::wake(std::uint32_t events) {
  if ((events & kCanRead) != 0) readable = true;
  if ((events & kHasEnded) != 0) ended = true;
  if ((events & kCanWrite) != 0) writable = true;
  // A session may have to read in order to write, and the other way round.
  if (tls && events != 0) readable = writable = true;
  const bool written = writer && (connecting ? finish_connect(events) : finish_write());
  const bool read = reader && try_read();
  const auto wrote = written ? std::exchange(writer, nullptr) : nullptr;
  const auto has_read = read ? std::exchange(reader, nullptr) : nullptr;
  // The last may be the end of this.
  if (wrote) wrote.resume();
  if (has_read) has_read.resume();
}

bool Socket::Impl::try_read() {
  bytes_read = 0;
  if (read_cancelled || fd < 0) return true;
  if (!readable) return false;
  if (tls) return try_read_secure();
  ssize_t got = 0;
  do {
    got = ::recv(fd, into.data(), into.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0 && must_wait()) {
    readable = false;
    return false;
  }
  if (got > 0) bytes_read = static_cast<std::size_t>(got);
  // Less than was asked for is all there was; more makes itself known.
  if (bytes_read < into.size()) readable = ended;
  return true;
}

/// More than one record may be there, so it is asked until there is none.
bool Socket::Impl::try_read_secure() {
  const TlsSession::State state = shaking_hands ? tls->shake_hands() : tls->read(into, bytes_read);
  readable = state != TlsSession::State::kWait;
  if (!readable) return false;
  shook_hands = shaking_hands && state == TlsSession::State::kDone;
  if (state == TlsSession::State::kEnded) bytes_read = 0;
  return true;
}

bool Socket::Impl::try_write_secure() {
  for (std::string_view& part : left) {
    while (!part.empty()) {
      const TlsSession::State state = tls->write(part);
      if (state == TlsSession::State::kDone) continue;
      writable = failed = state == TlsSession::State::kEnded;
      return failed;
    }
  }
  return true;
}

bool Socket::Impl::try_write() {
  if (tls) return try_write_secure();
  while (!left[0].empty() || !left[1].empty()) {
    const ssize_t sent = send_parts(fd, left);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && must_wait()) {
      writable = false;
      return false;
    }
    if (sent < 0) {
      failed = true;
      return true;
    }
    const std::size_t of_first = std::min(static_cast<std::size_t>(sent), left[0].size());
    left[0].remove_prefix(of_first);
    left[1].remove_prefix(static_cast<std::size_t>(sent) - of_first);
  }
  return true;
}

bool Socket::Impl::finish_write() { return failed || (writable && try_write()); }

bool Socket::Impl::finish_connect(std::uint32_t events) {
  if (!failed && (events & kCanWrite) == 0) return false;
  int error = 0;
  socklen_t size = sizeof error;
  failed = failed || ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0;
  connecting = false;
  return true;
}

void Socket::Impl::cancel() {
  if (reader) read_cancelled = true;
  if (writer) failed = true;
  if (reader || writer) poller.soon(*this);
}

Socket::Socket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Socket::Socket(boost::asio::io_context& loop) : impl_(std::make_unique<Impl>(Poller::of(loop))) {}
Socket::~Socket() = default;
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;

Socket::Connect Socket::connect(const std::string& address, std::uint16_t port) {
  return {*impl_, address, port};
}

Socket::Connect::Connect(Impl& impl, const std::string& address, std::uint16_t port) : impl_(impl) {
  const auto parsed = SocketAddress::parse(address, port);
  impl_.failed = !parsed;
  if (parsed) impl_.remote = *parsed;
}

bool Socket::Connect::await_ready() const {
  if (impl_.failed) return true;
  const int fd = ::socket(impl_.remote.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  impl_.failed = fd < 0;
  if (impl_.failed) return true;
  const bool connected = ::connect(fd, impl_.remote.data(), impl_.remote.size()) == 0;
  impl_.failed = !connected && errno != EINPROGRESS;
  impl_.connecting = !connected;
  // Only now: one that has not begun to connect counts as having ended.
  impl_.failed = impl_.open(fd) != 0 || impl_.failed;
  return impl_.failed || connected;
}

void Socket::Connect::await_suspend(std::coroutine_handle<> connector) { impl_.writer = connector; }

bool Socket::Connect::await_resume() const noexcept {
  impl_.connecting = false;
  return !impl_.failed;
}

Socket::ReadSome Socket::read_some(std::span<char> into) { return {*impl_, into}; }

void Socket::ReadSome::await_suspend(std::coroutine_handle<> reader) {
  impl_.reader = reader;
  impl_.into = into_;
  impl_.read_cancelled = false;
  // Not now: one that always has something must not keep the others from their turn.
  if (impl_.readable || impl_.fd < 0) impl_.poller.soon(impl_);
}

std::size_t Socket::ReadSome::await_resume() const noexcept { return impl_.bytes_read; }

Socket::WriteAll Socket::write_all(std::string_view first, std::string_view second) {
  impl_->left = {first, second};
  return WriteAll{*impl_};
}

bool Socket::WriteAll::await_ready() {
  impl_.failed = false;
  return impl_.try_write();
}

void Socket::WriteAll::await_suspend(std::coroutine_handle<> writer) { impl_.writer = writer; }

bool Socket::WriteAll::await_resume() const noexcept { return !impl_.failed; }

bool Socket::secure(const TlsContext& context) {
  impl_->tls = context.accept(impl_->fd);
  return impl_->tls != nullptr;
}

bool Socket::is_secure() const { return impl_->tls != nullptr; }

Socket::ShakeHands Socket::shake_hands() { return ShakeHands{*impl_}; }

void Socket::ShakeHands::await_suspend(std::coroutine_handle<> waiting) {
  impl_.reader = waiting;
  impl_.read_cancelled = false;
  impl_.shaking_hands = true;
  if (impl_.readable || impl_.fd < 0) impl_.poller.soon(impl_);
}

bool Socket::ShakeHands::await_resume() const noexcept {
  impl_.shaking_hands = false;
  return impl_.shook_hands && !impl_.read_cancelled && impl_.fd >= 0;
}

void Socket::cancel() { impl_->cancel(); }

void Socket::shutdown_send() {
  if (impl_->tls) impl_->tls->say_goodbye();
  ::shutdown(impl_->fd, SHUT_WR);
}

void Socket::close() {
  impl_->close();
  impl_->cancel();
}

bool Socket::is_open() const { return impl_->fd >= 0; }

bool Socket::is_quiet() const {
  if (impl_->tls && impl_->tls->has_bytes()) return false;
  char byte = 0;
  return ::recv(impl_->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && must_wait();
}

bool Socket::seems_quiet() const { return impl_->fd >= 0 && !impl_->readable; }

std::uint64_t Socket::acknowledged() const { return acknowledged_bytes(impl_->fd); }

std::string Socket::peer_address() const { return SocketAddress::peer(impl_->fd).ip(); }

std::string Socket::local_authority() const {
  const SocketAddress address = SocketAddress::local(impl_->fd);
  const std::string ip = address.ip();
  if (ip.empty()) return {};
  return (address.is_v6() ? "[" + ip + "]" : ip) + ":" + std::to_string(address.port());
}

}  // namespace baedal::http
