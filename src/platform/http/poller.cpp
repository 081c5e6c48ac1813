#include "platform/http/poller.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <span>
#include <vector>

#include "kernel/assert.hpp"

namespace baedal::http {
namespace asio = boost::asio;
using LoopExecutor = asio::io_context::executor_type;

namespace {

constexpr std::size_t kEventsAtFirst = 128;
constexpr std::size_t kEventsMax = 16 * 1024;
/// Then others of the loop have their turn: answers that are ready, above all.
constexpr std::size_t kEventsInARow = 64;
/// More than this is a crowd, of which the newest have their turn first.
constexpr std::size_t kCrowd = 256;

int open_epoll() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  BAEDAL_ASSERT(fd >= 0);
  return fd;
}

/// Makes the poller of a loop when it is first asked for.
class PollerService final : public asio::execution_context::service {
 public:
  using key_type = PollerService;
  static asio::execution_context::id id;

  explicit PollerService(asio::execution_context& loop)
      : service(loop), poller(static_cast<asio::io_context&>(loop)) {}

  Poller poller;

 private:
  void shutdown() override {}
};

asio::execution_context::id PollerService::id;

}  // namespace

struct Poller::Impl {
  explicit Impl(asio::io_context& event_loop)
      : loop(event_loop), epoll(event_loop.get_executor(), open_epoll()) {}

  void wait() {
    epoll.async_wait(asio::posix::descriptor_base::wait_read,
                     [this](const boost::system::error_code& error) {
                       if (!error) go_on();
                     });
  }

  /// Looks again and again while there is something, for that is cheaper than the loop's own wait;
  /// but not for long, since the loop has others waiting.
  void go_on() {
    for (std::size_t woken_now = 0; woken_now < kEventsInARow;) {
      if (came_events.empty() && !look()) return wait();
      woken_now += wake_some(kEventsInARow - woken_now);
    }
    if (came_events.empty()) return wait();
    asio::post(loop, [this] { go_on(); });
  }

  /// Takes all there is at once, as far as there is room: who waits is to know how many wait. The
  /// system names first what has waited longest. In a crowd not all can be taken on, and whoever
  /// is should have waited little, so that an answer of use comes soon (ADR 0028).
  bool look() {
    if (was_full) events.resize(std::min(events.size() * 2, kEventsMax));
    const int came =
        ::epoll_wait(epoll.native_handle(), events.data(), static_cast<int>(events.size()), 0);
    if (came <= 0) return false;
    ++turn;
    came_events = std::span{events}.first(static_cast<std::size_t>(came));
    was_full = came_events.size() == events.size();
    if (came_events.size() > kCrowd) std::ranges::reverse(came_events);
    return true;
  }

  std::size_t wake_some(std::size_t at_most) {
    const auto some = came_events.first(std::min(at_most, came_events.size()));
    for (const epoll_event& event : some) {
      if (event.data.ptr != nullptr) static_cast<Polled*>(event.data.ptr)->wake(event.events);
    }
    came_events = came_events.subspan(some.size());
    return some.size();
  }

  void wake_soon() {
    if (came_events.empty()) ++turn;
    woken.swap(waiting);
    for (std::size_t i = 0; i < woken.size(); ++i) {
      Polled* const polled = woken[i];
      if (polled == nullptr) continue;
      polled->soon_ = false;
      polled->wake(0);
    }
    woken.clear();
  }

  asio::io_context& loop;
  asio::posix::basic_stream_descriptor<LoopExecutor> epoll;
  std::vector<epoll_event> events = std::vector<epoll_event>(kEventsAtFirst);
  std::span<epoll_event> came_events;  ///< found by the last look, and not woken yet
  bool was_full = false;               ///< the last look may have left some behind
  std::uint64_t turn = 0;
  std::vector<Polled*> waiting;  ///< to be woken in the next turn
  std::vector<Polled*> woken;    ///< of the present one
};

Poller& Poller::of(asio::io_context& loop) { return asio::use_service<PollerService>(loop).poller; }

Poller::Poller(asio::io_context& loop) : impl_(std::make_unique<Impl>(loop)) { impl_->wait(); }
Poller::~Poller() = default;

int Poller::add(int fd, Polled& polled) {
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.ptr = &polled}};
  return ::epoll_ctl(impl_->epoll.native_handle(), EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

void Poller::forget(int fd, Polled& polled) {
  if (fd >= 0) {
    ::epoll_ctl(impl_->epoll.native_handle(), EPOLL_CTL_DEL, fd, nullptr);
    for (epoll_event& event : impl_->came_events) {
      if (event.data.ptr == &polled) event.data.ptr = nullptr;
    }
  }
  if (!std::exchange(polled.soon_, false)) return;
  std::ranges::replace(impl_->waiting, &polled, nullptr);
  std::ranges::replace(impl_->woken, &polled, nullptr);
}

void Poller::soon(Polled& polled) {
  if (std::exchange(polled.soon_, true)) return;
  impl_->waiting.push_back(&polled);
  if (impl_->waiting.size() > 1) return;
  asio::post(impl_->loop, [impl = impl_.get()] { impl->wake_soon(); });
}

std::uint64_t Poller::turn() const { return impl_->turn; }

}  // namespace baedal::http
