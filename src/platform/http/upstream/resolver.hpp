#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/clock.hpp"

namespace baedal::http {

/// IP addresses of a host, in the order to try them; empty: there are none.
using Addresses = std::vector<std::string>;

/// Finds addresses of hosts without blocking an I/O thread: IP addresses as they are, what is
/// cached at once, the rest on a helper thread (getaddrinfo knows hosts files and search domains,
/// and blocks). A name that no longer resolves keeps its last addresses for a while: a name server
/// that is down must not take down who is up. Any thread.
class Resolver {
 public:
  using Lookup = std::function<Addresses(const std::string& host)>;

  struct Options {
    std::chrono::milliseconds ttl{5'000};          ///< then it is asked again
    std::chrono::milliseconds failure_ttl{1'000};  ///< the same, after a failure
    std::chrono::milliseconds stale_max{300'000};  ///< how long old addresses outlive failures
  };

  /// The system's.
  [[nodiscard]] static Addresses system_lookup(const std::string& host);

  Resolver(const Clock& clock, Options options, Lookup lookup = system_lookup);
  /// Waits for the lookup under way. What still waits for an answer stays suspended for ever.
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// The addresses if they are known and fresh; else nullptr, and resolve() must be awaited.
  [[nodiscard]] std::shared_ptr<const Addresses> cached(const std::string& host);
  /// Resumes on the executor it was awaited on. Never null.
  Task<std::shared_ptr<const Addresses>> resolve(std::string host);

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Answer;
  struct Entry {
    std::shared_ptr<const Addresses> addresses;
    TimePoint fresh_until;
    TimePoint resolved;
    std::shared_ptr<Answer> pending;  ///< being looked up
  };
  void run();
  void store(const std::string& host, Addresses found);

  const Clock& clock_;
  const Options options_;
  const Lookup lookup_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::deque<std::string> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace baedal::http
