#pragma once

#include <string_view>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"

namespace baedal::http {

class Socket;

/// A body that comes piece by piece, as fast as it is taken. One reader, on the I/O thread it was
/// made on, where it must also end. What is left unread is dropped with it.
class BodyStream {
 public:
  virtual ~BodyStream() = default;
  /// The next piece, never empty; empty at the end of the body. Valid until the next read(). An
  /// error: the rest will never come.
  virtual Task<Result<std::string_view>> read() = 0;
  /// Ends the read() under way, and all later ones, with an error.
  virtual void cancel() = 0;
};

/// What follows a switch of protocols (WebSocket): bytes both ways between the client and somebody
/// else. The same thread as the connection.
class Tunnel {
 public:
  virtual ~Tunnel() = default;
  /// Carries until one side has ended. `client` is borrowed, and may be closed meanwhile; `early`
  /// is what the client has sent behind its request.
  virtual Task<void> run(Socket& client, std::string_view early) = 0;
  /// Ends run() soon.
  virtual void cancel() = 0;
};

}  // namespace baedal::http
