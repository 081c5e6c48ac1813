#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace baedal::http {

/// How many connections each client has open. Any thread.
class ConnectionCounts {
 public:
  /// Counts one more of `client`; how many that makes.
  std::size_t add(const std::string& client) {
    const std::lock_guard lock(mutex_);
    return ++open_[client];
  }

  void remove(const std::string& client) {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(client);
    if (found != open_.end() && --found->second == 0) open_.erase(found);
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> open_;
};

}  // namespace baedal::http
