#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace baedal::simulation {

/// Mistakes that are planted to see whether the simulation finds them: the review list of
/// distributed systems. None of them is in the program; each is made by an adapter of the
/// simulation.
enum class Bug : std::uint8_t {
  kPublishesBeforeCommit,    ///< events leave when they are written, not when they are durable
  kAnswersBeforeSync,        ///< a commit is answered before it is durable
  kOutboxApart,              ///< events are written behind the state, in a commit of their own
  kKeyApart,                 ///< the once-key is kept in a commit of its own, behind the effect
  kKeyForgotten,             ///< the once-key is not looked at
  kOutboxNumbersBeginAgain,  ///< an empty outbox begins at 1 after a start
  kMarksBeforePublished,     ///< rows are marked relayed when they are sent, not when kept
  kPositionBeforeHandled,    ///< a group's position moves before its events are handled
  kKeysOverPartitions,       ///< events of one key go to any partition
  kTombstoneForgotten,       ///< a cancel without a delivery writes none
  kCancelsComplete,          ///< a complete delivery can be cancelled
  kCompletesCancelled,       ///< a cancelled delivery can be completed
  kCancelsWithoutAsking,     ///< an order is cancelled without asking its delivery
  kNewProviderKeys,          ///< the provider is asked with another key each time
  kUnknownIsDeclined,        ///< no answer of the provider counts as no
  kUnknownIsApproved,        ///< no answer of the provider counts as yes
  kRefundsForgotten,         ///< a refund is answered by us, and the provider never asked
  kViewByArrival,            ///< the view takes the last event that came for the newest
  kKeysSweptTooEarly,        ///< a sweep takes every once-key, however young
};
inline constexpr std::size_t kBugCount = 19;

[[nodiscard]] std::string_view to_word(Bug bug);
[[nodiscard]] std::optional<Bug> parse_bug(std::string_view word);

}  // namespace baedal::simulation
