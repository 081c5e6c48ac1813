#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kernel/async/executor.hpp"
#include "platform/http/socket.hpp"
#include "platform/http/upstream/answer_head.hpp"
#include "platform/http/upstream/upstream_client.hpp"

namespace baedal::http {

class RequestPump;
class Resolver;

struct UpstreamConnection;

/// One address that connections go to.
struct UpstreamPeer {
  std::vector<std::unique_ptr<UpstreamConnection>> idle;  ///< the latest at the back
  std::size_t open = 0;
  std::size_t next_address = 0;
};

/// One connection to an upstream, with the buffers it uses again for every request.
struct UpstreamConnection {
  UpstreamConnection(boost::asio::io_context& loop, UpstreamPeer& connected_to)
      : socket(loop), peer(connected_to) {}

  /// Whether it can be asked again, now that its answer has been read.
  [[nodiscard]] bool is_reusable() const;

  /// Where the next bytes go. Never empty.
  [[nodiscard]] std::span<char> room();
  void commit(std::size_t bytes) { end += bytes; }
  [[nodiscard]] std::string_view unread() const { return {in.data() + at, end - at}; }
  void take(std::size_t bytes);
  /// Looks for the answer's head in what is unread and takes it; interim answers (100, 103) are
  /// dropped. The head's views are valid until the next room().
  [[nodiscard]] HeadStep read_head(std::size_t bytes_max);
  /// What runs from now on must end within `timeout`; 0: it need not.
  void set_deadline(std::chrono::milliseconds timeout);

  Socket socket;
  Socket* companion = nullptr;        ///< ended together with it by the deadline
  std::shared_ptr<RequestPump> pump;  ///< of a request whose body is a stream
  std::uint64_t sent = 0;             ///< bytes, of whole requests
  UpstreamPeer& peer;                 ///< of the pool
  std::string out;
  std::vector<char> in;
  std::size_t at = 0;
  std::size_t end = 0;
  AnswerHead head;
  std::int64_t deadline_ms = 0;  ///< 0: none
  std::int64_t idle_since_ms = 0;
  bool expired = false;  ///< the deadline ended the operation under way
  bool used = false;     ///< has answered before
  std::size_t place = 0;
};

class UpstreamPool;

/// A connection in use. Its end closes the connection, unless it was given back.
class UpstreamLease {
 public:
  UpstreamLease() = default;
  UpstreamLease(std::shared_ptr<UpstreamPool> pool, std::unique_ptr<UpstreamConnection> connection);
  UpstreamLease(UpstreamLease&&) noexcept = default;
  UpstreamLease& operator=(UpstreamLease&& other) noexcept;
  ~UpstreamLease();

  explicit operator bool() const { return connection_ != nullptr; }
  UpstreamConnection* operator->() const { return connection_.get(); }
  UpstreamConnection& operator*() const { return *connection_; }
  [[nodiscard]] UpstreamPool& pool() const { return *pool_; }
  /// The answer has been read to its end: the connection can be asked again.
  void give_back();

 private:
  void drop();

  std::shared_ptr<UpstreamPool> pool_;
  std::unique_ptr<UpstreamConnection> connection_;
};

/// The connections of one I/O thread to all upstreams: those in use, watched for their deadlines,
/// and idle ones to be used again, the latest first. That thread only.
class UpstreamPool : public std::enable_shared_from_this<UpstreamPool> {
 public:
  UpstreamPool(boost::asio::io_context& loop, Executor& executor, Resolver& resolver,
               const UpstreamLimits& limits)
      : loop_(loop), executor_(executor), resolver_(resolver), limits_(limits) {}

  /// An idle connection that is still good; empty when there is none. `surely`: as the system knows
  /// at this moment, not as the loop has heard.
  [[nodiscard]] UpstreamLease reuse(const std::string& authority, bool surely);
  /// A new connection. kNoAddress, kNotConnected or kTooManyConnections otherwise.
  Task<std::expected<UpstreamLease, UpstreamFailure>> dial(const Origin& origin,
                                                           std::chrono::milliseconds timeout);
  /// Closes idle connections and ends the operations of the others.
  void close();

  [[nodiscard]] const UpstreamLimits& limits() const { return limits_; }
  [[nodiscard]] static std::int64_t now_ms();

 private:
  friend class UpstreamLease;
  void add(UpstreamConnection& connection);
  void remove(UpstreamConnection& connection);
  void keep(std::unique_ptr<UpstreamConnection> connection);
  void discard(std::unique_ptr<UpstreamConnection> connection);
  void watch();
  void sweep();
  void sweep_idle(std::int64_t now);

  boost::asio::io_context& loop_;
  Executor& executor_;
  Resolver& resolver_;
  const UpstreamLimits limits_;
  std::unordered_map<std::string, UpstreamPeer> peers_;  ///< never erased from
  std::vector<UpstreamConnection*> in_use_;
  std::size_t idle_ = 0;
  bool watching_ = false;
  bool closed_ = false;
};

}  // namespace baedal::http
