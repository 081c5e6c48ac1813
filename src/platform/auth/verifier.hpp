#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/auth/jws.hpp"
#include "platform/auth/key_source.hpp"
#include "platform/auth/principal.hpp"

namespace baedal::auth {

/// An issuer whose tokens are taken.
struct Trust {
  std::string issuer;       ///< "iss", to the letter
  std::string audience;     ///< one of "aud"
  std::string roles_claim;  ///< "roles", or a path as "realm_access.roles"
  /// Its tokens are those of services, whatever roles they claim; nobody else's are.
  bool of_services = false;
  std::shared_ptr<KeySource> keys;
};

/// Says who sent a token, or why it is not taken. A token seen before costs a look-up, as long as
/// it holds and the keys have not changed. Any thread.
class Verifier {
 public:
  using Verdict = std::expected<std::shared_ptr<const Principal>, Refusal>;

  struct Options {
    std::chrono::seconds leeway{30};  ///< how far clocks may be apart
    std::size_t remembered_max = 4096;
  };

  /// No two of one issuer.
  Verifier(std::vector<Trust> trusts, const Clock& clock, Options options);

  Verdict verify(std::string_view token);
  /// Of the remembered ones: for metrics and tests.
  [[nodiscard]] std::size_t remembered() const;

 private:
  struct Known {
    std::shared_ptr<const Principal> principal;
    const Trust* trust;
    std::shared_ptr<const KeySet> keys;  ///< those it was checked with
    std::int64_t until;                  ///< seconds since the epoch, leeway included
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using Memory = std::unordered_map<std::string, Known, Hash, std::equal_to<>>;

  [[nodiscard]] std::int64_t now() const;
  std::shared_ptr<const Principal> recall(std::string_view token);
  void remember(std::string_view token, Known known);
  [[nodiscard]] const Trust* trust_of(const json::Object& claims) const;
  static std::expected<std::shared_ptr<const KeySet>, Refusal> check_signature(const Trust& trust,
                                                                               const Jws& jws);
  [[nodiscard]] std::expected<std::int64_t, Refusal> check_times(const json::Object& claims) const;

  const std::vector<Trust> trusts_;
  const Clock& clock_;
  const Options options_;
  mutable std::mutex mutex_;
  Memory recent_;  ///< both under mutex_: when one is full, it takes the other's place
  Memory older_;
};

}  // namespace baedal::auth
