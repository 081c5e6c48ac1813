// The blocking client against the server, and against what is no server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/client.hpp"
#include "platform/http/server_fixture.hpp"

namespace baedal::http {
namespace {

using namespace std::chrono_literals;

class ClientTest : public ServerTest {
 protected:
  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  }
};

TEST_F(ClientTest, gets_posts_and_heads) {
  start();
  const auto got = request("GET", url("/hello"), {}, {}, 30s);
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "hello");
  EXPECT_EQ(got->header("content-type"), "text/plain");
  EXPECT_EQ(got->header("X-None"), std::nullopt);

  const auto posted =
      request("POST", url("/echo?a=b"), {{"Content-Type", "text/plain"}}, "배달", 30s);
  ASSERT_TRUE(posted) << posted.error().detail;
  EXPECT_EQ(posted->body, "배달");

  const auto head = request("HEAD", url("/hello"), {}, {}, 30s);
  ASSERT_TRUE(head) << head.error().detail;
  EXPECT_EQ(head->header("Content-Length"), "5");
  EXPECT_EQ(head->body, "");
}

TEST_F(ClientTest, an_answer_to_a_body_too_large_is_read) {
  start();
  const auto refused = request("POST", url("/echo"), {}, std::string(3'000'000, 'x'), 30s);
  ASSERT_TRUE(refused) << refused.error().detail;
  EXPECT_EQ(refused->status, 413);
}

TEST_F(ClientTest, gives_up_in_time) {
  start();
  const auto late = request("GET", url("/slow"), {}, {}, 30ms);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::kUnavailable);
  EXPECT_THAT(late.error().detail, testing::HasSubstr("no answer in time"));
}

TEST_F(ClientTest, answers_beyond_its_bound_are_refused) {
  start();
  EXPECT_FALSE(request("GET", url("/large"), {}, {}, 30s));
}

TEST_F(ClientTest, says_when_nobody_listens) {
  start();
  const std::string gone = url("/hello");
  server_.reset();
  const auto refused = request("GET", gone, {}, {}, 30s);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
}

TEST_F(ClientTest, a_server_without_tls_is_none_of_an_https_url) {
  start();
  const std::string secure = "https" + url("/hello").substr(4);
  const auto refused = request("GET", secure, {}, {}, 30s);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
}

TEST_F(ClientTest, certificates_that_cannot_be_read_vouch_for_nobody) {
  start();
  const std::string secure = "https" + url("/hello").substr(4);
  EXPECT_FALSE(request("GET", secure, {}, {}, 30s, {.ca_file = "/nowhere/ca.pem"}));
}

TEST(Client, refuses_what_is_no_http_url) {
  for (const auto* url : {"", "localhost", "/menus", "https://", "http://", "ftp://a/"}) {
    const auto refused = request("GET", url, {}, {}, 1s);
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().kind, ErrorKind::kInvalid) << url;
  }
}

}  // namespace
}  // namespace baedal::http
