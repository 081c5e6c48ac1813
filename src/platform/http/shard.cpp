#include "platform/http/shard.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <utility>

#include "platform/http/client_network.hpp"
#include "platform/http/connection.hpp"
#include "platform/http/poller.hpp"
#include "platform/http/problem.hpp"
#include "platform/http/refusal.hpp"

namespace baedal::http {
namespace {

/// Out of file descriptors or memory: others may free some meanwhile.
constexpr std::chrono::milliseconds kAcceptPause{100};
/// Connections beyond the limit that are told so; more are only closed.
constexpr std::size_t kTurnedAwayMax = 128;
/// The same of one client.
constexpr std::size_t kTurnedAwayOfClientMax = 4;
constexpr Refusal kTooManyConnections{503, "too-many-connections",
                                      "The server has as many connections as it takes."};
constexpr Refusal kTooManyOfClient{429, "too-many-connections-of-address",
                                   "Your address has as many connections as it may have."};
/// As many as the system lets wait for being accepted.
constexpr int kWaitingAcceptedMax = 4096;
constexpr std::chrono::milliseconds kSweepPauseMax{250};
constexpr std::chrono::milliseconds kSweepPauseMin{5};

}  // namespace

void ServerState::report(std::string_view message) const {
  if (on_error) return on_error(message);
  std::fprintf(stderr, "%.*s\n", static_cast<int>(message.size()), message.data());
}

void ServerState::task_ended() {
  if (--tasks != 0) return;
  if (draining) gone.set();
  tasks.notify_all();
}

Shard::Shard(std::shared_ptr<ServerState> state, Executor& executor, Poller& poller,
             Listener listener, std::shared_ptr<const TlsContext> tls)
    : state_(std::move(state)),
      executor_(executor),
      poller_(poller),
      listener_(std::move(listener)),
      tls_(std::move(tls)) {
  const ServerLimits& limits = state_->limits;
  const auto shortest = std::min(
      {limits.header_timeout, limits.body_timeout, limits.idle_timeout, limits.write_timeout});
  sweep_pause_ = std::clamp(shortest / 4, kSweepPauseMin, kSweepPauseMax);
}

Shard::~Shard() = default;

std::int64_t Shard::now_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

bool Shard::takes_one_more() {
  if (std::exchange(turn_, poller_.turn()) != poller_.turn()) taken_in_turn_ = 0;
  return ++taken_in_turn_ <= state_->limits.backlog_max;
}

/// Made once a second, for its Date. Without the path, therefore.
const std::string& Shard::shed_answer() {
  const std::string_view date = date_.now();
  if (shed_answer_date_ == date) return shed_answer_;
  Response response = problem(kOverloaded.status, kOverloaded.code, kOverloaded.detail, Request{});
  response.with("Retry-After", "1");
  shed_answer_.clear();
  append_head(shed_answer_, response, {}, date);
  shed_answer_ += response.body;
  shed_answer_date_ = date;
  return shed_answer_;
}

Task<void> Shard::accept_connections() {
  const std::shared_ptr<Shard> self = shared_from_this();
  bool failing = false;
  while (listener_.is_open() && !state_->draining) {
    Listener::Accepted accepted = co_await listener_.accept();
    if (accepted.socket) {
      failing = false;
      admit(std::move(*accepted.socket));
    } else if (listener_.is_open()) {
      if (!std::exchange(failing, true)) {
        state_->report(std::string{"http: cannot accept: "} + std::strerror(accepted.error));
      }
      co_await sleep_for(kAcceptPause);
    }
  }
  listener_.close();
  state_->task_ended();
}

void Shard::admit(Socket socket) {
  state_->accepted.fetch_add(1, std::memory_order_relaxed);
  const std::uint64_t open = state_->open.fetch_add(1, std::memory_order_relaxed);
  const ServerLimits& limits = state_->limits;
  std::string client;
  std::size_t of_client = 0;
  if (limits.connections_per_address_max > 0) {
    client = counted_as(socket);
    if (!client.empty()) of_client = state_->by_client.add(client);
  }
  const bool too_many = open >= limits.connections_max;
  const bool too_many_of_client = of_client > limits.connections_per_address_max;
  if (too_many || too_many_of_client) state_->refused.fetch_add(1, std::memory_order_relaxed);
  if (open >= limits.connections_max + kTurnedAwayMax ||
      of_client > limits.connections_per_address_max + kTurnedAwayOfClientMax) {
    state_->open.fetch_sub(1, std::memory_order_relaxed);
    if (!client.empty()) state_->by_client.remove(client);
    return;
  }
  std::optional<Refusal> turned_away;
  if (too_many_of_client) turned_away = kTooManyOfClient;
  if (too_many) turned_away = kTooManyConnections;
  if (tls_ && (turned_away || !socket.secure(*tls_))) {
    // No word can be said to it before hands are shaken, which costs more than to answer it.
    state_->open.fetch_sub(1, std::memory_order_relaxed);
    if (!client.empty()) state_->by_client.remove(client);
    return;
  }
  ++state_->tasks;
  spawn(serve(shared_from_this(), std::move(socket), std::move(client), turned_away));
}

std::string Shard::counted_as(const Socket& socket) const {
  const std::string address = socket.peer_address();
  return state_->trusted(address) ? std::string{} : client_network(address);
}

Task<void> Shard::serve(std::shared_ptr<Shard> self, Socket socket, std::string client,
                        std::optional<Refusal> turned_away) {
  {
    Connection connection(*self, std::move(socket));
    self->add(connection);
    Task<void> talk = turned_away ? connection.turn_away(*turned_away) : connection.run();
    co_await talk;
    self->remove(connection);
  }
  if (!client.empty()) self->state_->by_client.remove(client);
  self->state_->open.fetch_sub(1, std::memory_order_relaxed);
  self->state_->task_ended();
}

void Shard::close() {
  // The system would reset those who have connected, and perhaps asked already, and wait.
  for (int i = 0; i < kWaitingAcceptedMax; ++i) {
    auto socket = listener_.accept_waiting();
    if (!socket) break;
    admit(std::move(*socket));
  }
  listener_.close();
  for (Connection* connection : connections_) connection->close_if_idle();
}

void Shard::cut() {
  for (Connection* connection : connections_) connection->cut();
}

void Shard::add(Connection& connection) {
  connection.set_place(connections_.size());
  connections_.push_back(&connection);
  if (!std::exchange(sweeping_, true)) schedule_sweep();
}

void Shard::remove(Connection& connection) {
  Connection* const last = connections_.back();
  connections_[connection.place()] = last;
  last->set_place(connection.place());
  connections_.pop_back();
}

void Shard::schedule_sweep() {
  executor_.post_after(sweep_pause_, [self = shared_from_this()] { self->sweep(); });
}

void Shard::sweep() {
  const std::int64_t now = now_ms();
  for (Connection* connection : connections_) connection->expire(now);
  // Without connections there is nothing to wake up for.
  sweeping_ = !connections_.empty();
  if (sweeping_) schedule_sweep();
}

}  // namespace baedal::http
