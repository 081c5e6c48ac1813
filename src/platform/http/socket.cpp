#include "platform/http/socket.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <utility>

#include "platform/http/tcp_delivery.hpp"

namespace baedal::http {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
/// The concrete executor: the type-erased any_io_executor costs on every operation.
using LoopExecutor = asio::io_context::executor_type;
using TcpSocket = asio::basic_stream_socket<tcp, LoopExecutor>;
using TcpAcceptor = asio::basic_socket_acceptor<tcp, LoopExecutor>;

struct Socket::Impl {
  explicit Impl(TcpSocket connected) : tcp_socket(std::move(connected)) { prepare(); }
  explicit Impl(asio::io_context& loop) : tcp_socket(loop.get_executor()) {}

  void prepare() {
    error_code ignored;  // a peer that is gone already shows at the first read
    tcp_socket.set_option(tcp::no_delay(true), ignored);
    tcp_socket.non_blocking(true, ignored);
  }

  /// Drops what was written from the front of what is left.
  void written(std::size_t bytes) {
    const std::size_t of_first = std::min(bytes, left[0].size());
    left[0].remove_prefix(of_first);
    left[1].remove_prefix(bytes - of_first);
  }
  [[nodiscard]] bool all_written() const { return left[0].empty() && left[1].empty(); }
  [[nodiscard]] std::array<asio::const_buffer, 2> buffers() const {
    return {asio::buffer(left[0]), asio::buffer(left[1])};
  }

  void write_on() {
    tcp_socket.async_write_some(buffers(), [this](error_code error, std::size_t bytes) {
      written(bytes);
      if (!error && !all_written()) return write_on();
      failed = static_cast<bool>(error);
      std::exchange(writer, nullptr).resume();
    });
  }

  TcpSocket tcp_socket;
  std::coroutine_handle<> reader;
  std::coroutine_handle<> writer;
  tcp::endpoint remote;
  std::size_t bytes_read = 0;
  std::array<std::string_view, 2> left;  ///< still to write
  bool failed = false;
};

Socket::Socket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Socket::Socket(asio::io_context& loop) : impl_(std::make_unique<Impl>(loop)) {}
Socket::~Socket() = default;
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;

Socket::Connect Socket::connect(const std::string& address, std::uint16_t port) {
  return {*impl_, address, port};
}

Socket::Connect::Connect(Impl& impl, const std::string& address, std::uint16_t port) : impl_(impl) {
  error_code error;
  impl_.remote = {asio::ip::make_address(address, error), port};
  impl_.failed = static_cast<bool>(error);
}

bool Socket::Connect::await_ready() const noexcept { return impl_.failed; }

void Socket::Connect::await_suspend(std::coroutine_handle<> connector) {
  impl_.writer = connector;
  impl_.tcp_socket.async_connect(impl_.remote, [impl = &impl_](error_code error) {
    impl->failed = static_cast<bool>(error);
    if (!impl->failed) impl->prepare();
    std::exchange(impl->writer, nullptr).resume();
  });
}

bool Socket::Connect::await_resume() const noexcept { return !impl_.failed; }

Socket::ReadSome Socket::read_some(std::span<char> into) { return {*impl_, into}; }

void Socket::ReadSome::await_suspend(std::coroutine_handle<> reader) {
  impl_.reader = reader;
  impl_.tcp_socket.async_read_some(asio::buffer(into_.data(), into_.size()),
                                   [impl = &impl_](error_code error, std::size_t bytes) {
                                     impl->bytes_read = error ? 0 : bytes;
                                     std::exchange(impl->reader, nullptr).resume();
                                   });
}

std::size_t Socket::ReadSome::await_resume() const noexcept { return impl_.bytes_read; }

Socket::WriteAll Socket::write_all(std::string_view first, std::string_view second) {
  impl_->left = {first, second};
  return WriteAll{*impl_};
}

bool Socket::WriteAll::await_ready() {
  error_code error;
  impl_.written(impl_.tcp_socket.write_some(impl_.buffers(), error));
  impl_.failed = error && error != asio::error::would_block;
  return impl_.failed || impl_.all_written();
}

void Socket::WriteAll::await_suspend(std::coroutine_handle<> writer) {
  impl_.writer = writer;
  impl_.write_on();
}

bool Socket::WriteAll::await_resume() const noexcept { return !impl_.failed; }

void Socket::cancel() {
  error_code ignored;
  impl_->tcp_socket.cancel(ignored);
}

void Socket::shutdown_send() {
  error_code ignored;
  impl_->tcp_socket.shutdown(tcp::socket::shutdown_send, ignored);
}

void Socket::close() {
  error_code ignored;
  impl_->tcp_socket.close(ignored);
}

bool Socket::is_open() const { return impl_->tcp_socket.is_open(); }

bool Socket::is_quiet() const {
  char byte = 0;
  const auto fd = impl_->tcp_socket.native_handle();
  const auto got = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

std::uint64_t Socket::acknowledged() const {
  return acknowledged_bytes(impl_->tcp_socket.native_handle());
}

std::string Socket::peer_address() const {
  error_code error;
  const auto endpoint = impl_->tcp_socket.remote_endpoint(error);
  return error ? std::string{} : endpoint.address().to_string();
}

std::string Socket::local_authority() const {
  error_code error;
  const auto endpoint = impl_->tcp_socket.local_endpoint(error);
  if (error) return {};
  const std::string address = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

struct Listener::Impl {
  explicit Impl(asio::io_context& loop) : acceptor(loop.get_executor()) {}

  TcpAcceptor acceptor;
  std::coroutine_handle<> waiter;
  std::optional<TcpSocket> accepted;
  int error = 0;
};

namespace {

/// SO_REUSEPORT, which Asio does not name, as one of its socket options.
class SharePort {
 public:
  template <class Protocol>
  int level(const Protocol&) const {
    return SOL_SOCKET;
  }
  template <class Protocol>
  int name(const Protocol&) const {
    return SO_REUSEPORT;
  }
  template <class Protocol>
  const void* data(const Protocol&) const {
    return &on_;
  }
  template <class Protocol>
  std::size_t size(const Protocol&) const {
    return sizeof on_;
  }

 private:
  int on_ = 1;
};

/// The first call that fails ends it.
error_code bind_and_listen(TcpAcceptor& acceptor, const tcp::endpoint& endpoint, bool share_port) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && share_port) acceptor.set_option(SharePort{}, error);
  if (!error && endpoint.protocol() == tcp::v6()) {
    acceptor.set_option(asio::ip::v6_only(false), error);
  }
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  return error;
}

}  // namespace

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Listener::~Listener() = default;
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;

Result<Listener> Listener::open(asio::io_context& loop, const std::string& address,
                                std::uint16_t port, bool share_port) {
  error_code error;
  const auto ip = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
  if (error) {
    return fail(ErrorKind::kInvalid, "bad-address", "'" + address + "' is not an IP address.");
  }
  auto impl = std::make_unique<Impl>(loop);
  error = bind_and_listen(impl->acceptor, {ip, port}, share_port);
  if (error) {
    return fail(ErrorKind::kUnavailable, "cannot-listen",
                "Cannot listen on " + address + " port " + std::to_string(port) + ": " +
                    error.message() + ".");
  }
  return Listener(std::move(impl));
}

std::uint16_t Listener::port() const {
  error_code ignored;
  return impl_->acceptor.local_endpoint(ignored).port();
}

Listener::Accept Listener::accept() { return Accept{*impl_}; }

void Listener::Accept::await_suspend(std::coroutine_handle<> acceptor) {
  impl_.waiter = acceptor;
  impl_.acceptor.async_accept([impl = &impl_](error_code error, TcpSocket socket) {
    impl->error = error.value();
    impl->accepted.reset();
    if (!error) impl->accepted.emplace(std::move(socket));
    std::exchange(impl->waiter, nullptr).resume();
  });
}

Listener::Accepted Listener::Accept::await_resume() {
  Accepted result;
  result.error = impl_.error;
  if (impl_.accepted) {
    result.socket.emplace(std::make_unique<Socket::Impl>(std::move(*impl_.accepted)));
    impl_.accepted.reset();
  }
  return result;
}

std::optional<Socket> Listener::accept_waiting() {
  error_code error;
  impl_->acceptor.non_blocking(true, error);
  if (error) return std::nullopt;
  TcpSocket socket(impl_->acceptor.get_executor());
  impl_->acceptor.accept(socket, error);
  if (error) return std::nullopt;
  return Socket{std::make_unique<Socket::Impl>(std::move(socket))};
}

void Listener::close() {
  error_code ignored;
  impl_->acceptor.close(ignored);
}

bool Listener::is_open() const { return impl_->acceptor.is_open(); }

}  // namespace baedal::http
