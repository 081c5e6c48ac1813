#include "platform/http/idempotency.hpp"

#include <algorithm>

#include "kernel/text.hpp"
#include "platform/auth/principal.hpp"

namespace baedal::http {
namespace {

constexpr std::size_t kKeyBytesMax = 255;

bool well_formed(std::string_view key) {
  return !key.empty() && key.size() <= kKeyBytesMax &&
         std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7F; });
}

/// The same request gives the same number: method, target and body, each ended by a NUL.
std::uint64_t fingerprint(const Request& request) {
  constexpr std::string_view kEnd{"\0", 1};
  std::uint64_t hash = stable_hash(to_string(request.method));
  hash = stable_hash(request.target, stable_hash(kEnd, hash));
  return stable_hash(request.body, stable_hash(kEnd, hash));
}

/// Keys of clients and ids of events share a table: the prefix keeps them apart, and the keys of
/// each caller too, so that nobody is given another's answer. The length tells where a subject
/// ends.
std::string prefix_of(const Request& request) {
  if (!request.principal || request.principal->anonymous()) return "http:";
  const std::string& subject = request.principal->subject;
  return "http-of:" + std::to_string(subject.size()) + ":" + subject + ":";
}

}  // namespace

Result<Idempotency::Begun> Idempotency::begin(const Request& request) {
  const auto field = request.header("Idempotency-Key");
  if (!field) return Begun{};
  const std::string_view key = trim(*field);
  if (!well_formed(key)) {
    return fail(ErrorKind::kInvalid, "malformed-idempotency-key",
                "Idempotency-Key must have 1 to 255 visible ASCII characters.");
  }
  std::string stored = prefix_of(request) + std::string{key};
  const std::lock_guard lock(mutex_);
  if (!running_.insert(stored).second) {
    return std::unexpected(Error{ErrorKind::kIdempotencyInFlight,
                                 "idempotency-key-in-flight",
                                 "The first request with this Idempotency-Key is still running.",
                                 {},
                                 std::chrono::seconds{1}});
  }
  OnceKey once{.key = stored, .fingerprint = fingerprint(request), .of_client = true};
  return Begun{std::move(once), Claim{this, std::move(stored)}};
}

void Idempotency::release(const std::string& key) {
  const std::lock_guard lock(mutex_);
  running_.erase(key);
}

}  // namespace baedal::http
