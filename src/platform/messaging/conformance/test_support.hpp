#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "kernel/async/manual_executor.hpp"
#include "kernel/clock.hpp"
#include "platform/messaging/bus.hpp"

namespace baedal::messaging {

/// A folder of its own, removed with the object.
class TempFolder {
 public:
  TempFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "messaging_test.XXXXXX").string();
    path_ = ::mkdtemp(path.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Stands at one moment.
class FixedClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return {1'000'000'000}; }
  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override { return {}; }
};

inline Envelope make_event(int number, const std::string& key, const std::string& type = "Made") {
  return {.id = "id-" + std::to_string(number),
          .type = type,
          .source = "test",
          .key = key,
          .time = {number},
          .traceparent = "",
          .data = R"({"number":)" + std::to_string(number) + "}"};
}

/// Events `first` to `first + count - 1`, spread over `keys` keys.
inline std::vector<Envelope> make_events(int first, int count, int keys = 3) {
  std::vector<Envelope> events;
  for (int n = first; n < first + count; ++n) {
    events.push_back(make_event(n, "key-" + std::to_string(n % keys)));
  }
  return events;
}

/// Waits for a condition that other coroutines or threads bring about.
inline Task<void> until(const std::function<bool()>& condition) {
  while (!condition()) co_await sleep_for(std::chrono::milliseconds{1});
}

/// What one group got.
struct Received {
  std::vector<Envelope> events;

  [[nodiscard]] Bus::Handler handler() {
    return [this](std::span<const Delivery> batch) { return take(batch); };
  }
  Task<Result<void>> take(std::span<const Delivery> batch) {
    for (const Delivery& delivery : batch) events.push_back(delivery.envelope);
    co_return Result<void>{};
  }
  /// Without what came again.
  [[nodiscard]] std::vector<Envelope> distinct() const {
    std::set<std::string> seen;
    std::vector<Envelope> out;
    for (const Envelope& event : events) {
      if (seen.insert(event.id).second) out.push_back(event);
    }
    return out;
  }
  [[nodiscard]] std::map<std::string, std::vector<std::string>> ids_by_key() const {
    return ids_by_key(distinct());
  }
  [[nodiscard]] static std::map<std::string, std::vector<std::string>> ids_by_key(
      std::span<const Envelope> events) {
    std::map<std::string, std::vector<std::string>> ids;
    for (const Envelope& event : events) ids[event.key].push_back(event.id);
    return ids;
  }
};

}  // namespace baedal::messaging
