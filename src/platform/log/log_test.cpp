// Lines by example, then levels and threads against a real file.
#include "platform/log/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <type_traits>

#include "kernel/json/parse.hpp"
#include "platform/log/format.hpp"
#include "platform/log/secret.hpp"

namespace baedal::log {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

static_assert(!std::is_constructible_v<FieldValue, Secret<std::string>>,
              "a secret must not become a field");

constexpr Timestamp kTime{1'614'070'616'789'000};

TEST(LogFormat, text_is_one_readable_line) {
  const Field fields[] = {
      {"orderId", 5},   {"ok", true},        {"ratio", 0.5}, {"size", std::size_t{7}},
      {"name", "김밥"}, {"note", "a \"b\""}, {"empty", ""}};
  EXPECT_EQ(format_text({kTime, Level::kInfo, "order", "placed", fields}, false),
            "2021-02-23T08:56:56.789Z INFO  order: placed orderId=5 ok=true ratio=0.5 size=7 "
            "name=김밥 note=\"a \\\"b\\\"\" empty=\"\"");
  EXPECT_EQ(format_text({kTime, Level::kError, "order", "lost", {}}, true),
            "2021-02-23T08:56:56.789Z \033[1;31mERROR\033[0m order: lost");
}

TEST(LogFormat, json_keeps_types) {
  const std::string path = "/a";
  const Field fields[] = {{"orderId", 5}, {"ok", false}, {"path", path}};
  EXPECT_EQ(format_json({kTime, Level::kWarn, "order", "slow", fields}),
            R"({"timestamp":"2021-02-23T08:56:56.789Z","level":"WARN","logger":"order",)"
            R"("message":"slow","orderId":5,"ok":false,"path":"/a"})");
}

TEST(LogFormat, what_a_client_sent_cannot_forge_a_line) {
  for (const std::string_view bad : {"a\nINFO order: paid", "\x1b[2J", "\xff\xfe", "a\x7f", "\r"}) {
    const Field fields[] = {{"path", bad}};
    const Record record{kTime, Level::kInfo, "access", bad, fields};
    const std::string text = format_text(record, false);
    const std::string json = format_json(record);
    for (const std::string& line : {text, json}) {
      EXPECT_EQ(line.find_first_of("\n\r\x1b"), std::string::npos);
    }
    EXPECT_TRUE(json::parse(json)) << json;
  }
}

class Log : public ::testing::Test {
 protected:
  ~Log() override {
    configure({});
    std::fclose(file_);
  }
  Options to_file(Level level, std::size_t queue_max = 0) const {
    Options options;
    options.level = level;
    options.queue_max = queue_max;
    options.output = file_;
    return options;
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::rewind(file_);
    char line[512];
    while (std::fgets(line, sizeof line, file_) != nullptr) all.emplace_back(line);
    return all;
  }
  static LoggerState state(std::string_view name) {
    for (LoggerState& logger : loggers()) {
      if (logger.name == name) return logger;
    }
    return {};
  }

  std::FILE* file_ = std::tmpfile();
};

TEST_F(Log, writes_from_its_level_on_and_counts_what_it_writes) {
  configure(to_file(Level::kWarn));
  const auto before = event_counts();
  debug("a", "no");
  info("a", "no");
  warn("a", "one", {{"n", 1}});
  error("a", "two");
  const auto after = event_counts();
  EXPECT_THAT(lines(), ElementsAre(HasSubstr("WARN  a: one n=1\n"), HasSubstr("ERROR a: two\n")));
  EXPECT_EQ(after[0] - before[0], 0U);
  EXPECT_EQ(after[2] - before[2], 0U);
  EXPECT_EQ(after[3] - before[3], 1U);
  EXPECT_EQ(after[4] - before[4], 1U);
}

TEST_F(Log, a_level_changes_while_running_for_a_logger_and_those_below_it) {
  configure(to_file(Level::kInfo));
  EXPECT_FALSE(enabled(Level::kDebug, "store.sqlite"));
  EXPECT_TRUE(set_level("store", Level::kDebug));
  EXPECT_TRUE(enabled(Level::kDebug, "store.sqlite"));
  EXPECT_TRUE(enabled(Level::kDebug, "store.new"));
  EXPECT_FALSE(enabled(Level::kDebug, "storefront"));
  EXPECT_EQ(state("store").configured, Level::kDebug);
  EXPECT_EQ(state("store.sqlite").configured, std::nullopt);
  EXPECT_EQ(state("store.sqlite").effective, Level::kDebug);

  EXPECT_TRUE(set_level("store.sqlite", Level::kOff));
  EXPECT_FALSE(enabled(Level::kError, "store.sqlite"));
  EXPECT_TRUE(set_level("store", std::nullopt));
  EXPECT_FALSE(enabled(Level::kDebug, "store"));

  EXPECT_TRUE(set_level(kRootLogger, Level::kError));
  EXPECT_FALSE(enabled(Level::kWarn, "store"));
  EXPECT_EQ(loggers().front().name, kRootLogger);
  EXPECT_EQ(loggers().front().effective, Level::kError);
}

TEST_F(Log, options_set_levels_of_single_loggers) {
  Options options = to_file(Level::kWarn);
  options.levels = {{"order", Level::kTrace}};
  configure(options);
  EXPECT_TRUE(enabled(Level::kTrace, "order"));
  EXPECT_FALSE(enabled(Level::kInfo, "menu"));
}

TEST_F(Log, names_that_are_none_are_refused) {
  for (const std::string& name :
       {std::string{}, std::string{"a b"}, std::string{"a\n"}, std::string(129, 'a')}) {
    EXPECT_FALSE(set_level(name, Level::kInfo));
  }
}

TEST_F(Log, the_number_of_loggers_is_bounded) {
  configure(to_file(Level::kOff));
  bool refused = false;
  for (int i = 0; i < 300; ++i) {
    refused = refused || !set_level("bounded." + std::to_string(i), Level::kOff);
  }
  EXPECT_TRUE(refused);
  EXPECT_LE(loggers().size(), 257U);
  EXPECT_FALSE(enabled(Level::kInfo, "one-more"));
}

TEST_F(Log, lines_of_many_threads_come_out_whole) {
  for (const std::size_t queue_max : {std::size_t{0}, std::size_t{8192}}) {
    configure(to_file(Level::kInfo, queue_max));
    {
      std::vector<std::jthread> threads;
      for (int t = 0; t < 4; ++t) {
        threads.emplace_back([] {
          for (int i = 0; i < 100; ++i) info("threads", "a line of some length", {{"i", i}});
        });
      }
    }
    close();
  }
  const auto all = lines();
  ASSERT_EQ(all.size(), 800U);
  for (const std::string& line : all) EXPECT_THAT(line, HasSubstr(": a line of some length i="));
  EXPECT_EQ(dropped_count(), 0U);
}

TEST_F(Log, a_full_queue_drops_and_counts) {
  configure(to_file(Level::kInfo, 1));
  const auto before = event_counts();
  const auto dropped_before = dropped_count();
  for (int i = 0; i < 5'000; ++i) info("flood", "line");
  close();
  const auto written = lines().size();
  EXPECT_EQ(written + dropped_count() - dropped_before, 5'000U);
  EXPECT_EQ(event_counts()[2] - before[2], 5'000U);
}

TEST_F(Log, lines_within_a_trace_carry_its_ids) {
  set_trace_source([](TraceIds& ids) {
    ids.trace.fill('a');
    ids.span.fill('b');
    return true;
  });
  configure(to_file(Level::kInfo));
  info("a", "line", {{"n", 1}});
  Options json = to_file(Level::kInfo);
  json.format = Format::kJson;
  configure(json);
  info("a", "line", {{"n", 1}});
  set_trace_source([](TraceIds&) { return false; });
  info("a", "line");
  set_trace_source(nullptr);
  info("a", "line");
  close();
  const auto all = lines();
  ASSERT_EQ(all.size(), 4U);
  const std::string trace(32, 'a');
  const std::string span(16, 'b');
  EXPECT_THAT(all[0], HasSubstr("line n=1 trace_id=" + trace + " span_id=" + span));
  EXPECT_THAT(all[1], HasSubstr(R"("message":"line","trace_id":")" + trace + R"(","span_id":")" +
                                span + R"(","n":1})"));
  EXPECT_THAT(all[2], HasSubstr(R"("message":"line"})"));
  EXPECT_THAT(all[3], HasSubstr(R"("message":"line"})"));
}

TEST_F(Log, a_gate_follows_every_change_of_its_level) {
  configure(to_file(Level::kInfo));
  const Gate gate("gate.of.test");
  EXPECT_TRUE(gate.enabled(Level::kInfo));
  EXPECT_FALSE(gate.enabled(Level::kDebug));
  ASSERT_TRUE(set_level("gate.of.test", Level::kTrace));
  EXPECT_TRUE(gate.enabled(Level::kTrace));
  ASSERT_TRUE(set_level("gate.of.test", std::nullopt));
  ASSERT_TRUE(set_level("gate", Level::kOff));
  EXPECT_FALSE(gate.enabled(Level::kError));
  configure(to_file(Level::kDebug));
  EXPECT_TRUE(gate.enabled(Level::kDebug)) << "a new configuration begins anew";
}

TEST(LogLevel, reads_its_names_in_any_case) {
  EXPECT_EQ(parse_level("debug"), Level::kDebug);
  EXPECT_EQ(parse_level("WARN"), Level::kWarn);
  EXPECT_EQ(parse_level("OFF"), Level::kOff);
  EXPECT_EQ(parse_level("loud"), std::nullopt);
}

}  // namespace
}  // namespace baedal::log
