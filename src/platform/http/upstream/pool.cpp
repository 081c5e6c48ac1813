#include "platform/http/upstream/pool.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <utility>

#include "kernel/async/with_timeout.hpp"
#include "platform/http/upstream/request_pump.hpp"
#include "platform/http/upstream/resolver.hpp"

namespace baedal::http {
namespace {

constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kRoomBytesMin = 2 * 1024;
constexpr std::size_t kBufferBytesKept = 64 * 1024;
constexpr std::chrono::milliseconds kWatchPause{20};         ///< requests have deadlines
constexpr std::chrono::milliseconds kIdleWatchPause{1'000};  ///< idle connections only age
constexpr std::size_t kAddressesTriedMax = 3;

}  // namespace

std::span<char> UpstreamConnection::room() {
  if (at == end) at = end = 0;
  if (in.size() - end < kRoomBytesMin && at > 0) {
    std::memmove(in.data(), in.data() + at, end - at);
    end -= at;
    at = 0;
  }
  if (in.size() - end < kRoomBytesMin) in.resize(std::max(in.size() * 2, kReadBytes));
  return {in.data() + end, in.size() - end};
}

void UpstreamConnection::take(std::size_t bytes) { at += bytes; }

HeadStep UpstreamConnection::read_head(std::size_t bytes_max) {
  while (true) {
    const HeadStep step = http::read_head(unread(), head);
    if (step == HeadStep::kNeedMore && unread().size() >= bytes_max) return HeadStep::kBad;
    if (step != HeadStep::kDone) return step;
    take(head.bytes);
    const bool interim = head.status < 200 && head.status != 101;
    if (!interim) return step;
  }
}

bool UpstreamConnection::is_reusable() const {
  const bool sent_all = !pump || pump->state() == RequestPump::State::kDone;
  return head.keep_alive && unread().empty() && sent_all;
}

void UpstreamConnection::set_deadline(std::chrono::milliseconds timeout) {
  expired = false;
  deadline_ms = timeout.count() > 0 ? UpstreamPool::now_ms() + timeout.count() : 0;
}

UpstreamLease::UpstreamLease(std::shared_ptr<UpstreamPool> pool,
                             std::unique_ptr<UpstreamConnection> connection)
    : pool_(std::move(pool)), connection_(std::move(connection)) {
  pool_->add(*connection_);
}

UpstreamLease& UpstreamLease::operator=(UpstreamLease&& other) noexcept {
  if (this != &other) {
    drop();
    pool_ = std::move(other.pool_);
    connection_ = std::move(other.connection_);
  }
  return *this;
}

UpstreamLease::~UpstreamLease() { drop(); }

void UpstreamLease::drop() {
  if (!connection_) return;
  if (const auto pump = connection_->pump; pump && pump->state() == RequestPump::State::kRunning) {
    return pump->end_with(std::move(*this));
  }
  pool_->remove(*connection_);
  pool_->discard(std::move(connection_));
}

void UpstreamLease::give_back() {
  pool_->remove(*connection_);
  pool_->keep(std::move(connection_));
}

std::int64_t UpstreamPool::now_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

UpstreamLease UpstreamPool::reuse(const std::string& authority, bool surely) {
  const auto peer = peers_.find(authority);
  if (peer == peers_.end()) return {};
  auto& idle = peer->second.idle;
  while (!idle.empty()) {
    auto connection = std::move(idle.back());
    idle.pop_back();
    --idle_;
    // One the other side has closed meanwhile, or that has something unasked to say, is not used.
    const bool quiet =
        connection->socket.seems_quiet() && (!surely || connection->socket.is_quiet());
    if (quiet) return {shared_from_this(), std::move(connection)};
    discard(std::move(connection));
  }
  return {};
}

Task<std::expected<UpstreamLease, UpstreamFailure>> UpstreamPool::dial(
    const Origin& origin, std::chrono::milliseconds timeout) {
  const auto self = shared_from_this();
  UpstreamPeer& peer = peers_[origin.authority];
  if (closed_ || peer.open >= limits_.connections_max) {
    co_return std::unexpected(UpstreamFailure::kTooManyConnections);
  }
  auto addresses = resolver_.cached(origin.host);
  if (!addresses) {
    auto lookup = resolver_.resolve(origin.host);
    auto timed = with_timeout(std::move(lookup), timeout);
    auto resolved = co_await timed;
    if (resolved) addresses = std::move(*resolved);
  }
  if (!addresses || addresses->empty()) co_return std::unexpected(UpstreamFailure::kNoAddress);
  const std::size_t first = peer.next_address++;
  for (std::size_t i = 0; i < std::min(addresses->size(), kAddressesTriedMax); ++i) {
    const std::string& address = (*addresses)[(first + i) % addresses->size()];
    ++peer.open;
    UpstreamLease lease(self, std::make_unique<UpstreamConnection>(loop_, peer));
    lease->set_deadline(timeout);
    const bool connected = co_await lease->socket.connect(address, origin.port);
    lease->deadline_ms = 0;
    if (connected && !closed_) co_return lease;
  }
  co_return std::unexpected(UpstreamFailure::kNotConnected);
}

void UpstreamPool::close() {
  closed_ = true;
  for (auto& [authority, peer] : peers_) {
    while (!peer.idle.empty()) {
      auto connection = std::move(peer.idle.back());
      peer.idle.pop_back();
      discard(std::move(connection));
    }
  }
  idle_ = 0;
  for (UpstreamConnection* connection : in_use_) connection->socket.cancel();
}

void UpstreamPool::add(UpstreamConnection& connection) {
  connection.place = in_use_.size();
  connection.expired = false;
  in_use_.push_back(&connection);
  if (in_use_.size() == 1) watch();
}

void UpstreamPool::remove(UpstreamConnection& connection) {
  in_use_.back()->place = connection.place;
  in_use_[connection.place] = in_use_.back();
  in_use_.pop_back();
}

void UpstreamPool::keep(std::unique_ptr<UpstreamConnection> connection) {
  UpstreamPeer& peer = connection->peer;
  if (closed_ || peer.idle.size() >= limits_.idle_max) return discard(std::move(connection));
  connection->used = true;
  connection->deadline_ms = 0;
  connection->pump.reset();
  connection->idle_since_ms = now_ms();
  if (connection->in.size() > kBufferBytesKept) {
    connection->in = {};
    connection->at = connection->end = 0;
  }
  peer.idle.push_back(std::move(connection));
  ++idle_;
}

void UpstreamPool::discard(std::unique_ptr<UpstreamConnection> connection) {
  --connection->peer.open;
}

/// One timer for all deadlines: every few milliseconds while something is in use, rarely while
/// connections only age, never else.
void UpstreamPool::watch() {
  if (watching_ || closed_) return;
  if (in_use_.empty() && idle_ == 0) return;
  watching_ = true;
  auto look = [self = shared_from_this()] {
    self->watching_ = false;
    self->sweep();
  };
  executor_.post_after(in_use_.empty() ? kIdleWatchPause : kWatchPause, look);
}

void UpstreamPool::sweep() {
  const std::int64_t now = now_ms();
  for (UpstreamConnection* connection : in_use_) {
    if (connection->deadline_ms == 0 || now < connection->deadline_ms) continue;
    connection->deadline_ms = 0;
    connection->expired = true;
    connection->socket.cancel();
    if (connection->companion != nullptr) connection->companion->cancel();
  }
  sweep_idle(now);
  watch();
}

void UpstreamPool::sweep_idle(std::int64_t now) {
  for (auto& [authority, peer] : peers_) {
    // The oldest are in front.
    std::size_t old = 0;
    while (old < peer.idle.size() &&
           now - peer.idle[old]->idle_since_ms >= limits_.idle_timeout.count()) {
      ++old;
    }
    if (old == 0) continue;
    peer.open -= old;
    idle_ -= old;
    peer.idle.erase(peer.idle.begin(), peer.idle.begin() + static_cast<std::ptrdiff_t>(old));
  }
}

}  // namespace baedal::http
