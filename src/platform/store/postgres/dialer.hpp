#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "platform/store/postgres/connection.hpp"

namespace baedal::store::postgres {

/// Makes the writer's next connection in the background, with growing pauses, so that the writer
/// itself never waits for a server that is away.
class Dialer {
 public:
  Dialer(std::string thread_name, Target target);
  ~Dialer();
  Dialer(const Dialer&) = delete;
  Dialer& operator=(const Dialer&) = delete;

  /// A connection that is ready; null while there is none, and then one is being made.
  std::unique_ptr<Connection> take();
  /// The same, but waits for it until `deadline`.
  std::unique_ptr<Connection> take_until(std::chrono::steady_clock::time_point deadline);

 private:
  void dial_until_stopped();

  const std::string thread_name_;
  const Target target_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;
  bool stopping_ = false;
  std::unique_ptr<Connection> ready_;
  std::thread thread_;
};

}  // namespace baedal::store::postgres
