// The client against our own server and against an upstream whose every byte is scripted.
#include "platform/http/upstream/upstream_client.hpp"

#include "platform/http/upstream/upstream_fixture.hpp"

namespace baedal::http {
namespace {

using namespace std::chrono_literals;

TEST_F(UpstreamClientTest, asks_on_one_connection_again_and_again) {
  start_all();
  for (int i = 0; i < 5; ++i) {
    const auto answer = send({.target = "/hello"});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(answer->content_type, "text/plain");
  }
  EXPECT_EQ(server_->stats().connections_accepted, 1U);
}

TEST_F(UpstreamClientTest, sends_bodies_small_and_large) {
  start_all();
  for (const std::size_t size : {0UL, 10UL, 5'000UL, 300'000UL}) {
    const std::string body(size, 'b');
    const auto answer = send({.method = "POST", .target = "/echo", .body = body});
    ASSERT_TRUE(answer);
    std::string got = answer->body;
    EXPECT_EQ(answer->stream != nullptr, size > 64 * 1024);
    if (answer->stream) {
      auto read_all = [](BodyStream& stream, std::string& out) -> Task<void> {
        while (true) {
          auto reading = stream.read();
          const auto piece = co_await reading;
          if (!piece || piece->empty()) break;
          out += *piece;
        }
      };
      runtime_.run(read_all(*answer->stream, got));
    }
    EXPECT_EQ(got, body) << size;
  }
}

TEST_F(UpstreamClientTest, head_has_a_length_and_no_body) {
  start_all();
  const auto answer = send({.method = "HEAD", .target = "/hello"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(answer->length, 5U);
  EXPECT_EQ(send({.target = "/empty"})->status, 204);
  EXPECT_EQ(send({.target = "/unchanged"})->status, 304);
  EXPECT_EQ(server_->stats().connections_accepted, 1U);
}

TEST_F(UpstreamClientTest, nobody_there_is_told_apart_and_surely_not_processed) {
  start_all();
  std::uint16_t nobody = 0;
  {
    const ScriptedUpstream gone([](int, int) {});
    nobody = gone.port();
  }
  const auto answer = send_to(origin_of(nobody), {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(), UpstreamFailure::kNotConnected);
  EXPECT_TRUE(surely_not_processed(answer.error()));
  const auto nowhere = send_to(*Origin::parse("http://no-such-host.invalid:1"), {});
  EXPECT_EQ(nowhere.error(), UpstreamFailure::kNoAddress);
}

TEST_F(UpstreamClientTest, a_slow_answer_is_given_up_and_its_connection_not_used_again) {
  start_all();
  const auto answer = send({.target = "/slow", .response_timeout = 50ms});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(), UpstreamFailure::kTimedOut);
  EXPECT_FALSE(surely_not_processed(answer.error()));
  EXPECT_TRUE(send({.target = "/hello"}));
  EXPECT_EQ(server_->stats().connections_accepted, 2U);
  release_.set();
}

TEST_F(UpstreamClientTest, a_connection_closed_while_idle_is_noticed_before_it_is_used) {
  start_all();
  std::atomic<int> closed{0};
  ScriptedUpstream upstream([&](int fd, int) {
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    ::shutdown(fd, SHUT_RDWR);
    ++closed;
  });
  const Origin origin = origin_of(upstream.port());
  for (int i = 1; i <= 3; ++i) {
    // Not even a POST is lost: nothing was sent on the dead connection.
    ASSERT_TRUE(send_to(origin, {.method = "POST"}));
    ASSERT_TRUE(eventually([&] { return closed == i; }));
  }
}

TEST_F(UpstreamClientTest, a_connection_that_dies_under_a_request_is_replaced_only_if_harmless) {
  start_all();
  ScriptedUpstream upstream([](int fd, int) {
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    ScriptedUpstream::read_head(fd);  // and no answer
  });
  const Origin origin = origin_of(upstream.port());
  ASSERT_TRUE(send_to(origin, {}));
  EXPECT_TRUE(send_to(origin, {.repeatable = true}));
  EXPECT_EQ(upstream.connections, 2);
  const auto post = send_to(origin, {.method = "POST"});
  ASSERT_FALSE(post);
  EXPECT_EQ(post.error(), UpstreamFailure::kBroken);
}

TEST_F(UpstreamClientTest, a_half_answer_is_no_answer) {
  start_all();
  for (const char* bytes : {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 2"}) {
    ScriptedUpstream upstream([bytes](int fd, int) {
      ScriptedUpstream::read_head(fd);
      ScriptedUpstream::write(fd, bytes);
    });
    const auto answer = send_to(origin_of(upstream.port()), {.repeatable = true});
    ASSERT_FALSE(answer) << bytes;
    EXPECT_EQ(answer.error(), UpstreamFailure::kBroken);
  }
}

TEST_F(UpstreamClientTest, what_is_no_answer_is_refused) {
  start_all();
  ScriptedUpstream upstream([](int fd, int) {
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd, "SSH-2.0-x\r\n\r\n");
  });
  EXPECT_EQ(send_to(origin_of(upstream.port()), {}).error(), UpstreamFailure::kBadAnswer);
}

TEST_F(UpstreamClientTest, interim_answers_are_skipped_and_chunks_put_together) {
  start_all();
  ScriptedUpstream upstream([](int fd, int) {
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd,
                            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  });
  const auto answer = send_to(origin_of(upstream.port()), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "abc");
}

TEST_F(UpstreamClientTest, what_is_for_one_hop_is_not_passed_on) {
  start_all();
  std::string seen;
  ScriptedUpstream upstream([&](int fd, int) {
    seen = ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd,
                            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: X-Secret\r\n"
                            "X-Secret: 1\r\nKeep-Alive: x\r\nX-Kept: 2\r\n\r\n");
  });
  const std::vector<HeaderView> headers = {
      {"Host", "elsewhere"}, {"Connection", "close, X-Mine"},  {"X-Mine", "1"},
      {"TE", "trailers"},    {"Transfer-Encoding", "chunked"}, {"Content-Length", "77"},
      {"X-Yours", "a\r\nb"}, {"Proxy-Authorization", "secret"}};
  const auto answer = send_to(origin_of(upstream.port()), {.headers = headers});
  ASSERT_TRUE(answer);
  EXPECT_EQ(seen, "GET / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(upstream.port()) +
                      "\r\nX-Yours: a  b\r\n\r\n");
  ASSERT_EQ(answer->headers.size(), 1U);
  EXPECT_EQ(answer->headers[0].name, "X-Kept");
}

TEST(OriginTest, is_read_from_a_url) {
  const auto origin = Origin::parse("http://order:8081/x");
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->host, "order");
  EXPECT_EQ(origin->port, 8081);
  EXPECT_EQ(origin->authority, "order:8081");
  EXPECT_EQ(Origin::parse("http://[::1]:90")->host, "::1");
  EXPECT_EQ(Origin::parse("http://[::1]")->authority, "[::1]:80");
  for (const char* bad :
       {"https://order", "order:8080", "http://", "http://order:0", "http://order:99999"}) {
    EXPECT_FALSE(Origin::parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace baedal::http
