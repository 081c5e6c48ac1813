// The audit log: what is worth a line, what stands in it, and that the file may be rotated.
#include "platform/audit/audit_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "kernel/json/parse.hpp"
#include "platform/clock/manual_clock.hpp"

namespace baedal::audit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class AuditLogTest : public testing::Test {
 protected:
  AuditLogTest() {
    std::string name = (fs::temp_directory_path() / "baedal-audit-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    request.method = http::Method::kPatch;
    request.path = "/things/7";
    request.target = "/things/7?secret=abc";
    request.query = "secret=abc";
    request.route = "/things/{id}";
    request.peer = "203.0.113.7";
    request.trace =
        *tracing::TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }
  ~AuditLogTest() override { fs::remove_all(folder); }

  AuditLog open() {
    auto file = AppendOnlyFile::open(path());
    EXPECT_TRUE(file);
    return {std::move(*file), clock, [this](const http::Request&) { return who; }};
  }
  [[nodiscard]] std::string path() const { return (folder / "audit.jsonl").string(); }
  [[nodiscard]] static std::string read(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string line_of(int status) {
    fs::remove(path());
    AuditLog log = open();
    response.status = status;
    log.write(request, response);
    return read(path());
  }

  fs::path folder;
  ManualClock clock{Timestamp{1'790'000'000'000'000}};
  http::Request request;
  http::Response response;
  std::string_view who;
};

TEST_F(AuditLogTest, a_change_is_one_json_line_with_who_what_and_the_trace) {
  who = "customer:42";
  const std::string line = line_of(200);
  ASSERT_TRUE(line.ends_with("}\n"));
  ASSERT_TRUE(json::parse(line));
  for (const char* part :
       {R"("who":"customer:42")", R"("client":"203.0.113.7")", R"("method":"PATCH")",
        R"("path":"/things/7")", R"("route":"/things/{id}")", R"("status":200)",
        R"("outcome":"done")", R"("request_id":"b7ad6b7169203331")",
        R"("trace_id":"0af7651916cd43dd8448eb211c80319c")"}) {
    EXPECT_THAT(line, HasSubstr(part));
  }
  EXPECT_THAT(line, testing::Not(HasSubstr("abc")));
}

TEST_F(AuditLogTest, what_a_client_calls_its_request_is_told) {
  request.request_id = "mine-1";
  EXPECT_THAT(line_of(200), HasSubstr(R"("request_id":"mine-1")"));
}

TEST_F(AuditLogTest, refusals_and_failures_are_told_apart) {
  EXPECT_THAT(line_of(409), HasSubstr(R"("outcome":"refused")"));
  EXPECT_THAT(line_of(503), HasSubstr(R"("outcome":"failed")"));
}

TEST_F(AuditLogTest, reading_is_no_line_unless_it_was_forbidden) {
  request.method = http::Method::kGet;
  EXPECT_EQ(line_of(200), "");
  EXPECT_EQ(line_of(404), "");
  EXPECT_THAT(line_of(401), HasSubstr(R"("method":"GET")"));
  EXPECT_THAT(line_of(403), HasSubstr(R"("outcome":"refused")"));
}

TEST_F(AuditLogTest, whatever_a_client_sends_a_line_stays_one_line_of_json) {
  const std::string evil = "/a\n{\"who\":\"admin\"}\x80\xff\x01";
  request.path = evil;
  who = "x\r\ny";
  const std::string line = line_of(404);
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  EXPECT_TRUE(json::parse(line)) << line;
  request.path = "no path: password";
  EXPECT_THAT(line_of(400), HasSubstr(R"("path":"")"));
}

TEST_F(AuditLogTest, it_is_appended_to_what_is_there) {
  std::ofstream(path()) << "first\n";
  AuditLog log = open();
  log.write(request, response);
  EXPECT_THAT(read(path()), testing::StartsWith("first\n{"));
  EXPECT_EQ(log.written(), 1U);
}

TEST_F(AuditLogTest, a_file_that_is_renamed_is_followed_by_a_new_one) {
  AuditLog log = open();
  log.write(request, response);
  fs::rename(path(), folder / "audit.1");
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  std::uint64_t count = 1;
  while (!fs::exists(path()) && std::chrono::steady_clock::now() < end) {
    log.write(request, response);
    ++count;
  }
  const std::string old = read(folder / "audit.1");
  const std::string fresh = read(path());
  EXPECT_EQ(std::ranges::count(old, '\n') + std::ranges::count(fresh, '\n'),
            static_cast<std::ptrdiff_t>(count));
  EXPECT_GE(std::ranges::count(fresh, '\n'), 1);
}

TEST_F(AuditLogTest, a_place_that_cannot_be_written_is_named) {
  const auto file = AppendOnlyFile::open("/proc/no-such-folder/audit");
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().detail, HasSubstr("/proc/no-such-folder/audit"));
}

TEST_F(AuditLogTest, lines_that_a_full_disk_does_not_take_are_counted) {
  auto file = AppendOnlyFile::open("/dev/full");
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->append("line\n"));
  EXPECT_EQ(file->lost(), 1U);
}

}  // namespace
}  // namespace baedal::audit
