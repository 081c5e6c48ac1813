#include "platform/log/log.hpp"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "kernel/text.hpp"
#include "platform/log/format.hpp"

namespace baedal::log {
namespace {

constexpr std::size_t kLoggersMax = 256;
constexpr std::size_t kNameMax = 128;
constexpr std::array<std::string_view, 6> kNames{"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF"};

Timestamp now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count()};
}

bool well_formed(std::string_view name) {
  return !name.empty() && name.size() <= kNameMax && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

/// spdlog does what it is good at: whole lines under a lock, or a bounded queue with a thread.
/// Names, levels and the form of a line are ours.
class Output {
 public:
  explicit Output(const Options& options)
      : format_(options.format),
        colour_(options.colour == Colour::kAlways ||
                (options.colour == Colour::kAuto && ::isatty(::fileno(options.output)) == 1)) {
    using Sink = spdlog::sinks::stdout_sink_base<spdlog::details::console_mutex>;
    auto sink = std::make_shared<Sink>(options.output);
    sink->set_pattern("%v");
    if (options.queue_max == 0) {
      logger_ = std::make_shared<spdlog::logger>("baedal", std::move(sink));
    } else {
      pool_ = std::make_shared<spdlog::details::thread_pool>(options.queue_max, 1);
      logger_ = std::make_shared<spdlog::async_logger>(
          "baedal", std::move(sink), pool_, spdlog::async_overflow_policy::overrun_oldest);
    }
    logger_->set_level(spdlog::level::trace);
  }

  void write(const Record& record) const {
    const std::string line =
        format_ == Format::kJson ? format_json(record) : format_text(record, colour_);
    logger_->log(spdlog::level::info, spdlog::string_view_t{line.data(), line.size()});
  }

  [[nodiscard]] std::uint64_t dropped() const {
    return pool_ == nullptr ? 0 : pool_->overrun_counter();
  }

 private:
  Format format_;
  bool colour_;
  std::shared_ptr<spdlog::logger> logger_;
  // Goes before the logger: its thread writes what waits, and has ended when the file is let go.
  std::shared_ptr<spdlog::details::thread_pool> pool_;
};

class Logging {
 public:
  Logging() : output_(std::make_unique<Output>(Options{})) {}

  void configure(const Options& options) {
    const std::unique_lock lock{mutex_};
    options_ = options;
    replace_output();
    root_ = options.level;
    std::erase_if(loggers_, [](const auto& entry) { return !entry.second.gated; });
    for (auto& [name, logger] : loggers_) logger.configured.reset();
    for (const auto& [name, level] : options.levels) {
      if (name == kRootLogger) {
        root_ = level;
      } else if (well_formed(name) && (loggers_.contains(name) || loggers_.size() < kLoggersMax)) {
        loggers_[name].configured = level;
      }
    }
    refresh();
  }

  void close() {
    const std::unique_lock lock{mutex_};
    options_.queue_max = 0;
    replace_output();
  }

  bool enabled(Level level, std::string_view name) {
    if (level < most_verbose_.load(std::memory_order_relaxed) || level >= Level::kOff) return false;
    {
      const std::shared_lock lock{mutex_};
      if (const auto at = loggers_.find(name); at != loggers_.end()) {
        return level >= at->second.effective;
      }
    }
    const std::unique_lock lock{mutex_};
    if (loggers_.size() >= kLoggersMax || !well_formed(name)) return level >= root_;
    Logger& logger = loggers_.try_emplace(std::string{name}).first->second;
    logger.effective = inherited(name);
    return level >= logger.effective;
  }

  /// Good for ever. Whatever kLoggersMax says: a Gate is made by the program, not by whoever talks
  /// to it.
  const std::atomic<Level>& effective_of(std::string_view name) {
    const std::unique_lock lock{mutex_};
    const auto [at, made] = loggers_.try_emplace(std::string{name});
    if (made) at->second.effective = inherited(name);
    at->second.gated = true;
    return at->second.effective;
  }

  void write(const Record& record) {
    counts_[static_cast<std::size_t>(record.level)].fetch_add(1, std::memory_order_relaxed);
    const std::shared_lock lock{mutex_};
    output_->write(record);
  }

  Result<void> set_level(std::string_view name, std::optional<Level> level) {
    if (!well_formed(name)) {
      return fail(ErrorKind::kInvalid, "bad-logger-name", "No logger can have this name.");
    }
    const std::unique_lock lock{mutex_};
    if (name == kRootLogger) {
      root_ = level.value_or(Level::kInfo);
    } else {
      if (loggers_.size() >= kLoggersMax && !loggers_.contains(name)) {
        return fail(ErrorKind::kConflict, "too-many-loggers", "There are too many loggers.");
      }
      loggers_.try_emplace(std::string{name}).first->second.configured = level;
    }
    refresh();
    return {};
  }

  std::vector<LoggerState> states() {
    const std::shared_lock lock{mutex_};
    std::vector<LoggerState> all{{std::string{kRootLogger}, root_, root_}};
    for (const auto& [name, logger] : loggers_) {
      all.push_back({name, logger.configured, logger.effective});
    }
    return all;
  }

  std::array<std::uint64_t, kLevelCount> counts() const {
    std::array<std::uint64_t, kLevelCount> all{};
    for (std::size_t i = 0; i < kLevelCount; ++i) {
      all[i] = counts_[i].load(std::memory_order_relaxed);
    }
    return all;
  }

  std::uint64_t dropped() {
    const std::shared_lock lock{mutex_};
    return dropped_before_ + output_->dropped();
  }

 private:
  struct Logger {
    std::optional<Level> configured{};
    std::atomic<Level> effective = Level::kInfo;
    bool gated = false;  ///< a Gate looks at it, so it stays for ever
  };

  /// The old output goes first: it writes what waits before the new one writes anything.
  void replace_output() {
    dropped_before_ += output_->dropped();
    output_.reset();
    output_ = std::make_unique<Output>(options_);
  }

  /// The level of the nearest configured ancestor of "a.b.c": "a.b", "a", ROOT.
  [[nodiscard]] Level inherited(std::string_view name) const {
    for (auto dot = name.rfind('.'); dot != std::string_view::npos; dot = name.rfind('.')) {
      name = name.substr(0, dot);
      const auto at = loggers_.find(name);
      if (at != loggers_.end() && at->second.configured) return *at->second.configured;
    }
    return root_;
  }

  void refresh() {
    Level most = root_;
    for (auto& [name, logger] : loggers_) {
      logger.effective = logger.configured ? *logger.configured : inherited(name);
      most = std::min(most, logger.effective.load());
    }
    most_verbose_.store(most, std::memory_order_relaxed);
  }

  std::shared_mutex mutex_;  // guards everything below but the atomics
  Options options_{};
  std::unique_ptr<Output> output_;
  std::map<std::string, Logger, std::less<>> loggers_;
  Level root_ = Level::kInfo;
  std::uint64_t dropped_before_ = 0;
  std::atomic<Level> most_verbose_{Level::kInfo};
  std::array<std::atomic<std::uint64_t>, kLevelCount> counts_{};
};

/// Never destroyed: destructors of other statics may still log.
Logging& logging() {
  static auto* const instance = new Logging;
  return *instance;
}

std::atomic<TraceSource> trace_source{nullptr};

}  // namespace

std::string_view to_string(Level level) { return kNames[static_cast<std::size_t>(level)]; }

std::optional<Level> parse_level(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (iequals(text, kNames[i])) return static_cast<Level>(i);
  }
  return std::nullopt;
}

void configure(const Options& options) { logging().configure(options); }
void close() { logging().close(); }
bool enabled(Level level, std::string_view logger) { return logging().enabled(level, logger); }

void write(Level level, std::string_view logger, std::string_view message,
           std::span<const Field> fields) {
  if (!enabled(level, logger)) return;
  TraceIds ids;
  const TraceSource source = trace_source.load(std::memory_order_relaxed);
  const bool traced = source != nullptr && source(ids);
  logging().write({now(), level, logger, message, fields, traced ? &ids : nullptr});
}

Gate::Gate(std::string_view logger) : effective_(&logging().effective_of(logger)) {}

void set_trace_source(TraceSource source) { trace_source = source; }

std::vector<LoggerState> loggers() { return logging().states(); }

Result<void> set_level(std::string_view logger, std::optional<Level> level) {
  return logging().set_level(logger, level);
}

std::array<std::uint64_t, kLevelCount> event_counts() { return logging().counts(); }
std::uint64_t dropped_count() { return logging().dropped(); }

}  // namespace baedal::log
