#pragma once

#include <array>
#include <coroutine>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "platform/http/poller.hpp"
#include "platform/http/socket.hpp"
#include "platform/http/socket_address.hpp"
#include "platform/http/tls.hpp"

namespace baedal::http {

/// What a Socket is inside; for socket.cpp and listener.cpp.
struct Socket::Impl final : Polled {
  explicit Impl(Poller& poller_of_loop) : poller(poller_of_loop) {}
  ~Impl() override { close(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// Takes a non-blocking descriptor over, whose connection may still be on its way. 0 or an errno.
  int open(int connected);
  void close();
  void wake(std::uint32_t events) override;
  /// Ends what is under way, as failed, in the next turn of the loop.
  void cancel();

  /// Whether the operation is over; result in bytes_read.
  bool try_read();
  /// Whether all is written, or failed.
  bool try_write();
  bool try_read_secure();
  bool try_write_secure();
  bool finish_connect(std::uint32_t events);
  bool finish_write();

  Poller& poller;
  int fd = -1;
  bool readable = false;  ///< there may be something to read
  bool ended = false;     ///< the other side has: after what is there comes the end
  bool writable = true;
  bool connecting = false;
  bool read_cancelled = false;
  bool failed = false;  ///< the last connect or write
  std::coroutine_handle<> reader;
  std::coroutine_handle<> writer;
  std::span<char> into;
  std::size_t bytes_read = 0;
  std::array<std::string_view, 2> left;  ///< still to write
  SocketAddress remote;                  ///< to be connected to
  std::unique_ptr<TlsSession> tls;       ///< null: bytes go as they are
  bool shaking_hands = false;            ///< that is what `reader` waits for
  bool shook_hands = false;
};

}  // namespace baedal::http
