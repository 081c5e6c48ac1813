#include "platform/messaging/embedded/embedded_bus.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "platform/messaging/embedded/event_log.hpp"
#include "platform/messaging/embedded/group.hpp"

namespace baedal::messaging {
namespace {

namespace fs = std::filesystem;

bool is_file_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !name.empty() && name.front() != '.' && std::ranges::all_of(name, allowed);
}

}  // namespace

struct EmbeddedBus::Impl {
  Impl(fs::path groups_folder_in, const EmbeddedBusOptions& options_in, std::unique_ptr<Log> log)
      : groups_folder(std::move(groups_folder_in)),
        options(options_in),
        events(std::move(log), options.tail_bytes_max,
               {.delay = options.sync_delay, .retry_delay = options.sync_retry_delay},
               [this] { upkeep(); }) {}

  /// On the syncing thread.
  void upkeep() {
    const std::lock_guard lock(groups_mutex);
    for (const auto& group : groups) {
      if (!group->sync()) events.request_upkeep();
    }
    static_cast<void>(events.log().retire(handled_by_all()));
  }

  [[nodiscard]] Offset handled_by_all() const {
    Offset handled = events.end_offset();
    for (const auto& group : groups) handled = std::min(handled, group->position());
    return started ? handled : 0;
  }

  void wake_groups() {
    for (const auto& group : groups) group->wake();
  }

  const fs::path groups_folder;
  const EmbeddedBusOptions options;
  std::mutex groups_mutex;  ///< the upkeep against subscribe() and start()
  std::vector<std::unique_ptr<Group>> groups;
  bool started = false;  ///< positions are known
  Offset end_at_start = 0;
  std::atomic<bool> running{false};
  StopFlag stop;
  EventLog events;  ///< last: its thread uses the groups
};

Result<std::unique_ptr<EmbeddedBus>> EmbeddedBus::open(const fs::path& folder,
                                                       const EmbeddedBusOptions& options) {
  auto log = Log::open(folder, options.log);
  if (!log) return pass_on(log);
  std::error_code error;
  fs::create_directories(folder / "groups", error);
  if (error) return unavailable("log-io", "cannot create the groups' folder: " + error.message());
  if (auto synced = sync_folder(folder); !synced) return pass_on(synced);
  auto impl = std::make_unique<Impl>(folder / "groups", options, std::move(*log));
  return std::unique_ptr<EmbeddedBus>(new EmbeddedBus(std::move(impl)));
}

EmbeddedBus::EmbeddedBus(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

EmbeddedBus::~EmbeddedBus() { BAEDAL_ASSERT(!impl_->running); }

Task<Result<void>> EmbeddedBus::publish_all(std::vector<Envelope> events) {
  if (events.empty()) co_return Result<void>{};
  auto end = impl_->events.append(events);
  if (!end) co_return pass_on(end);
  if (impl_->running) impl_->wake_groups();
  co_return co_await impl_->events.synced(*end);
}

void EmbeddedBus::subscribe(std::string group, Handler handler) {
  BAEDAL_ASSERT(!impl_->running);
  BAEDAL_ASSERT(is_file_name(group));
  const std::lock_guard lock(impl_->groups_mutex);
  for (const auto& other : impl_->groups) BAEDAL_ASSERT(other->name() != group);
  impl_->groups.push_back(std::make_unique<Group>(std::move(group), std::move(handler)));
  impl_->started = false;
}

Result<void> EmbeddedBus::start() {
  BAEDAL_ASSERT(!impl_->running);
  {
    const std::lock_guard lock(impl_->groups_mutex);
    for (const auto& group : impl_->groups) {
      auto opened = group->open(impl_->groups_folder, impl_->events, impl_->options.log.faults);
      if (!opened) return opened;
    }
    impl_->started = true;
    impl_->end_at_start = impl_->events.end_offset();
  }
  impl_->stop.reset();
  impl_->running = true;
  const GrowingPause pause(impl_->options.pause_first, impl_->options.pause_max);
  for (const auto& group : impl_->groups) {
    spawn(group->run(impl_->events, impl_->stop, pause, impl_->options.stream_interval));
  }
  return {};
}

Task<void> EmbeddedBus::stop() {
  impl_->stop.request();
  if (!impl_->running) co_return;
  impl_->wake_groups();
  for (const auto& group : impl_->groups) co_await group->ended().wait();
  for (const auto& group : impl_->groups) static_cast<void>(group->sync());
  impl_->running = false;
}

StopFlag& EmbeddedBus::stop_flag() { return impl_->stop; }

Task<Result<void>> EmbeddedBus::replay(Handler handler) {
  const Offset end = impl_->events.end_offset();
  Offset from = impl_->events.log().begin_offset();
  while (from < end) {
    if (impl_->stop.requested()) co_return unavailable("bus-stopping", "The bus is stopping.");
    const auto batch = impl_->events.read(from);
    if (!batch) co_return std::unexpected(batch.error());
    const auto beyond = std::ranges::lower_bound(batch->deliveries, end, {}, &Delivery::offset);
    const std::span<const Delivery> wanted(batch->deliveries.begin(), beyond);
    auto handled = co_await handler(wanted);
    if (!handled) co_return handled;
    from = batch->next;
    co_await yield();
  }
  co_return Result<void>{};
}

std::vector<GroupStatus> EmbeddedBus::groups() const {
  std::vector<GroupStatus> status;
  const Offset end = impl_->events.end_offset();
  for (const auto& group : impl_->groups) {
    const Offset position = group->position();
    status.push_back({group->name(), position, std::max<Offset>(0, end - position),
                      impl_->started && position >= impl_->end_at_start, LagUnit::kBytes});
  }
  return status;
}

Result<void> EmbeddedBus::health() const {
  if (auto log = impl_->events.log().health(); !log) return log;
  for (const auto& group : impl_->groups) {
    if (auto health = group->health(); !health) return health;
  }
  return {};
}

}  // namespace baedal::messaging
