#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "platform/http/handler.hpp"

namespace baedal::runtime {
class Runtime;
}

namespace baedal::http {

/// Every bound of the server, in one place.
struct ServerLimits {
  std::size_t header_bytes_max = 16 * 1024;      ///< above: 431
  std::size_t body_bytes_max = 1024 * 1024;      ///< above: 413
  std::size_t connections_max = 10'000;          ///< above: accepted and closed with 503
  std::chrono::milliseconds header_timeout{10'000};  ///< first byte to end of headers: 408
  std::chrono::milliseconds body_timeout{30'000};    ///< end of headers to end of body: 408
  std::chrono::milliseconds idle_timeout{75'000};    ///< between requests: closed
  std::chrono::milliseconds write_timeout{30'000};   ///< client does not read: closed
};

struct ServerStats {
  std::uint64_t connections_open = 0, connections_accepted = 0, connections_refused = 0,
                requests = 0, bad_requests = 0;
};

/// HTTP/1.1 on one address: keep-alive, pipelining answered in order, `Expect: 100-continue`,
/// chunked request bodies. Listens once per I/O thread (SO_REUSEPORT). Message framing that two
/// readers could understand differently (Content-Length with Transfer-Encoding, differing
/// Content-Lengths, obs-fold, bare CR or LF, a missing or doubled Host, whitespace before the
/// colon) is answered 400 and the connection closed.
class Server {
 public:
  Server(runtime::Runtime& runtime, HttpHandler& handler, ServerLimits limits = {});
  ~Server();

  /// Binds and starts accepting. Port 0: the system chooses; see port().
  Result<void> listen(const std::string& address, std::uint16_t port);
  [[nodiscard]] std::uint16_t port() const;

  /// Stops accepting, lets requests in hand finish (answering `Connection: close`), closes idle
  /// connections, and resumes when all are gone or `grace` has passed (then the rest is cut).
  Task<void> drain(std::chrono::milliseconds grace);
  [[nodiscard]] ServerStats stats() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace baedal::http
