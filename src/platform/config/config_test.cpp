// The declared table is the whole truth: what it names can be set by file, environment and flag,
// everything else is refused by name. Table-driven; files live in a folder of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include "platform/config/load.hpp"
#include "platform/config/platform_settings.hpp"
#include "platform/config/render.hpp"
#include "platform/config/value.hpp"

namespace baedal::config {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A module's own table, beside the platform's.
constexpr std::array kModuleSettings{
    Setting{.name = "provider.kind",
            .type = Type::kChoice,
            .default_value = "sandbox",
            .choices = "sandbox|live",
            .description = "Which provider."},
    Setting{.name = "provider.key", .description = "Its key.", .secret = true},
    Setting{.name = "provider.timeout",
            .type = Type::kDuration,
            .default_value = "3s",
            .min = "1ms",
            .max = "1m",
            .description = "How long one call may take."},
    Setting{.name = "provider.routes", .type = Type::kDocument, .description = "Where to."},
};

class Config : public ::testing::Test {
 protected:
  Config() {
    folder_ = std::filesystem::temp_directory_path() /
              ("baedal-config-" + std::to_string(::getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    EXPECT_TRUE(registry_.add(platform_settings()));
    EXPECT_TRUE(registry_.add(kModuleSettings));
  }
  ~Config() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& content) const {
    const std::string path = folder_ / name;
    std::ofstream{path} << content;
    return path;
  }
  Result<Settings> load_file(const std::string& content) const {
    return load(registry_, {{}, {"--config.file", file("b.yaml", content)}});
  }
  Result<Settings> load_flags(std::vector<std::string> flags) const {
    return load(registry_, {{}, std::move(flags)});
  }
  Result<Settings> load_environment(std::string name, std::string value) const {
    return load(registry_, {{{std::move(name), std::move(value)}}, {}});
  }

  std::filesystem::path folder_;
  Registry registry_;
};

TEST_F(Config, defaults_hold_when_nothing_is_given) {
  const auto settings = load(registry_, {});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->integer("http.port"), 8080);
  EXPECT_EQ(settings->text("http.address"), "127.0.0.1");
  EXPECT_EQ(settings->size("http.body-bytes-max"), 1024U * 1024);
  EXPECT_EQ(settings->duration("idempotency.retention"), std::chrono::hours{24});
  EXPECT_EQ(settings->choice("management.health.show-details"), "never");
  EXPECT_FALSE(settings->boolean("management.demo-endpoints"));
  EXPECT_TRUE(settings->list("http.trusted-proxies").empty());
  EXPECT_EQ(settings->origin("http.port").where, "default");
}

TEST_F(Config, flag_wins_over_environment_wins_over_file_wins_over_default) {
  const std::string path = file("b.yaml", "http:\n  port: 1\n  io-threads: 2\nlog.level: warn\n");
  const auto settings = load(registry_, {{{"BAEDAL_CONFIG_FILE", path},
                                          {"BAEDAL_HTTP_PORT", "3"},
                                          {"BAEDAL_HTTP_IO_THREADS", "4"},
                                          {"HOME", "/home/somebody"}},
                                         {"--http.port=5"}});
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->integer("http.port"), 5);
  EXPECT_EQ(settings->origin("http.port").where, "--http.port");
  EXPECT_EQ(settings->integer("http.io-threads"), 4);
  EXPECT_EQ(settings->origin("http.io-threads").where, "BAEDAL_HTTP_IO_THREADS");
  EXPECT_EQ(settings->choice("log.level"), "warn");
  EXPECT_EQ(settings->origin("log.level").where, path + ":4");
}

TEST_F(Config, flags_come_in_every_usual_form) {
  const auto settings = load_flags({"--port", "0", "--access-log.enabled", "--data=/tmp/x",
                                    "--management.demo-endpoints", "true", "--http.trusted-proxies",
                                    "10.0.0.0/8, ::1"});
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->integer("http.port"), 0);
  EXPECT_EQ(settings->text("data.dir"), "/tmp/x");
  EXPECT_TRUE(settings->boolean("access-log.enabled"));
  EXPECT_TRUE(settings->boolean("management.demo-endpoints"));
  EXPECT_THAT(settings->list("http.trusted-proxies"), ElementsAre("10.0.0.0/8", "::1"));
}

TEST_F(Config, a_refused_flag_is_named) {
  const struct {
    std::vector<std::string> flags;
    std::string message;
  } kCases[] = {
      {{"--http.prot", "1"},
       "http.prot (--http.prot): is no known setting; did you mean http.port?"},
      {{"--http.prot"}, "did you mean http.port?"},
      {{"--zzzzzzzzzzzz=1"}, "zzzzzzzzzzzz (--zzzzzzzzzzzz): is no known setting"},
      {{"--http.port"}, "http.port (--http.port): has no value"},
      {{"--http.port", "--port"}, "has no value"},
      {{"--http.port", "70000"}, "'70000' is above the greatest value, 65535"},
      {{"--http.port=-1"}, "'-1' is below the least value, 0"},
      {{"--http.port=80x"}, "'80x' is not a whole number"},
      {{"--port=99999999999999999999"}, "is not a whole number"},
      {{"--http.idle-timeout=30"}, "'30' is not a duration such as"},
      {{"--http.idle-timeout=2h"}, "'2h' is above the greatest value, 1h"},
      {{"--http.idle-timeout=99999999999999999d"}, "is not a duration"},
      {{"--http.body-bytes-max=1MB"}, "'1MB' is not a size such as"},
      {{"--http.body-bytes-max=2GiB"}, "'2GiB' is above the greatest value, 1GiB"},
      {{"--access-log.enabled=yes"}, "'yes' is not true or false"},
      {{"--log.format=xml"}, "'xml' is not one of text, json"},
      {{"--http.address=here"}, "'here' is no IPv4 or IPv6 address"},
      {{"--http.trusted-proxies=10.0.0.0/33"}, "'10.0.0.0/33' has a prefix length outside 0 to 32"},
      {{"--log.levels=store"}, "'store' is not of the form logger=level"},
      {{"--data.dir="}, "a length of 0 is below the least value, 1"},
      {{"serve"}, "serve (command line): is not expected here"},
  };
  for (const auto& c : kCases) {
    const auto settings = load_flags(c.flags);
    ASSERT_FALSE(settings) << c.message;
    EXPECT_EQ(settings.error().code, "bad-configuration");
    EXPECT_THAT(settings.error().detail, HasSubstr(c.message));
  }
}

TEST_F(Config, a_refused_line_of_the_file_is_named_with_its_line) {
  std::string deep;
  for (std::size_t level = 0; level < 20; ++level) deep += std::string(level, ' ') + "a:\n";
  deep += std::string(20, ' ') + "a: 1\n";
  const struct {
    std::string yaml;
    std::string message;
  } kCases[] = {
      {"http:\n  prot: 1\n", "b.yaml:2): is no known setting; did you mean http.port?"},
      {"\nhttp.port: 99999\n", "b.yaml:2): '99999' is above"},
      {"http: 1\n", "http ("},
      {"http:\n  port:\n    x: 1\n", "b.yaml:2): is a value, not a section"},
      {"http:\n  port:\n", "b.yaml:2): has no value"},
      {"http:\n  port: [1]\n", "b.yaml:2): takes one value, not a list"},
      {"http.port: 1\nhttp:\n  port: 2\n", "b.yaml:3): is given twice, first at "},
      {"http:\n  trusted-proxies: [[1]]\n", "has an item that is no plain text"},
      {"nonsense:\n", "nonsense ("},
      {"? [1]\n: 2\n", "has a key that is no text"},
      {"- 1\n", "is not a mapping of settings"},
      {"a: [\n", "is no YAML"},
      {"config.file: other.yaml\n", "cannot be set by a file"},
      {"a: &a {b: *a}\n", "b.yaml"},
      {deep, "is nested too deeply"},
  };
  for (const auto& c : kCases) {
    const auto settings = load_file(c.yaml);
    ASSERT_FALSE(settings) << c.yaml;
    EXPECT_THAT(settings.error().detail, HasSubstr(c.message)) << c.yaml;
  }
}

TEST_F(Config, an_empty_file_and_empty_sections_change_nothing) {
  for (const char* yaml : {"", "---\n", "http:\n", "# nothing\n"}) {
    EXPECT_TRUE(load_file(yaml)) << yaml;
  }
}

TEST_F(Config, a_file_that_cannot_be_read_is_named) {
  const auto settings = load_flags({"--config.file", "/nowhere/b.yaml"});
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().detail,
              HasSubstr("/nowhere/b.yaml (config.file): cannot be opened"));
  EXPECT_FALSE(load_flags({"--config.file", folder_}));
}

TEST_F(Config, every_problem_is_reported_at_once) {
  const auto settings = load_flags({"--http.port=-1", "--log.format=xml", "--nothing=1"});
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().fields.size(), 3U);
}

TEST_F(Config, an_unknown_variable_of_ours_is_refused_and_others_are_not) {
  const auto settings = load_environment("BAEDAL_HTTP_PROT", "1");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().detail,
              HasSubstr("BAEDAL_HTTP_PROT (environment): is no known setting; did you mean "
                        "BAEDAL_HTTP_PORT?"));
  EXPECT_TRUE(load_environment("HTTP_PORT", "x"));
}

TEST_F(Config, links_that_an_orchestrator_makes_for_services_are_passed_over) {
  const struct {
    const char* name;
    const char* value;
  } kCases[] = {
      {"BAEDAL_ORDER_SERVICE_HOST", "10.0.0.1"},  {"BAEDAL_ORDER_SERVICE_PORT", "80"},
      {"BAEDAL_ORDER_PORT", "tcp://10.0.0.1:80"}, {"BAEDAL_ORDER_PORT_80_TCP_ADDR", "10.0.0.1"},
      {"BAEDAL_HTTP_PORT", "tcp://10.0.0.1:80"},  {"BAEDAL_PORT_80_TCP", "tcp://10.0.0.1:80"},
      {"BAEDAL_ORDER_SERVICE_PORT_HTTP", "8080"},
  };
  for (const auto& c : kCases) {
    const auto settings = load_environment(c.name, c.value);
    ASSERT_TRUE(settings) << c.name;
    EXPECT_EQ(settings->integer("http.port"), 8080);
  }
}

TEST_F(Config, a_secret_may_come_from_a_file) {
  const std::string key_file = file("key", "s3cret\n");
  for (const auto& settings : {load_environment("BAEDAL_PROVIDER_KEY_FILE", key_file),
                               load_flags({"--provider.key-file", key_file}),
                               load_file("provider:\n  key-file: " + key_file + "\n"),
                               load_environment("BAEDAL_PROVIDER_KEY", "s3cret")}) {
    ASSERT_TRUE(settings) << settings.error().detail;
    EXPECT_EQ(settings->secret("provider.key").expose(), "s3cret");
    EXPECT_THAT(print(*settings),
                AllOf(HasSubstr("# provider.key: ***"), Not(HasSubstr("s3cret"))));
  }
  EXPECT_FALSE(load_flags({"--provider.key-file", "/nowhere"}));
  EXPECT_FALSE(load_flags({"--http.port-file", key_file}));
}

TEST_F(Config, a_secret_is_not_taken_from_the_command_line_and_not_repeated) {
  for (const auto& settings : {load_flags({"--provider.key=s3cret"}),
                               load_flags({"--provider.key", "s3cret", "--http.port", "1"})}) {
    ASSERT_FALSE(settings);
    EXPECT_THAT(settings.error().detail,
                AllOf(HasSubstr("provider.key-file"), Not(HasSubstr("s3cret"))));
  }
}

TEST_F(Config, only_a_secret_may_come_from_a_file) {
  const std::string key_file = file("key", "1");
  EXPECT_FALSE(load_flags({"--http.port-file", key_file}));
}

TEST_F(Config, a_document_is_handed_over_as_yaml) {
  const auto settings = load_file("provider:\n  routes:\n    - id: a\n      uri: http://a\n");
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->document("provider.routes"), "- id: a\n  uri: http://a");
}

TEST_F(Config, what_print_shows_is_a_configuration_that_loads_to_the_same) {
  const auto first =
      load_flags({"--port=1", "--http.trusted-proxies=10.0.0.0/8", "--data=a b: #c"});
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_THAT(print(*first), HasSubstr("http.port: 1  # --port\n"));
  const auto second = load_file(print(*first));
  ASSERT_TRUE(second) << second.error().detail;
  for (const auto& [name, entry] : first->entries()) {
    if (name != "config.file") {
      EXPECT_EQ(second->entries().at(name).value.text, entry.value.text) << name;
    }
  }
}

TEST_F(Config, docs_name_every_setting_with_its_variable_bounds_and_default) {
  const std::string text = docs(registry_);
  for (const auto& [name, setting] : registry_.settings()) {
    EXPECT_THAT(text, HasSubstr("| `" + std::string{name} + "` | "));
    EXPECT_THAT(text, HasSubstr("`" + environment_name(name) + "`"));
  }
  EXPECT_THAT(text, HasSubstr("| `http.port` | also `--port`<br>`BAEDAL_HTTP_PORT` | integer, 0 to "
                              "65535 | `8080` |"));
  EXPECT_THAT(text, HasSubstr("| `forwarded`, `service` | `forwarded` |"));
}

TEST_F(Config, a_table_that_cannot_be_is_refused) {
  const Setting kCases[] = {
      {.name = "http.port", .description = "twice"},
      {.name = "http-port", .description = "same variable as http.port"},
      {.name = "other.port", .description = "flag taken", .short_flag = "port"},
      {.name = "Http", .description = "upper case"},
      {.name = "http..x", .description = "empty level"},
      {.name = "x.", .description = "ends with a dot"},
      {.name = "", .description = "no name"},
      {.name = "x.undescribed"},
      {.name = "x.number", .type = Type::kInteger, .default_value = "one", .description = "d"},
      {.name = "x.low",
       .type = Type::kInteger,
       .default_value = "0",
       .min = "1",
       .description = "d"},
      {.name = "x.bound",
       .type = Type::kInteger,
       .default_value = "0",
       .max = "z",
       .description = "d"},
      {.name = "x.choice",
       .type = Type::kChoice,
       .default_value = "c",
       .choices = "a|b",
       .description = "d"},
  };
  for (const Setting& setting : kCases) {
    EXPECT_FALSE(registry_.add({&setting, 1})) << setting.name << setting.description;
  }
}

TEST_F(Config, the_environment_of_the_process_is_read) {
  ASSERT_EQ(::setenv("BAEDAL_TEST_ONLY", "a=b", 1), 0);
  EXPECT_THAT(process_environment(),
              ::testing::Contains(std::pair<std::string, std::string>{"BAEDAL_TEST_ONLY", "a=b"}));
  ::unsetenv("BAEDAL_TEST_ONLY");
}

}  // namespace
}  // namespace baedal::config
