#pragma once

#include <cstdint>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace baedal::http {

/// Something with a file descriptor that a Poller looks after.
class Polled {
 public:
  virtual ~Polled() = default;
  /// `events` of epoll have come, or 0 after Poller::soon(). May destroy this.
  virtual void wake(std::uint32_t events) = 0;

 private:
  friend class Poller;
  bool soon_ = false;
};

/// The sockets of one event loop, in an epoll of their own which the loop waits for as for one
/// descriptor. An Asio socket asks the system at each read whether something is there already,
/// mostly in vain; here a socket is asked once it is known to have something: a third of the reads
/// of a proxied request, and the locks and allocations of Asio's operations, are gone. The loop's
/// thread only.
class Poller {
 public:
  /// That of `loop`; lives as long.
  [[nodiscard]] static Poller& of(boost::asio::io_context& loop);

  explicit Poller(boost::asio::io_context& loop);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Wakes `polled` at every change of what `fd` can do (edge triggered). 0, or an errno.
  [[nodiscard]] int add(int fd, Polled& polled);
  /// Never wakes it again. Before `fd` is closed; -1: was not added, or is closed.
  void forget(int fd, Polled& polled);
  /// Wakes it once, in the next turn of the loop.
  void soon(Polled& polled);
  /// Counts the looks at the sockets. All that one look found is woken under the same number,
  /// however many that are and however long it takes.
  [[nodiscard]] std::uint64_t turn() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal::http
