#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "platform/http/handler.hpp"

namespace baedal::runtime {
class Runtime;
}

namespace baedal::http {

class TlsContext;

/// Every bound of the server, in one place.
struct ServerLimits {
  std::size_t header_bytes_max = 16 * 1024;  ///< request line and headers; above: 414 or 431
  std::size_t headers_max = 100;             ///< header lines; above: 431
  std::size_t body_bytes_max = 1024 * 1024;  ///< above: 413, known lengths before reading
  /// Not 0: bodies that do not come with their headers, up to so many bytes, are given to the
  /// handler as streams (Request::stream), and body_bytes_max is for it to enforce (WholeBody).
  std::uint64_t streamed_body_bytes_max = 0;
  std::size_t connections_max = 10'000;  ///< above: accepted and closed with 503
  /// Of one client_network(), but for those that Server::trust() names; above: accepted and closed
  /// with 429. 0: not counted.
  std::size_t connections_per_address_max = 0;
  /// New requests that one look at the sockets of an I/O thread may bring; of those above, what
  /// would change something is answered 503 without being looked at any further.
  std::size_t backlog_max = 352;
  std::chrono::milliseconds header_timeout{10'000};  ///< first byte to end of headers: 408
  /// End of headers to end of body, or of a stream from one piece to the next: 408.
  std::chrono::milliseconds body_timeout{30'000};
  /// Bytes that a streamed body must bring for each second it is waited for, on the average behind
  /// the first body_timeout: 408. 0: no such bound.
  std::uint64_t body_rate_min = 240;
  std::chrono::milliseconds idle_timeout{
      75'000};  ///< before the first byte, and between requests: closed
  std::chrono::milliseconds write_timeout{30'000};  ///< client does not read: closed
};

/// Counters since the start; connections_open is the present number.
struct ServerStats {
  std::uint64_t connections_open = 0, connections_accepted = 0, connections_refused = 0,
                requests = 0, bad_requests = 0, requests_shed = 0, handshakes_failed = 0;
};

/// HTTP/1.1 on one address: keep-alive, pipelining answered in order, `Expect: 100-continue`,
/// chunked request bodies. Listens once per I/O thread (SO_REUSEPORT). Message framing that two
/// readers could understand differently (Content-Length with Transfer-Encoding, repeated or
/// differing Content-Lengths, obs-fold, bare CR or LF, a missing or doubled Host, whitespace before
/// the colon) is answered 400 and the connection closed.
///   Server server(runtime, router);
///   if (auto listening = server.listen("127.0.0.1", 8080); !listening) return listening;
///   …
///   co_await server.drain(std::chrono::seconds{10});
class Server {
 public:
  /// Sees every answer the moment before it is written, but those to requests that were shed.
  /// `took` runs from the end of the request to the answer; 0 for what the server itself refused.
  /// Called on I/O threads, several at once.
  using Observer =
      std::function<void(const Request&, const Response&, std::chrono::nanoseconds took)>;
  /// Whether requests of that path are taken on whatever the load. On I/O threads.
  using Spared = bool (*)(std::string_view path);
  /// Whether connections from that address are not counted by address. On I/O threads.
  using Trusted = std::function<bool(std::string_view address)>;
  /// Takes a sentence for the log. Called on I/O threads, several at once.
  using ErrorHook = std::function<void(std::string_view message)>;

  /// `runtime` and `handler` must outlive the server.
  Server(runtime::Runtime& runtime, HttpHandler& handler, ServerLimits limits = {});
  /// Cuts what is open. While the runtime runs, blocks until every handler in hand has returned, so
  /// not from an I/O thread; when a handler may hang for ever, stop the runtime first.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// All of these before listen().
  void observe(Observer observer);
  void spare(Spared spared);
  void trust(Trusted trusted);
  /// Headers of every answer that has none of that name: of plain connections, of TLS ones.
  void add_headers(std::vector<std::pair<std::string, std::string>> plain,
                   std::vector<std::pair<std::string, std::string>> over_tls);
  /// Without one, errors go to standard error.
  void on_error(ErrorHook hook);

  /// Binds and starts accepting; the runtime may be started before or after. Port 0: the system
  /// chooses; see port(). Once. kUnavailable when the port is taken, kInvalid for a bad address.
  Result<void> listen(const std::string& address, std::uint16_t port);
  [[nodiscard]] std::uint16_t port() const;
  /// The same for HTTP over TLS, beside or instead of listen(): connections, limits and counts are
  /// common to both. What is not TLS is closed without an answer.
  Result<void> listen_tls(const std::string& address, std::uint16_t port,
                          std::shared_ptr<const TlsContext> context);
  [[nodiscard]] std::uint16_t tls_port() const;

  /// From now on every answer says `Connection: close`, so that clients and the pools of proxies
  /// leave by themselves; everything is still accepted and answered. Before drain(). Any thread.
  void see_off();
  /// Stops accepting, lets requests in hand finish (answering `Connection: close`), closes idle
  /// connections, and resumes when all are gone or `grace` has passed (then the rest is cut).
  Task<void> drain(std::chrono::milliseconds grace);
  /// Any thread.
  [[nodiscard]] ServerStats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal::http
