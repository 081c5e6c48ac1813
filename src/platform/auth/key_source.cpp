#include "platform/auth/key_source.hpp"

#include <sys/stat.h>

#include <fstream>

#include "platform/config/masked.hpp"
#include "platform/http/client.hpp"
#include "platform/log/log.hpp"

namespace baedal::auth {
namespace {

constexpr std::size_t kDocumentBytesMax = 256 * 1024;
constexpr std::chrono::seconds kLookPause{1};
constexpr std::chrono::seconds kFetchTimeout{5};

Result<KeySet> read_keys(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kDocumentBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (!file.is_open() || file.bad()) {
    return fail(ErrorKind::kInvalid, "no-key-set", "it cannot be read");
  }
  if (text.size() > kDocumentBytesMax) {
    return fail(ErrorKind::kInvalid, "bad-key-set", "it is larger than 256 KiB");
  }
  return KeySet::parse(text);
}

}  // namespace

Result<std::unique_ptr<FileKeys>> FileKeys::open(std::string path, const Clock& clock) {
  std::unique_ptr<FileKeys> source{new FileKeys(std::move(path), clock)};
  if (auto read = source->read(); !read) {
    return fail(ErrorKind::kInvalid, "bad-key-set",
                "The key set " + source->path_ + " is of no use: " + read.error().detail + ".");
  }
  source->looked_at_ = clock.monotonic();
  return source;
}

FileKeys::Stamp FileKeys::stamp() const {
  struct stat status {};
  if (stat(path_.c_str(), &status) != 0) return {};
  return {static_cast<std::int64_t>(status.st_ino), static_cast<std::int64_t>(status.st_size),
          std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

Result<void> FileKeys::read() {
  // The stamp first: what is written while it is read will be read again.
  stamp_ = stamp();
  auto keys = read_keys(path_);
  if (!keys) return pass_on(keys);
  keys_.set(std::make_shared<const KeySet>(std::move(*keys)));
  return {};
}

std::shared_ptr<const KeySet> FileKeys::keys() {
  const auto now = clock_.monotonic();
  auto before = looked_at_.load(std::memory_order_relaxed);
  if (now - before >= kLookPause && looked_at_.compare_exchange_strong(before, now)) {
    const std::lock_guard lock(mutex_);
    if (const Stamp present = stamp(); present != stamp_) {
      if (auto again = read(); again) {
        log::info("auth", "keys read again", {{"file", path_}});
      } else {
        log::error("auth", "keys cannot be read; those before stay",
                   {{"file", path_}, {"why", again.error().detail}});
      }
    }
  }
  return keys_.get();
}

UrlKeys::UrlKeys(std::string url, Pace pace, http::ClientTrust trust)
    : url_(std::move(url)),
      shown_url_(config::masked(url_)),
      pace_(pace),
      trust_(std::move(trust)),
      keys_(std::make_shared<const KeySet>(std::vector<KeySet::Named>{})) {
  fetch();
  thread_ = std::thread([this] { run(); });
}

UrlKeys::~UrlKeys() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void UrlKeys::want_newer() {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  changed_.notify_all();
}

void UrlKeys::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    changed_.wait_for(lock, pace_.pause, [this] { return stopped_; });
    changed_.wait_for(lock, pace_.period, [this] { return stopped_ || wanted_; });
    if (stopped_) return;
    wanted_ = false;
    lock.unlock();
    fetch();
    lock.lock();
  }
}

void UrlKeys::fetch() {
  auto answer =
      http::request("GET", url_, {{"Accept", "application/json"}}, {}, kFetchTimeout, trust_);
  std::string why = answer ? "" : answer.error().detail;
  if (answer && answer->status != 200) why = "status " + std::to_string(answer->status);
  if (why.empty() && answer->body.size() > kDocumentBytesMax) why = "larger than 256 KiB";
  if (why.empty()) {
    if (answer->body == content_) return;
    if (auto keys = KeySet::parse(answer->body); keys) {
      keys_.set(std::make_shared<const KeySet>(std::move(*keys)));
      content_ = std::move(answer->body);
      log::info("auth", "keys fetched", {{"url", shown_url_}});
      return;
    } else {
      why = keys.error().detail;
    }
  }
  log::error("auth", "keys cannot be fetched; those before stay",
             {{"url", shown_url_}, {"why", why}});
}

}  // namespace baedal::auth
