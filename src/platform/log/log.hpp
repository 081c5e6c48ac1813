#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/error.hpp"
#include "platform/log/field.hpp"
#include "platform/log/level.hpp"
#include "platform/log/trace_ids.hpp"

/// Structured logs of the process:
///
///   log::info("order", "placed", {{"orderId", id}, {"amount", amount}});
///
/// The message is a fixed text, so that it can be searched and counted; what varies is a field. The
/// logger is the room or service, with dots for parts ("store.sqlite" takes the level of "store"
/// unless it has its own). Every function may be called from any thread, also before configure().
/// Lines go out whole; control characters in them are escaped, so one event is always one line.
///
/// This is the one global of the project: passing a logger to everything that may fail would hide
/// what matters in every signature.
namespace baedal::log {

enum class Format { kText, kJson };
enum class Colour { kAuto, kAlways, kNever };  ///< kAuto: when the output is a terminal

struct Options {
  Level level = Level::kInfo;
  std::vector<std::pair<std::string, Level>> levels{};  ///< of single loggers
  Format format = Format::kText;
  Colour colour = Colour::kAuto;
  /// 0: each line is written by the thread that logs it. Else a thread of its own writes, at most
  /// this many lines wait, and the oldest is dropped (and counted) when it is full.
  std::size_t queue_max = 0;
  std::FILE* output = stderr;  ///< borrowed, for ever or until the next configure()
};

/// Replaces the present options and levels, after writing what waits.
void configure(const Options& options);

/// Writes what waits; later lines are written directly. For the end of main().
void close();

/// Whether an event of that level would be written: for arguments that cost something.
[[nodiscard]] bool enabled(Level level, std::string_view logger);

/// One logger that is asked often: enabled() without a lock. Follows every change of its level; any
/// thread; may be copied and kept for ever.
class Gate {
 public:
  explicit Gate(std::string_view logger);
  [[nodiscard]] bool enabled(Level level) const {
    return level >= effective_->load(std::memory_order_relaxed) && level < Level::kOff;
  }

 private:
  const std::atomic<Level>* effective_;
};

/// Tells which trace the calling thread works for; false when for none. Called for each line that
/// is written and none other, on the thread that writes it.
using TraceSource = bool (*)(TraceIds&);
/// From now on lines carry `trace_id` and `span_id`, where there are any; null: no longer.
void set_trace_source(TraceSource source);

void write(Level level, std::string_view logger, std::string_view message,
           std::span<const Field> fields);
inline void write(Level level, std::string_view logger, std::string_view message,
                  std::initializer_list<Field> fields = {}) {
  write(level, logger, message, std::span<const Field>{fields.begin(), fields.size()});
}

inline void trace(std::string_view logger, std::string_view message,
                  std::initializer_list<Field> fields = {}) {
  write(Level::kTrace, logger, message, fields);
}
inline void debug(std::string_view logger, std::string_view message,
                  std::initializer_list<Field> fields = {}) {
  write(Level::kDebug, logger, message, fields);
}
inline void info(std::string_view logger, std::string_view message,
                 std::initializer_list<Field> fields = {}) {
  write(Level::kInfo, logger, message, fields);
}
inline void warn(std::string_view logger, std::string_view message,
                 std::initializer_list<Field> fields = {}) {
  write(Level::kWarn, logger, message, fields);
}
inline void error(std::string_view logger, std::string_view message,
                  std::initializer_list<Field> fields = {}) {
  write(Level::kError, logger, message, fields);
}

/// The logger all others fall back to.
inline constexpr std::string_view kRootLogger = "ROOT";

struct LoggerState {
  std::string name;
  std::optional<Level> configured;  ///< nullopt: takes the level of its parent
  Level effective = Level::kInfo;
};

/// Every logger used or configured so far, ROOT first, then by name.
[[nodiscard]] std::vector<LoggerState> loggers();

/// Sets or (nullopt) clears a logger's own level; clearing ROOT's makes it info. kInvalid for a
/// name no logger can have, kConflict when there are too many loggers.
Result<void> set_level(std::string_view logger, std::optional<Level> level);

/// Events written since the start, by level (index = Level).
[[nodiscard]] std::array<std::uint64_t, kLevelCount> event_counts();
/// Lines dropped because the queue was full.
[[nodiscard]] std::uint64_t dropped_count();

}  // namespace baedal::log
