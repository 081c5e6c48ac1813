#include "platform/http/upstream/upstream_tunnel.hpp"

#include <vector>

#include "kernel/async/sync.hpp"

namespace baedal::http {
namespace {

constexpr std::size_t kTunnelBytes = 16 * 1024;

}  // namespace

Task<void> UpstreamTunnel::run(Socket& client, std::string_view early) {
  // A client that takes nothing any more must not hold the upstream for ever, nor the other way
  // round: what is idle for too long ends on both sides.
  lease_->companion = &client;
  TaskGroup directions;
  directions.spawn(to_upstream(client, early));
  directions.spawn(to_client(client));
  co_await directions.join();
  lease_->companion = nullptr;
}

Task<void> UpstreamTunnel::to_upstream(Socket& client, std::string_view early) {
  bool open = early.empty() || co_await lease_->socket.write_all(early);
  std::vector<char> bytes(kTunnelBytes);
  while (open) {
    const std::size_t got = co_await client.read_some(bytes);
    if (got == 0) break;
    lease_->set_deadline(lease_.pool().limits().stream_idle_timeout);
    open = co_await lease_->socket.write_all({bytes.data(), got});
  }
  // What the upstream still has to say may come, unless the client is gone for good.
  client.is_open() ? lease_->socket.shutdown_send() : lease_->socket.cancel();
}

Task<void> UpstreamTunnel::to_client(Socket& client) {
  bool open = true;
  while (open) {
    if (lease_->unread().empty()) {
      lease_->set_deadline(lease_.pool().limits().stream_idle_timeout);
      const std::size_t got = co_await lease_->socket.read_some(lease_->room());
      if (got == 0) break;
      lease_->commit(got);
    }
    open = co_await client.write_all(lease_->unread());
    lease_->take(lease_->unread().size());
  }
  // Without an upstream there is nobody to hear the client.
  client.shutdown_send();
  client.cancel();
  lease_->socket.close();
}

void UpstreamTunnel::cancel() { lease_->socket.cancel(); }

}  // namespace baedal::http
