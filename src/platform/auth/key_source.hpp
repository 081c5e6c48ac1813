#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "kernel/clock.hpp"
#include "platform/auth/jwks.hpp"
#include "platform/http/client.hpp"

namespace baedal::auth {

/// Where the keys of an issuer come from. Any thread; never blocks on the network.
class KeySource {
 public:
  virtual ~KeySource() = default;
  /// The keys as they are now; another pointer once they changed. Never null.
  virtual std::shared_ptr<const KeySet> keys() = 0;
  /// A token named a key that is not there: newer keys are looked for, now or soon, not more often
  /// than is good for where they come from.
  virtual void want_newer() {}
};

/// The keys as they are now, for many readers and one writer. A mutex: the atomic shared_ptr of
/// libstdc++ 12 lets go of its own lock without ordering, which is a race by the letter.
class PresentKeys {
 public:
  explicit PresentKeys(std::shared_ptr<const KeySet> keys = nullptr) : keys_(std::move(keys)) {}
  [[nodiscard]] std::shared_ptr<const KeySet> get() const {
    const std::lock_guard lock(mutex_);
    return keys_;
  }
  void set(std::shared_ptr<const KeySet> keys) {
    const std::lock_guard lock(mutex_);
    keys_.swap(keys);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const KeySet> keys_;
};

/// Keys that never change: this installation's own.
class FixedKeys final : public KeySource {
 public:
  explicit FixedKeys(KeySet keys) : keys_(std::make_shared<const KeySet>(std::move(keys))) {}
  std::shared_ptr<const KeySet> keys() override { return keys_; }

 private:
  const std::shared_ptr<const KeySet> keys_;
};

/// A JSON Web Key Set in a file, read again when the file has changed (looked at once a second at
/// most). A file that cannot be read leaves the keys as they are, and says so in the log.
class FileKeys final : public KeySource {
 public:
  /// kInvalid, with a sentence, when there is no usable key set in it now.
  [[nodiscard]] static Result<std::unique_ptr<FileKeys>> open(std::string path, const Clock& clock);
  std::shared_ptr<const KeySet> keys() override;

 private:
  /// What tells one content of the file from another.
  struct Stamp {
    std::int64_t inode = 0, bytes = 0, nanoseconds = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  FileKeys(std::string path, const Clock& clock) : path_(std::move(path)), clock_(clock) {}
  [[nodiscard]] Stamp stamp() const;
  Result<void> read();

  const std::string path_;
  const Clock& clock_;
  PresentKeys keys_;
  std::atomic<std::chrono::steady_clock::time_point> looked_at_{};
  std::mutex mutex_;
  Stamp stamp_;  ///< of what was read last, under mutex_
};

/// A JSON Web Key Set behind an http:// or https:// URL, fetched by a thread of its own: every
/// `period`, and soon after a token named an unknown key, at most once in `pause`. A failed fetch
/// leaves the keys as they are. Until the first success there are none.
class UrlKeys final : public KeySource {
 public:
  struct Pace {
    std::chrono::milliseconds period{300'000};
    std::chrono::milliseconds pause{10'000};
  };

  /// Fetches once before it returns, waiting a few seconds at most; that this fails is no error.
  UrlKeys(std::string url, Pace pace, http::ClientTrust trust = {});
  ~UrlKeys() override;
  UrlKeys(const UrlKeys&) = delete;
  UrlKeys& operator=(const UrlKeys&) = delete;
  std::shared_ptr<const KeySet> keys() override { return keys_.get(); }
  void want_newer() override;

 private:
  void fetch();
  void run();

  const std::string url_;
  const std::string shown_url_;  ///< without a password
  const Pace pace_;
  const http::ClientTrust trust_;
  PresentKeys keys_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;   // under mutex_
  bool stopped_ = false;  // under mutex_
  std::string content_;   ///< fetched last; of the thread
  std::thread thread_;
};

}  // namespace baedal::auth
