#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kernel/error.hpp"

namespace boost::asio {
class io_context;
}

namespace baedal::http {

class TlsContext;

/// A TCP socket on one event loop, awaited from coroutines of that loop. One reader and one writer
/// at a time, and every function only on the loop's thread. What fails is not told apart: the
/// caller closes either way.
///   const std::size_t got = co_await socket.read_some(room);
class Socket {
 public:
  struct Impl;
  class ShakeHands;
  class Connect;
  class ReadSome;
  class WriteAll;

  explicit Socket(std::unique_ptr<Impl> impl);
  /// Not connected yet.
  explicit Socket(boost::asio::io_context& loop);
  ~Socket();
  Socket(Socket&&) noexcept;
  Socket& operator=(Socket&&) noexcept;

  /// Awaitable of whether it is connected now. `address` is an IP address; of a new socket only.
  [[nodiscard]] Connect connect(const std::string& address, std::uint16_t port);
  /// Awaitable of the number of bytes read into `into`; 0 when the other side has ended, on failure
  /// and when cancelled.
  [[nodiscard]] ReadSome read_some(std::span<char> into);
  /// Awaitable of whether all of `first`, then `second`, was handed to the system. Does not suspend
  /// when the system takes it at once. The bytes must stay until then.
  [[nodiscard]] WriteAll write_all(std::string_view first, std::string_view second = {});

  /// From now on what is read and written goes through a TLS session of the server's side. False
  /// when there is no memory. Of a connected socket, before anything else.
  [[nodiscard]] bool secure(const TlsContext& context);
  [[nodiscard]] bool is_secure() const;
  /// Awaitable of whether the session is there. Only after secure(), before anything is read.
  [[nodiscard]] ShakeHands shake_hands();

  /// Ends the operations under way, if any, as failed. The socket stays open.
  void cancel();
  /// Tells the other side that nothing more will come.
  void shutdown_send();
  /// Closes, ending the operations under way as failed. Idempotent.
  void close();
  [[nodiscard]] bool is_open() const;
  /// Whether nothing has come and the other side has not ended: fit to be asked again. Of a socket
  /// nobody reads.
  [[nodiscard]] bool is_quiet() const;
  /// The same, as far as the loop has heard: asks nobody.
  [[nodiscard]] bool seems_quiet() const;
  /// How many bytes the other side's system has acknowledged; see acknowledged_bytes().
  [[nodiscard]] std::uint64_t acknowledged() const;

  /// Textual addresses: "127.0.0.1"; of this side with the port, "127.0.0.1:8080".
  [[nodiscard]] std::string peer_address() const;
  [[nodiscard]] std::string local_authority() const;

 private:
  std::unique_ptr<Impl> impl_;
};

class Socket::Connect {
 public:
  Connect(Impl& impl, const std::string& address, std::uint16_t port);
  /// Begins.
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<> connector);
  bool await_resume() const noexcept;

 private:
  Impl& impl_;
};

class Socket::ReadSome {
 public:
  ReadSome(Impl& impl, std::span<char> into) : impl_(impl), into_(into) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> reader);
  std::size_t await_resume() const noexcept;

 private:
  Impl& impl_;
  std::span<char> into_;
};

class Socket::ShakeHands {
 public:
  explicit ShakeHands(Impl& impl) : impl_(impl) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting);
  bool await_resume() const noexcept;

 private:
  Impl& impl_;
};

class Socket::WriteAll {
 public:
  explicit WriteAll(Impl& impl) : impl_(impl) {}
  /// Tries without waiting.
  bool await_ready();
  void await_suspend(std::coroutine_handle<> writer);
  bool await_resume() const noexcept;

 private:
  Impl& impl_;
};

/// A listening TCP socket on one event loop. open() may run anywhere; afterwards only the loop's
/// thread uses it.
class Listener {
 public:
  struct Impl;
  class Accept;
  /// What accept gives: a socket, or why there is none (an errno; also when the listener was
  /// closed).
  struct Accepted {
    std::optional<Socket> socket;
    int error = 0;
  };

  /// Binds and listens. `share_port`: other listeners of this process may use the same port
  /// (SO_REUSEPORT); the system spreads connections over them. Port 0: the system chooses.
  static Result<Listener> open(boost::asio::io_context& loop, const std::string& address,
                               std::uint16_t port, bool share_port);
  ~Listener();
  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;

  [[nodiscard]] std::uint16_t port() const;
  /// Awaitable of Accepted.
  [[nodiscard]] Accept accept();
  /// A connection that waits already to be accepted; nullopt: none does.
  [[nodiscard]] std::optional<Socket> accept_waiting();
  /// Refuses new connections and ends the accept under way. Idempotent.
  void close();
  [[nodiscard]] bool is_open() const;

 private:
  explicit Listener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Listener::Accept {
 public:
  explicit Accept(Impl& impl) : impl_(impl) {}
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<> acceptor);
  Accepted await_resume();

 private:
  Impl& impl_;
};

}  // namespace baedal::http
