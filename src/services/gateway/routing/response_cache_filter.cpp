// LocalResponseCache: answers to GET, kept for a while in this process.
#include <algorithm>
#include <list>
#include <map>
#include <mutex>

#include "kernel/text.hpp"
#include "services/gateway/routing/header_filters.hpp"

namespace baedal::gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kCacheBytes = 64 * 1024 * 1024;

bool says(const std::optional<std::string>& cache_control, std::string_view directive) {
  if (!cache_control) return false;
  const std::vector<std::string> words = split_list(*cache_control);
  return std::ranges::any_of(words, [&](const std::string& word) {
    return iequals(trim(std::string_view{word}.substr(0, word.find('='))), directive);
  });
}

std::optional<std::string> header_list(const http::Response& response, std::string_view name) {
  std::optional<std::string> all;
  for (const http::Header& header : response.headers) {
    if (!iequals(header.name, name)) continue;
    all = all ? *all + "," + header.value : header.value;
  }
  return all;
}

/// Everything an answer may depend on, whether or not it says so: who asks, in what form they want
/// it, and the host that its links lead to.
std::string key_of(const http::Request& request) {
  std::string key{request.target};
  key.append("\n").append(request.link_base);
  for (const char* name :
       {"Authorization", "Cookie", "Accept", "Accept-Encoding", "Accept-Language", "Origin"}) {
    key.append("\n").append(request.header_list(name).value_or(""));
  }
  return key;
}

bool may_be_answered_from_memory(const http::Request& request) {
  if (request.method != http::Method::kGet || !request.body.empty() || request.stream) return false;
  for (const char* name : {"Range", "If-Match", "If-None-Match", "If-Modified-Since",
                           "If-Unmodified-Since", "Upgrade"}) {
    if (request.header(name)) return false;
  }
  const auto control = request.header_list("Cache-Control");
  return !says(control, "no-store") && !says(control, "no-cache");
}

/// Vary beyond what the key has already is not kept: it would need a key for each answer.
bool may_be_kept(const http::Response& response) {
  if (response.status != 200 || response.stream || response.tunnel) return false;
  const auto control = header_list(response, "Cache-Control");
  for (const char* directive : {"no-store", "no-cache", "private"}) {
    if (says(control, directive)) return false;
  }
  if (header_list(response, "Set-Cookie")) return false;
  const std::vector<std::string> vary = split_list(header_list(response, "Vary").value_or(""));
  return std::ranges::all_of(vary, [](const std::string& name) {
    return iequals(name, "Accept") || iequals(name, "Accept-Encoding") ||
           iequals(name, "Accept-Language") || iequals(name, "Origin") || iequals(name, "Cookie") ||
           iequals(name, "Authorization") || iequals(name, "Access-Control-Request-Method") ||
           iequals(name, "Access-Control-Request-Headers");
  });
}

/// Answers by key, the oldest forgotten first. Any thread.
class ResponseCache {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  ResponseCache(std::chrono::milliseconds time_to_live, std::uint64_t bytes_max)
      : time_to_live_(time_to_live), bytes_max_(bytes_max) {}

  std::optional<http::Response> find(const std::string& key, TimePoint now) {
    const std::lock_guard lock(mutex_);
    forget_until(now);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    http::Response response = found->second->response;
    const auto age = std::chrono::floor<std::chrono::seconds>(now - found->second->kept);
    response.with("Age", std::to_string(age.count()));
    return response;
  }

  void keep(std::string key, const http::Response& response, TimePoint now) {
    std::uint64_t bytes = 2 * key.size() + response.body.size() + sizeof(Entry);
    for (const auto& [name, value] : response.headers) bytes += name.size() + value.size();
    if (bytes > bytes_max_) return;
    const std::lock_guard lock(mutex_);
    if (const auto known = by_key_.find(key); known != by_key_.end()) forget(known->second);
    while (bytes_ + bytes > bytes_max_) forget(entries_.begin());
    bytes_ += bytes;
    entries_.push_back({key, response, now, bytes});
    by_key_.emplace(std::move(key), std::prev(entries_.end()));
  }

 private:
  struct Entry {
    std::string key;
    http::Response response;
    TimePoint kept;
    std::uint64_t bytes;
  };
  void forget(std::list<Entry>::iterator entry) {
    bytes_ -= entry->bytes;
    by_key_.erase(entry->key);
    entries_.erase(entry);
  }
  void forget_until(TimePoint now) {
    while (!entries_.empty() && now - entries_.front().kept >= time_to_live_) {
      forget(entries_.begin());
    }
  }

  const std::chrono::milliseconds time_to_live_;
  const std::uint64_t bytes_max_;
  std::mutex mutex_;
  std::list<Entry> entries_;  ///< the oldest in front
  std::map<std::string, std::list<Entry>::iterator, std::less<>> by_key_;
  std::uint64_t bytes_ = 0;
};

class ResponseCacheFilter final : public Filter {
 public:
  ResponseCacheFilter(Arguments& arguments, const Clock& clock) : clock_(clock) {
    arguments.order({"timeToLive", "size"});
    const auto time_to_live = arguments.duration("timeToLive", 5min);
    cache_ = std::make_unique<ResponseCache>(time_to_live, arguments.size("size", kCacheBytes));
    text_ = "LocalResponseCache " + arguments.shown();
  }

  [[nodiscard]] bool wraps() const override { return true; }
  [[nodiscard]] std::string describe() const override { return text_; }

  Task<http::Response> apply(Exchange& exchange, const FilterChain& rest, std::size_t at,
                             Upstream& upstream) const override {
    const bool from_memory = may_be_answered_from_memory(exchange.request);
    std::string key = from_memory ? key_of(exchange.request) : std::string{};
    if (from_memory) {
      if (auto kept = cache_->find(key, clock_.monotonic())) co_return std::move(*kept);
    }
    auto passing = rest.run(exchange, upstream, at);
    http::Response response = co_await passing;
    if (from_memory && may_be_kept(response)) {
      cache_->keep(std::move(key), response, clock_.monotonic());
    }
    co_return response;
  }

 private:
  const Clock& clock_;
  std::unique_ptr<ResponseCache> cache_;
  std::string text_;
};

}  // namespace

FilterPointer make_response_cache_filter(Arguments& arguments, const Clock& clock) {
  return std::make_shared<const ResponseCacheFilter>(arguments, clock);
}

}  // namespace baedal::gateway
