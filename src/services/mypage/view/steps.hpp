#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/timestamp.hpp"

namespace baedal::mypage {

/// What can become of an order, its payment and its delivery; in the order in which they are told
/// when they happened in the same moment.
enum class StepType : std::uint8_t {
  kOrdered,
  kPaid,
  kDeclined,
  kDeliveryStarted,
  kDeliveryCompleted,
  kDeliveryCancelled,
  kOrderCancelled,
  kRefunded
};
inline constexpr std::size_t kStepTypes = 8;

/// One thing that happened, and the event that told it.
struct Step {
  StepType type = StepType::kOrdered;
  Timestamp time{};     ///< when it happened, as its service says
  std::string event{};  ///< the event's id
  friend bool operator==(const Step&, const Step&) = default;
};

/// What an order has been heard to go through. Of each type the earliest event is kept (the one
/// with the lower id, where two say the same time), so that events in any order, once or several
/// times, give the same steps, and there are never more than there are types. Kept as the text it
/// is stored as: taking in an event touches nothing but that event's place in it.
class Steps {
 public:
  /// Of an event's id as much is kept as these bytes; other bytes than visible ASCII as '?'.
  static constexpr std::size_t kEventIdMax = 100;

  Steps() = default;
  /// `text` is what text() gave.
  static Steps of_text(std::string text) { return Steps{std::move(text)}; }

  /// Whether that says anything new.
  bool take(StepType type, Timestamp time, std::string_view event);
  /// In order of time; a delivery is complete when it has started at the earliest.
  [[nodiscard]] std::vector<Step> all() const;
  /// A line for each step, in order of type. Equal steps have equal texts.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string take_text() && { return std::move(text_); }

  friend bool operator==(const Steps&, const Steps&) = default;

 private:
  explicit Steps(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace baedal::mypage
