#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>

#include "kernel/error.hpp"
#include "kernel/once.hpp"
#include "platform/http/message.hpp"

namespace baedal::http {

/// Idempotency-Key of POST and PATCH: turns the header into the key of the commit, and keeps two
/// requests with one key from running at the same time in this process (across processes the
/// store's key does it). Any thread.
class Idempotency {
 public:
  /// Ends the request's claim on its key.
  class Claim {
   public:
    Claim() = default;
    Claim(Idempotency* owner, std::string key) : owner_(owner), key_(std::move(key)) {}
    Claim(Claim&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), key_(std::move(other.key_)) {}
    Claim& operator=(Claim&& other) noexcept {
      std::swap(owner_, other.owner_);
      std::swap(key_, other.key_);
      return *this;
    }
    ~Claim() {
      if (owner_ != nullptr) owner_->release(key_);
    }

   private:
    Idempotency* owner_ = nullptr;
    std::string key_;
  };

  struct Begun {
    OnceKey key;  ///< empty when the request has no Idempotency-Key
    Claim claim;
  };

  /// kInvalid for a malformed key (1 to 255 visible ASCII characters), kIdempotencyInFlight while
  /// the first request with that key is still running.
  Result<Begun> begin(const Request& request);

 private:
  void release(const std::string& key);

  std::mutex mutex_;
  std::unordered_set<std::string> running_;
};

}  // namespace baedal::http
