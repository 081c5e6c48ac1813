#include "platform/http/server.hpp"

#include <utility>
#include <vector>

#include "kernel/assert.hpp"
#include "platform/http/poller.hpp"
#include "platform/http/shard.hpp"
#include "platform/http/socket.hpp"
#include "platform/http/tls.hpp"
#include "platform/runtime/runtime.hpp"

namespace baedal::http {

struct Server::Impl {
  Impl(runtime::Runtime& loops, HttpHandler& handler, ServerLimits limits)
      : runtime(loops), state(std::make_shared<ServerState>(handler, limits)) {}

  /// Runs `action` for each shard on its own thread.
  void on_each_shard(void (Shard::*action)()) const {
    for (const auto& shard : shards) {
      shard->executor().post([shard, action] { (shard.get()->*action)(); });
    }
  }

  Result<std::vector<Listener>> open_listeners(const std::string& address,
                                               std::uint16_t port) const;
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t wanted,
                               std::shared_ptr<const TlsContext> tls);

  runtime::Runtime& runtime;
  std::shared_ptr<ServerState> state;
  std::vector<std::shared_ptr<Shard>> shards;
  std::uint16_t port = 0;
  std::uint16_t tls_port = 0;
};

Result<std::vector<Listener>> Server::Impl::open_listeners(const std::string& address,
                                                           std::uint16_t wanted) const {
  const bool share = runtime.size() > 1;
  if (share && wanted != 0) {
    // Another process of this user could share the port silently and take half of the connections:
    // a listener that does not share finds it out.
    const auto alone = Listener::open(runtime.context(0), address, wanted, false);
    if (!alone) return std::unexpected(alone.error());
  }
  std::vector<Listener> listeners;
  for (std::size_t i = 0; i < runtime.size(); ++i) {
    auto opened = Listener::open(runtime.context(i), address, wanted, share);
    if (!opened) return pass_on(opened);
    wanted = opened->port();
    listeners.push_back(std::move(*opened));
  }
  return listeners;
}

Server::Server(runtime::Runtime& runtime, HttpHandler& handler, ServerLimits limits)
    : impl_(std::make_unique<Impl>(runtime, handler, limits)) {}

Server::~Server() {
  ServerState& state = *impl_->state;
  state.draining = true;
  if (!impl_->runtime.running()) return;
  BAEDAL_ASSERT(Executor::current_or_null() == nullptr);
  impl_->on_each_shard(&Shard::close);
  impl_->on_each_shard(&Shard::cut);
  for (auto left = state.tasks.load(); left != 0; left = state.tasks.load()) state.tasks.wait(left);
}

void Server::observe(Observer observer) {
  BAEDAL_ASSERT(impl_->shards.empty());
  impl_->state->observer = std::move(observer);
}

void Server::spare(Spared spared) {
  BAEDAL_ASSERT(impl_->shards.empty());
  impl_->state->spared = spared;
}

void Server::trust(Trusted trusted) {
  BAEDAL_ASSERT(impl_->shards.empty());
  impl_->state->trusted = std::move(trusted);
}

void Server::on_error(ErrorHook hook) {
  BAEDAL_ASSERT(impl_->shards.empty());
  impl_->state->on_error = std::move(hook);
}

void Server::add_headers(std::vector<std::pair<std::string, std::string>> plain,
                         std::vector<std::pair<std::string, std::string>> over_tls) {
  BAEDAL_ASSERT(impl_->shards.empty());
  impl_->state->always = std::move(plain);
  impl_->state->over_tls = std::move(over_tls);
}

/// Gives the port.
Result<std::uint16_t> Server::Impl::listen(const std::string& address, std::uint16_t wanted,
                                           std::shared_ptr<const TlsContext> tls) {
  auto listeners = open_listeners(address, wanted);
  if (!listeners) return pass_on(listeners);
  const std::uint16_t chosen = listeners->front().port();
  // Counted here, not when they start: ~Server must not overlook one that is still on its way.
  state->tasks += listeners->size();
  for (std::size_t i = 0; i < listeners->size(); ++i) {
    const auto shard =
        std::make_shared<Shard>(state, runtime.executor(i), Poller::of(runtime.context(i)),
                                std::move((*listeners)[i]), tls);
    shards.push_back(shard);
    shard->executor().post([shard] { spawn(shard->accept_connections()); });
  }
  return chosen;
}

Result<void> Server::listen(const std::string& address, std::uint16_t port) {
  BAEDAL_ASSERT(impl_->port == 0);
  auto listening = impl_->listen(address, port, nullptr);
  if (!listening) return pass_on(listening);
  impl_->port = *listening;
  return {};
}

Result<void> Server::listen_tls(const std::string& address, std::uint16_t port,
                                std::shared_ptr<const TlsContext> context) {
  BAEDAL_ASSERT(impl_->tls_port == 0 && context != nullptr);
  auto listening = impl_->listen(address, port, std::move(context));
  if (!listening) return pass_on(listening);
  impl_->tls_port = *listening;
  return {};
}

std::uint16_t Server::tls_port() const { return impl_->tls_port; }

std::uint16_t Server::port() const { return impl_->port; }

void Server::see_off() { impl_->state->seeing_off = true; }

Task<void> Server::drain(std::chrono::milliseconds grace) {
  // A copy: the grace timer may fire after the server is gone.
  const std::shared_ptr<ServerState> state = impl_->state;
  state->draining = true;
  if (state->tasks == 0) co_return;
  impl_->on_each_shard(&Shard::close);
  auto out_of_patience = [state, shards = impl_->shards] {
    for (const auto& shard : shards) shard->executor().post([shard] { shard->cut(); });
    state->gone.set();
  };
  Executor::current().post_after(grace, out_of_patience);
  co_await state->gone.wait();
}

ServerStats Server::stats() const {
  const ServerState& state = *impl_->state;
  const auto read = [](const std::atomic<std::uint64_t>& counter) {
    return counter.load(std::memory_order_relaxed);
  };
  return {read(state.open),
          read(state.accepted),
          read(state.refused),
          read(state.requests),
          read(state.bad_requests),
          read(state.shed),
          read(state.failed_handshakes)};
}

}  // namespace baedal::http
