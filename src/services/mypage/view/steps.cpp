#include "services/mypage/view/steps.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>

namespace baedal::mypage {
namespace {

// A line is "b6N;D5g9lk 5eed0123456789ab-42": a letter for the type, the time as a number of base
// 64 whose digits are the characters from '0' on, the event's id.
constexpr char kFirstLetter = 'a';
constexpr char kFirstDigit = '0';
constexpr unsigned kBitsOfDigit = 6;
constexpr std::size_t kDigitsMax = 11;
constexpr char kTimeEnd = ' ';
constexpr char kLineEnd = '\n';
/// Of a text that begins: four steps, so that it does not grow with each.
constexpr std::size_t kUsualText = 160;

char letter_of(StepType type) { return static_cast<char>(kFirstLetter + static_cast<int>(type)); }

bool is_visible(char byte) { return byte > ' ' && byte < '\x7f'; }

char* put_time(char* at, Timestamp time) {
  const auto bits = static_cast<std::uint64_t>(time.micros);
  const auto width = static_cast<unsigned>(std::bit_width(bits));
  for (unsigned digits = (width + kBitsOfDigit - 1) / kBitsOfDigit; digits > 0; --digits) {
    const auto digit = (bits >> ((digits - 1) * kBitsOfDigit)) & ((1U << kBitsOfDigit) - 1);
    *at++ = static_cast<char>(kFirstDigit + digit);
  }
  return at;
}

Timestamp read_time(std::string_view digits) {
  std::uint64_t bits = 0;
  for (const char digit : digits) {
    bits = (bits << kBitsOfDigit) | (static_cast<std::uint64_t>(digit - kFirstDigit) & 63U);
  }
  return Timestamp{static_cast<std::int64_t>(bits)};
}

/// One step as it is kept.
class Line {
 public:
  Line(StepType type, Timestamp time, std::string_view event) {
    text_[0] = letter_of(type);
    char* at = put_time(text_.data() + 1, time);
    *at++ = kTimeEnd;
    for (const char byte : event.substr(0, Steps::kEventIdMax))
      *at++ = is_visible(byte) ? byte : '?';
    *at++ = kLineEnd;
    size_ = static_cast<std::size_t>(at - text_.data());
  }
  [[nodiscard]] std::string_view whole() const { return {text_.data(), size_}; }
  [[nodiscard]] std::string_view without_end() const { return {text_.data(), size_ - 1}; }

 private:
  std::array<char, kDigitsMax + Steps::kEventIdMax + 3> text_;
  std::size_t size_;
};

/// Reads a line, its end left out. Of a damaged text what can be read.
Step read_line(std::string_view line) {
  const std::size_t end_of_time = std::min(line.find(kTimeEnd), line.size());
  return {.type = static_cast<StepType>(line.front() - kFirstLetter),
          .time = read_time(line.substr(1, end_of_time - 1)),
          .event = std::string{line.substr(std::min(end_of_time + 1, line.size()))}};
}

bool is_earlier(const Step& a, const Step& b) {
  return std::tie(a.time.micros, a.event) < std::tie(b.time.micros, b.event);
}

/// A courier's clock says when a delivery was complete, the service's when it started: what
/// completed before its start, by one clock behind the other, completed with it.
void deliver_after_start(std::vector<Step>& steps) {
  const auto started = std::ranges::find(steps, StepType::kDeliveryStarted, &Step::type);
  const auto completed = std::ranges::find(steps, StepType::kDeliveryCompleted, &Step::type);
  if (started == steps.end() || completed == steps.end()) return;
  completed->time.micros = std::max(completed->time.micros, started->time.micros);
}

/// Where the line that begins there ends, its end left out.
std::size_t end_of_line(std::string_view text, std::size_t begin) {
  return std::min(text.find(kLineEnd, begin), text.size());
}

}  // namespace

bool Steps::take(StepType type, Timestamp time, std::string_view event) {
  const Line line(type, time, event);
  const char letter = line.whole().front();
  std::size_t at = 0;
  while (at < text_.size() && text_[at] < letter) at = end_of_line(text_, at) + 1;
  if (at >= text_.size() || text_[at] != letter) {
    if (text_.empty()) text_.reserve(kUsualText);
    text_.insert(std::min(at, text_.size()), line.whole());
    return true;
  }
  const std::string_view known = std::string_view{text_}.substr(at, end_of_line(text_, at) - at);
  const std::string_view told = line.without_end();
  if (known == told || !is_earlier(read_line(told), read_line(known))) return false;
  text_.replace(at, known.size(), told);
  return true;
}

std::vector<Step> Steps::all() const {
  std::vector<Step> steps;
  for (std::size_t at = 0; at < text_.size();) {
    const std::size_t end = end_of_line(text_, at);
    const char letter = text_[at];
    const bool is_known = letter >= kFirstLetter && letter < letter_of(StepType{kStepTypes});
    if (is_known) steps.push_back(read_line(std::string_view{text_}.substr(at, end - at)));
    at = end + 1;
  }
  deliver_after_start(steps);
  std::ranges::stable_sort(steps, {}, [](const Step& step) { return step.time.micros; });
  return steps;
}

}  // namespace baedal::mypage
