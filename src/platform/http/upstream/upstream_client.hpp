#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kernel/async/task.hpp"
#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "platform/http/message.hpp"

namespace baedal::runtime {
class Runtime;
}

namespace baedal::http {

/// Where an upstream listens.
struct Origin {
  std::string host;  ///< a name, or an IP address without brackets
  std::uint16_t port = 80;
  std::string authority;  ///< "order:8080": for Host, and what connections are pooled by

  /// Of "http://host[:port][/…]"; kInvalid for anything else.
  [[nodiscard]] static Result<Origin> parse(std::string_view url);
};

/// Every bound of the client. Connections are counted per origin and I/O thread.
struct UpstreamLimits {
  std::size_t connections_max = 1024;  ///< above: kTooManyConnections
  std::size_t idle_max = 256;          ///< more are closed after use
  std::chrono::milliseconds idle_timeout{60'000};
  std::size_t head_bytes_max = 32 * 1024;                  ///< of an answer; above: kBadAnswer
  std::size_t whole_body_bytes_max = 64 * 1024;            ///< larger ones are streamed
  std::chrono::milliseconds stream_idle_timeout{300'000};  ///< between two pieces of a stream
};

/// Header lines that are written beside those of a request, and in place of some of them.
class HeaderLines {
 public:
  virtual ~HeaderLines() = default;
  /// Whether a request's own header of that name is left out.
  [[nodiscard]] virtual bool replaces(std::string_view name) const = 0;
  /// Appends "Name: value\r\n" as often as it likes.
  virtual void append_to(std::string& out) const = 0;
};

/// A request to an upstream. Borrows everything until the answer is there.
struct UpstreamRequest {
  std::string_view method = "GET";
  std::string_view target = "/";  ///< origin form, well formed
  std::string_view host{};        ///< of the Host header; empty: the origin's authority
  /// Sent as they are, but Host, lengths and what is for one hop only, which are left out.
  std::span<const HeaderView> headers{};
  const HeaderLines* added = nullptr;  ///< beside `headers`
  std::string_view body{};
  /// A body that is still coming, instead of `body`; with its length, when known. Read at the pace
  /// of the upstream, and no further once the answer has been read.
  std::shared_ptr<BodyStream> stream{};
  std::optional<std::uint64_t> stream_length{};
  std::string_view upgrade{};  ///< the protocol to switch to; empty: none
  std::chrono::milliseconds connect_timeout{2'000};
  /// From the end of the request until the whole head is there; 0: none.
  std::chrono::milliseconds response_timeout{0};
  /// Of all that, connecting included; 0: none.
  std::chrono::milliseconds time_limit{0};
  /// Doing it twice does no harm: sent once more when a pooled connection turns out to be dead.
  /// Without it only when not a byte of it was acknowledged by the other side's system.
  bool repeatable = false;
};

/// Why there is no answer. Of the first three it is known that nothing was processed.
enum class UpstreamFailure {
  kNoAddress,           ///< the host has no address
  kNotConnected,        ///< refused, unreachable, not within connect_timeout, or closed at once
  kTooManyConnections,  ///< the bound is reached
  kTimedOut,            ///< no answer within response_timeout
  kBroken,              ///< the connection ended before the answer
  kRequestBroken,       ///< the request's own stream ended too early: not the upstream's fault
  kBadAnswer,           ///< what came is no HTTP/1.1 answer, or too large
};

/// Whether the request surely had no effect, and may be sent somewhere else.
[[nodiscard]] constexpr bool surely_not_processed(UpstreamFailure failure) {
  return failure == UpstreamFailure::kNoAddress || failure == UpstreamFailure::kNotConnected ||
         failure == UpstreamFailure::kTooManyConnections;
}

/// "not connected", "timed out": for logs.
[[nodiscard]] std::string_view to_string(UpstreamFailure failure);

using UpstreamAnswer = std::expected<Response, UpstreamFailure>;

/// Sends requests to upstreams. Adapters: UpstreamClient; the network of the simulation.
class UpstreamSender {
 public:
  virtual ~UpstreamSender() = default;
  /// On an executor of the adapter's. Both arguments live until the answer is there.
  virtual Task<UpstreamAnswer> send(const Origin& origin, const UpstreamRequest& request) = 0;
};

/// An HTTP/1.1 client on the I/O threads: keep-alive connections pooled per thread and origin, no
/// lock, no thread of its own but the resolver's. Small answers come whole, others as streams with
/// back-pressure; 101 comes with a Tunnel. What is for one hop only is not passed on.
///   UpstreamClient client(runtime, clock);
///   const UpstreamRequest request{.target = "/things/1", .response_timeout = 1s};
///   auto answer = co_await client.send(origin, request);
class UpstreamClient final : public UpstreamSender {
 public:
  /// Both outlive the client.
  UpstreamClient(runtime::Runtime& runtime, const Clock& clock, UpstreamLimits limits = {});
  /// After the last send() has returned.
  ~UpstreamClient() override;
  UpstreamClient(const UpstreamClient&) = delete;
  UpstreamClient& operator=(const UpstreamClient&) = delete;

  /// On an I/O thread of the runtime.
  Task<UpstreamAnswer> send(const Origin& origin, const UpstreamRequest& request) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal::http
