#include "services/mypage/view/steps.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace baedal::mypage {
namespace {

// A line is "aqf3k2m9x0 5eed0123456789ab-42": a letter for the type, the time as a number, the id.
constexpr char kFirstLetter = 'a';
constexpr int kTimeBase = 36;
constexpr std::size_t kTimeRoom = 16;  // 13 digits, a sign
constexpr char kTimeEnd = ' ';
constexpr char kLineEnd = '\n';

char letter_of(StepType type) { return static_cast<char>(kFirstLetter + static_cast<int>(type)); }

bool is_visible(char byte) { return byte > ' ' && byte < '\x7f'; }

std::string line_of(StepType type, Timestamp time, std::string_view event) {
  char digits[kTimeRoom];
  const auto [end, error] = std::to_chars(digits, digits + kTimeRoom, time.micros, kTimeBase);
  const std::string_view id = event.substr(0, Steps::kEventIdMax);
  std::string line;
  line.reserve(static_cast<std::size_t>(end - digits) + id.size() + 3);
  line += letter_of(type);
  line.append(digits, end);
  line += kTimeEnd;
  for (const char byte : id) line += is_visible(byte) ? byte : '?';
  line += kLineEnd;
  return line;
}

/// Reads what line_of() made, its end left out. Of a damaged text what can be read.
Step read_line(std::string_view line) {
  const std::size_t end_of_time = std::min(line.find(kTimeEnd), line.size());
  Step step{.type = static_cast<StepType>(line.front() - kFirstLetter)};
  std::from_chars(line.data() + 1, line.data() + end_of_time, step.time.micros, kTimeBase);
  step.event = line.substr(std::min(end_of_time + 1, line.size()));
  return step;
}

bool is_earlier(const Step& a, const Step& b) {
  return std::tie(a.time.micros, a.event) < std::tie(b.time.micros, b.event);
}

/// Where the line that begins there ends, its end left out.
std::size_t end_of_line(std::string_view text, std::size_t begin) {
  return std::min(text.find(kLineEnd, begin), text.size());
}

}  // namespace

bool Steps::take(StepType type, Timestamp time, std::string_view event) {
  const std::string line = line_of(type, time, event);
  std::size_t at = 0;
  while (at < text_.size() && text_[at] < line.front()) at = end_of_line(text_, at) + 1;
  if (at >= text_.size() || text_[at] != line.front()) {
    text_.insert(std::min(at, text_.size()), line);
    return true;
  }
  const std::string_view known = std::string_view{text_}.substr(at, end_of_line(text_, at) - at);
  const std::string_view told{line.data(), line.size() - 1};
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
  std::ranges::stable_sort(steps, {}, [](const Step& step) { return step.time.micros; });
  return steps;
}

}  // namespace baedal::mypage
