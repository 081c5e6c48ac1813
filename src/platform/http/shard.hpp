#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/async/executor.hpp"
#include "kernel/async/sync.hpp"
#include "platform/http/answer_writer.hpp"
#include "platform/http/connection_counts.hpp"
#include "platform/http/refusal.hpp"
#include "platform/http/server.hpp"
#include "platform/http/socket.hpp"

namespace baedal::http {

class Connection;
class Poller;

/// What the shards of one server have in common. The functions and atomics are for any thread;
/// handler, limits and hooks do not change once the server listens.
struct ServerState {
  ServerState(HttpHandler& answering, ServerLimits bounds) : handler(answering), limits(bounds) {}

  void report(std::string_view message) const;
  /// One accept loop or connection is over. The last one lets drain() and ~Server go on.
  void task_ended();

  HttpHandler& handler;
  const ServerLimits limits;
  Server::Observer observer;
  Server::ErrorHook on_error;
  ExtraHeaders always, over_tls;  ///< what answers carry unless they have it themselves
  Server::Spared spared = [](std::string_view) { return false; };
  Server::Trusted trusted = [](std::string_view) { return false; };
  ConnectionCounts by_client;           ///< where ServerLimits bounds them
  std::atomic<bool> seeing_off{false};  ///< no connection is kept behind its next answer
  std::atomic<bool> draining{false};
  std::atomic<std::uint64_t> tasks{0};  ///< accept loops and connections that have not ended
  Event gone;                           ///< draining, and no task is left
  std::atomic<std::uint64_t> open{0}, accepted{0}, refused{0}, requests{0}, bad_requests{0},
      shed{0}, failed_handshakes{0};
};

/// The part of a server on one I/O thread: a listener, its connections, one timer that looks at all
/// their deadlines a few times a second, and the Date header. Used on that thread only.
class Shard : public std::enable_shared_from_this<Shard> {
 public:
  /// `poller`: of the executor's loop. `tls` of a listener for TLS, else null.
  Shard(std::shared_ptr<ServerState> state, Executor& executor, Poller& poller, Listener listener,
        std::shared_ptr<const TlsContext> tls);
  ~Shard();

  /// Accepts until close(). The caller has counted it as a task.
  Task<void> accept_connections();
  /// Stops accepting and closes idle connections.
  void close();
  /// Closes every connection. Those with a handler at work end when it returns.
  void cut();

  [[nodiscard]] Executor& executor() const { return executor_; }
  [[nodiscard]] ServerState& state() const { return *state_; }
  [[nodiscard]] HttpDate& date() { return date_; }
  /// Counts a new request; whether the present look at the sockets has brought no more than its
  /// share so far. A request waits in its socket while the thread goes round those before it: what
  /// bounds a round, bounds that wait.
  [[nodiscard]] bool takes_one_more();
  /// The 503, head and body, for a request beyond that; its connection stays open.
  [[nodiscard]] const std::string& shed_answer();
  /// Milliseconds that never go back, a few behind: for deadlines.
  [[nodiscard]] static std::int64_t now_ms();

 private:
  /// `client`: what it is counted under in by_client; empty: nothing.
  Task<void> serve(std::shared_ptr<Shard> self, Socket socket, std::string client,
                   std::optional<Refusal> turned_away);
  void admit(Socket socket);
  /// Empty: not at all.
  [[nodiscard]] std::string counted_as(const Socket& socket) const;
  void add(Connection& connection);
  void remove(Connection& connection);
  void schedule_sweep();
  void sweep();

  std::shared_ptr<ServerState> state_;
  Executor& executor_;
  Poller& poller_;
  Listener listener_;
  const std::shared_ptr<const TlsContext> tls_;
  HttpDate date_;
  std::uint64_t turn_ = 0;
  std::size_t taken_in_turn_ = 0;
  std::string shed_answer_;
  std::string shed_answer_date_;
  std::vector<Connection*> connections_;
  std::chrono::milliseconds sweep_pause_;
  bool sweeping_ = false;
};

}  // namespace baedal::http
