// Every file operation fails once, in turn: the log refuses with kUnavailable, recovers by itself,
// and loses nothing it accepted.
#include <cerrno>

#include "platform/messaging/embedded/embedded_bus.hpp"
#include "platform/messaging/embedded/log_test_support.hpp"

namespace baedal::messaging {
namespace {

using namespace std::chrono_literals;

/// Fails the n-th operation, and `more` after it.
class NthFails final : public IoFaults {
 public:
  NthFails(int n, int more, std::size_t partial_bytes)
      : first_(n), last_(n + more), partial_bytes_(partial_bytes) {}
  int next(IoOperation, std::size_t& partial_bytes) override {
    const int call = ++calls_;
    partial_bytes = partial_bytes_;
    return call >= first_ && call <= last_ ? ENOSPC : 0;
  }
  [[nodiscard]] bool reached() const { return calls_ >= first_; }

 private:
  const int first_, last_;
  const std::size_t partial_bytes_;
  std::atomic<int> calls_{0};
};

/// Appends each text until it is accepted. Asks for a sync now and then.
void append_all(Log& log, const std::vector<std::string>& texts) {
  int step = 0;
  for (const auto& text : texts) {
    while (true) {
      const auto appended = append_text(log, text);
      if (appended) break;
      EXPECT_EQ(appended.error().kind, ErrorKind::kUnavailable);
      EXPECT_FALSE(log.health());
      static_cast<void>(log.sync());
    }
    if (++step % 3 == 0) static_cast<void>(log.sync());
  }
}

class LogFaults : public ::testing::TestWithParam<std::tuple<int, std::size_t>> {};

TEST_P(LogFaults, whichever_operation_fails_nothing_accepted_is_lost_or_doubled) {
  const auto [more, partial_bytes] = GetParam();
  bool reached = true;
  for (int n = 1; reached; ++n) {
    SCOPED_TRACE("operation " + std::to_string(n));
    const TempFolder folder;
    NthFails faults(n, more, partial_bytes);
    const LogOptions options{.segment_bytes = 60, .faults = &faults};
    auto opened = Log::open(folder.path(), options);
    while (!opened) {
      EXPECT_EQ(opened.error().kind, ErrorKind::kUnavailable);
      opened = Log::open(folder.path(), options);
    }
    append_all(**opened, numbered(0, 12));
    EXPECT_EQ(all_texts(**opened), numbered(0, 12));
    while (!(*opened)->sync()) EXPECT_FALSE((*opened)->health());
    EXPECT_EQ((*opened)->synced_offset(), (*opened)->end_offset());
    EXPECT_TRUE((*opened)->health());
    opened->reset();
    EXPECT_EQ(all_texts(*open_log(folder.path())), numbered(0, 12));
    reached = faults.reached();
  }
}

INSTANTIATE_TEST_SUITE_P(OnceAndForLonger, LogFaults,
                         ::testing::Combine(::testing::Values(0, 4), ::testing::Values(0U, 5U)));

TEST(EmbeddedBusFaults, whichever_operation_fails_every_event_kept_reaches_the_group) {
  bool reached = true;
  for (int n = 1; reached; ++n) {
    SCOPED_TRACE("operation " + std::to_string(n));
    const TempFolder folder;
    NthFails faults(n, 1, 5);
    const EmbeddedBusOptions options{.log = {.segment_bytes = 500, .faults = &faults},
                                     .sync_delay = 0ms,
                                     .sync_retry_delay = 1ms,
                                     .pause_first = 1ms,
                                     .pause_max = 2ms};
    auto bus = EmbeddedBus::open(folder.path(), options);
    while (!bus) bus = EmbeddedBus::open(folder.path(), options);
    Received group;
    (*bus)->subscribe("group", group.handler());
    const auto events = make_events(0, 40);
    const std::function<bool()> all = [&] { return group.distinct().size() == events.size(); };
    auto story = [&]() -> Task<void> {
      while (!(*bus)->start()) co_await sleep_for(1ms);
      for (std::size_t i = 0; i < events.size(); i += 10) {
        const auto batch = std::span(events).subspan(i, 10);
        while (true) {
          const auto kept = co_await (*bus)->publish(batch);
          if (kept) break;
          co_await sleep_for(1ms);
        }
      }
      co_await until(all);
      co_await (*bus)->stop();
    };
    ManualExecutor executor;
    executor.run(story());
    EXPECT_EQ(group.ids_by_key(), Received::ids_by_key(events));
    reached = faults.reached();
  }
}

}  // namespace
}  // namespace baedal::messaging
