// EmbeddedBus against the conformance suite, and what is its own: files, positions, retention.
#include "platform/messaging/embedded/embedded_bus.hpp"

#include <fstream>

#include "platform/messaging/conformance/bus_conformance.hpp"
#include "platform/messaging/conformance/test_support.hpp"
#include "platform/messaging/embedded/cursor_file.hpp"

namespace baedal::messaging {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

EmbeddedBusOptions quick() { return {.sync_delay = 0ms, .pause_first = 1ms, .pause_max = 4ms}; }

class EmbeddedHarness final : public BusHarness {
 public:
  explicit EmbeddedHarness(EmbeddedBusOptions options) : options_(options) {}
  std::unique_ptr<Bus> open() override {
    auto bus = EmbeddedBus::open(folder_.path() / "events", options_);
    EXPECT_TRUE(bus) << bus.error().detail;
    return std::move(*bus);
  }

 private:
  TempFolder folder_;
  EmbeddedBusOptions options_;
};

BusCase embedded_case(std::string name, EmbeddedBusOptions options) {
  return {std::move(name), [options] { return std::make_unique<EmbeddedHarness>(options); }};
}

INSTANTIATE_TEST_SUITE_P(Embedded, BusConformance,
                         ::testing::Values(embedded_case("plain", quick()),
                                           // Everything is read from files, and those are small.
                                           embedded_case("no_tail_small_files",
                                                         {.log = {.segment_bytes = 1000},
                                                          .sync_delay = 1ms,
                                                          .tail_bytes_max = 0,
                                                          .pause_first = 1ms,
                                                          .pause_max = 4ms})),
                         case_name);

struct Story {
  TempFolder folder;
  ManualExecutor executor;
  std::unique_ptr<EmbeddedBus> bus;

  Result<void> open(EmbeddedBusOptions options = quick()) {
    bus.reset();
    auto opened = EmbeddedBus::open(folder.path(), options);
    if (!opened) return pass_on(opened);
    bus = std::move(*opened);
    return {};
  }
  Result<void> start() {
    auto starting = [](Bus& b) -> Task<Result<void>> { co_return b.start(); };
    return executor.run(starting(*bus));
  }
  void publish(std::span<const Envelope> events) {
    EXPECT_TRUE(executor.run(bus->publish(events)));
  }
  void wait_until(const std::function<bool()>& condition) { executor.run(until(condition)); }
  void stop() { executor.run(bus->stop()); }

  /// A bus on another folder, with `group`: it is started behind a publish, runs until `done`, and
  /// stops.
  void run_on(const TempFolder& disk, Received& group, std::span<const Envelope> events,
              const std::function<bool(const EmbeddedBus&)>& done) {
    auto other = std::move(EmbeddedBus::open(disk.path(), quick()).value());
    other->subscribe("group", group.handler());
    const std::function<bool()> is_done = [&] { return done(*other); };
    auto running = [&]() -> Task<void> {
      EXPECT_TRUE(co_await other->publish(events));
      EXPECT_TRUE(other->start());
      co_await until(is_done);
      co_await other->stop();
    };
    executor.run(running());
  }
};

TEST(EmbeddedBus, a_group_that_lost_its_position_sees_everything_again) {
  Story story;
  ASSERT_TRUE(story.open());
  Received first;
  story.bus->subscribe("group", first.handler());
  ASSERT_TRUE(story.start());
  story.publish(make_events(0, 10));
  story.wait_until([&] { return first.events.size() == 10; });
  story.stop();
  story.bus.reset();

  fs::remove(story.folder.path() / "groups" / "group.position");
  ASSERT_TRUE(story.open());
  Received again;
  story.bus->subscribe("group", again.handler());
  ASSERT_TRUE(story.start());
  story.wait_until([&] { return again.events.size() == 10; });
  story.stop();
}

TEST(EmbeddedBus, a_damaged_position_is_refused_with_what_to_do) {
  Story story;
  ASSERT_TRUE(story.open());
  Received group;
  story.bus->subscribe("group", group.handler());
  const fs::path file = story.folder.path() / "groups" / "group.position";
  std::ofstream(file) << std::string(64, 'x');
  const auto started = story.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, ErrorKind::kInternal);
  EXPECT_NE(started.error().detail.find("group.position"), std::string::npos);
  EXPECT_NE(started.error().detail.find("Remove the file"), std::string::npos);
}

TEST(EmbeddedBus, a_log_older_than_its_positions_is_refused) {
  Story story;
  for (int opens = 0; opens < 3; ++opens) ASSERT_TRUE(story.open());
  Received group;
  story.bus->subscribe("group", group.handler());
  ASSERT_TRUE(story.start());
  story.stop();
  story.bus.reset();
  for (const auto& entry : fs::directory_iterator(story.folder.path())) {
    if (entry.path().extension() == ".log") fs::remove(entry.path());
  }
  ASSERT_TRUE(story.open());
  story.bus->subscribe("group", group.handler());
  const auto started = story.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, "log-older-than-cursor");
}

TEST(EmbeddedBus, after_a_power_loss_no_group_misses_what_took_the_place_of_lost_events) {
  Story story;
  ASSERT_TRUE(story.open());
  Received before;
  story.bus->subscribe("group", before.handler());
  ASSERT_TRUE(story.start());
  story.publish(make_events(0, 10));
  const TempFolder disk;  // the log as it was durable here, the position as it came to be later
  fs::copy(story.folder.path(), disk.path(), fs::copy_options::recursive);
  story.publish(make_events(10, 5));
  story.wait_until([&] { return before.events.size() == 15; });
  story.stop();
  fs::copy(story.folder.path() / "groups", disk.path() / "groups",
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);

  Received after;
  const auto others = make_events(100, 8);
  story.run_on(disk, after, others,
               [&](const EmbeddedBus&) { return after.events.size() >= others.size(); });
  EXPECT_EQ(after.events, others);
}

TEST(EmbeddedBus, positions_that_a_crash_forgot_only_show_events_again) {
  Story story;
  ASSERT_TRUE(story.open());
  Received before;
  story.bus->subscribe("group", before.handler());
  ASSERT_TRUE(story.start());
  story.publish(make_events(0, 10));
  story.wait_until([&] { return before.events.size() == 10; });
  const TempFolder disk;  // as a crash leaves it
  fs::copy(story.folder.path(), disk.path(), fs::copy_options::recursive);
  story.stop();

  Received after;
  const auto others = make_events(10, 5);
  story.run_on(disk, after, others,
               [](const EmbeddedBus& bus) { return bus.groups().at(0).lag == 0; });
  ASSERT_GE(after.events.size(), others.size());
  EXPECT_EQ(std::vector(after.events.end() - 5, after.events.end()), others);
}

TEST(EmbeddedBus, positions_are_kept_while_it_runs) {
  Story story;
  ASSERT_TRUE(story.open());
  Received group;
  story.bus->subscribe("group", group.handler());
  ASSERT_TRUE(story.start());
  story.publish(make_events(0, 10));
  const fs::path file = story.folder.path() / "groups" / "group.position";
  story.wait_until([&] {
    const auto kept = read_cursor(file).value();
    return kept && kept->offset > 0 && kept->offset == story.bus->groups().at(0).position;
  });
  story.stop();
}

TEST(EmbeddedBus, lag_counts_the_bytes_not_yet_handled) {
  Story story;
  ASSERT_TRUE(story.open());
  Received group;
  story.bus->subscribe("group", group.handler());
  story.publish(make_events(0, 10));
  EXPECT_GT(story.bus->groups().at(0).lag, 0);
  ASSERT_TRUE(story.start());
  story.wait_until([&] { return story.bus->groups().at(0).lag == 0; });
  EXPECT_GT(story.bus->groups().at(0).position, 0);
  story.stop();
}

TEST(EmbeddedBus, retention_waits_for_the_slowest_group) {
  EmbeddedBusOptions options = quick();
  options.log.segment_bytes = 2'000;
  options.log.retention_bytes = 10'000;
  Story story;
  ASSERT_TRUE(story.open(options));
  Event gate;
  int slow = 0;
  auto slow_handler = [&](std::span<const Delivery> batch) -> Task<Result<void>> {
    co_await gate.wait();
    slow += static_cast<int>(batch.size());
    co_return Result<void>{};
  };
  Received quick_group;
  story.bus->subscribe("slow", slow_handler);
  story.bus->subscribe("quick", quick_group.handler());
  ASSERT_TRUE(story.start());
  for (int i = 0; i < 100; ++i) story.publish(make_events(i * 10, 10));
  story.wait_until([&] { return quick_group.events.size() == 1000; });
  gate.set();
  story.wait_until([&] { return slow == 1000; });
  const auto files = [&] {
    return std::distance(fs::directory_iterator(story.folder.path()), fs::directory_iterator{});
  };
  story.wait_until([&] { return files() < 15; });
  story.stop();
}

TEST(EmbeddedBus, an_event_too_large_for_a_record_is_refused_whole_batch) {
  Story story;
  ASSERT_TRUE(story.open());
  auto events = make_events(0, 2);
  events[1].data.assign(kPayloadBytesMax + 1, 'x');
  const auto kept = story.executor.run(story.bus->publish(events));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::kInvalid);
  Received all;
  ASSERT_TRUE(story.executor.run(story.bus->replay(all.handler())));
  EXPECT_TRUE(all.events.empty());
}

}  // namespace
}  // namespace baedal::messaging
