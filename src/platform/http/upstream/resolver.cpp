#include "platform/http/upstream/resolver.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

#include "kernel/async/sync.hpp"

namespace baedal::http {
namespace {

bool is_ip_address(const std::string& host) {
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

}  // namespace

struct Resolver::Answer {
  Event ready;
  std::shared_ptr<const Addresses> addresses;  ///< set before ready
};

Addresses Resolver::system_lookup(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  Addresses addresses;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return addresses;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(at->ai_addr, at->ai_addrlen, text.data(), text.size(), nullptr, 0,
                      NI_NUMERICHOST) == 0) {
      addresses.emplace_back(text.data());
    }
  }
  ::freeaddrinfo(found);
  return addresses;
}

Resolver::Resolver(const Clock& clock, Options options, Lookup lookup)
    : clock_(clock),
      options_(options),
      lookup_(std::move(lookup)),
      thread_([this]() noexcept { run(); }) {
  pthread_setname_np(thread_.native_handle(), "baedal-dns");
}

Resolver::~Resolver() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  thread_.join();
}

std::shared_ptr<const Addresses> Resolver::cached(const std::string& host) {
  const TimePoint now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  auto known = entries_.find(host);
  if (known == entries_.end() && is_ip_address(host)) {
    auto self = std::make_shared<const Addresses>(Addresses{host});
    known = entries_.emplace(host, Entry{self, TimePoint::max(), now, nullptr}).first;
  }
  if (known == entries_.end() || now >= known->second.fresh_until) return nullptr;
  return known->second.addresses;
}

Task<std::shared_ptr<const Addresses>> Resolver::resolve(std::string host) {
  if (auto known = cached(host)) co_return known;
  std::shared_ptr<Answer> answer;
  {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[host];
    if (!entry.pending) {
      entry.pending = std::make_shared<Answer>();
      queue_.push_back(host);
    }
    answer = entry.pending;
  }
  work_.notify_one();
  co_await answer->ready.wait();
  co_return answer->addresses;
}

void Resolver::run() {
  while (true) {
    std::string host;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      host = std::move(queue_.front());
      queue_.pop_front();
    }
    Addresses found = lookup_(host);
    store(host, std::move(found));
  }
}

void Resolver::store(const std::string& host, Addresses found) {
  const TimePoint now = clock_.monotonic();
  std::shared_ptr<Answer> answer;
  {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[host];
    const bool keep_old =
        found.empty() && entry.addresses && now - entry.resolved < options_.stale_max;
    entry.fresh_until = now + (found.empty() ? options_.failure_ttl : options_.ttl);
    if (!keep_old) {
      entry.addresses = std::make_shared<const Addresses>(std::move(found));
      entry.resolved = now;
    }
    answer = std::exchange(entry.pending, nullptr);
    answer->addresses = entry.addresses;
  }
  answer->ready.set();
}

}  // namespace baedal::http
