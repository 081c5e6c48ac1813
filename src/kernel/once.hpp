#pragma once

#include <cstdint>
#include <string>

namespace baedal {

/// Makes a commit happen at most once: an HTTP Idempotency-Key or the id of a consumed event.
/// `fingerprint` is a hash of the request; the same key with another fingerprint is refused.
/// An empty key means: no deduplication asked for.
struct OnceKey {
  std::string key{};
  std::uint64_t fingerprint = 0;
  /// Chosen by a client: a new one may be refused where as many are kept as may be. One of an event
  /// never is.
  bool of_client = false;

  [[nodiscard]] bool empty() const { return key.empty(); }
  [[nodiscard]] static OnceKey none() { return {}; }
  /// The key of a consumed event. Events need no fingerprint: their id says it all.
  [[nodiscard]] static OnceKey of_event(std::string event_id) { return {std::move(event_id), 0}; }
};

/// What a commit_once gave: the value of this run, or (replayed) of the first run with that key.
template <class T>
struct Committed {
  T value;
  bool replayed = false;
};

}  // namespace baedal
