// Request bodies that pass through a proxy while they come in.
#include "platform/http/upstream/upstream_fixture.hpp"

namespace baedal::http {
namespace {

class UpstreamUploadTest : public UpstreamClientTest {
 protected:
  static std::string sized(std::size_t size) {
    return "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
  }
  static constexpr const char* kChunked =
      "POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  static std::string read_until(int fd, std::string_view end) {
    std::string bytes;
    char byte = 0;
    while (!bytes.ends_with(end) && ::recv(fd, &byte, 1, 0) == 1) bytes += byte;
    return bytes;
  }
  static std::size_t read_bytes(int fd, std::size_t wanted) {
    std::vector<char> bytes(64 * 1024);
    std::size_t all = 0;
    while (all < wanted) {
      const ssize_t got = ::recv(fd, bytes.data(), std::min(bytes.size(), wanted - all), 0);
      if (got <= 0) break;
      all += static_cast<std::size_t>(got);
    }
    return all;
  }
};

TEST_F(UpstreamUploadTest, a_large_body_passes_with_its_length_and_connections_go_on) {
  constexpr std::size_t kSize = 20'000'000;
  std::string head;
  std::atomic<std::size_t> got{0};
  ScriptedUpstream upstream([&](int fd, int) {
    head = ScriptedUpstream::read_head(fd);
    got = read_bytes(fd, kSize);
    ScriptedUpstream::write(fd, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd, "HTTP/1.1 204 No Content\r\n\r\n");
  });
  Wire wire{start_proxy(origin_of(upstream.port()))};
  wire.send(sized(kSize));
  wire.send(std::string(kSize, 'x'));
  EXPECT_EQ(status_of_answer(wire.answer()), 201);
  EXPECT_EQ(got, kSize);
  EXPECT_NE(head.find("Content-Length: 20000000\r\n"), std::string::npos) << head;
  // Both connections are good for another request.
  wire.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(status_of_answer(wire.answer()), 204);
  EXPECT_EQ(upstream.connections, 1);
}

TEST_F(UpstreamUploadTest, chunks_are_passed_on_before_the_last_one_is_there) {
  std::atomic<bool> first{false};
  std::string rest;
  ScriptedUpstream upstream([&](int fd, int) {
    ScriptedUpstream::read_head(fd);
    first = read_until(fd, "hello\r\n") == "5\r\nhello\r\n";
    rest = read_until(fd, "0\r\n\r\n");
    ScriptedUpstream::write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  Wire wire{start_proxy(origin_of(upstream.port()))};
  wire.send(kChunked + std::string{"5\r\nhello\r\n"});
  ASSERT_TRUE(eventually([&] { return first.load(); }));
  wire.send("3;x=y\r\nyou\r\n0\r\nTrailer: t\r\n\r\n");
  EXPECT_EQ(status_of_answer(wire.answer()), 200);
  EXPECT_EQ(rest, "3\r\nyou\r\n0\r\n\r\n");
}

TEST_F(UpstreamUploadTest, an_upstream_that_does_not_read_stops_the_client) {
  std::atomic<bool> go_on{false};
  std::atomic<std::size_t> got{0};
  constexpr std::size_t kSize = 100'000'000;
  ScriptedUpstream upstream([&](int fd, int) {
    ScriptedUpstream::read_head(fd);
    go_on.wait(false);
    got = read_bytes(fd, kSize);
    ScriptedUpstream::write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  const std::uint16_t port = start_proxy(origin_of(upstream.port()));
  Wire wire{port};
  wire.send(sized(kSize));
  const std::string body(kSize, 'x');
  const std::size_t sent = wire.send_until_stuck(body);
  EXPECT_LT(sent, kSize / 2);
  go_on = true;
  go_on.notify_all();
  wire.send(std::string_view{body}.substr(sent));
  EXPECT_EQ(status_of_answer(wire.answer()), 200);
  EXPECT_EQ(got, kSize);
}

TEST_F(UpstreamUploadTest, an_answer_before_the_end_of_the_body_is_passed_on_at_once) {
  std::atomic<bool> over{false};
  ScriptedUpstream upstream([&](int fd, int) {
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    std::array<char, 4096> bytes{};
    while (::recv(fd, bytes.data(), bytes.size(), 0) > 0) {
    }
    over = true;
  });
  const std::uint16_t port = start_proxy(origin_of(upstream.port()));
  Wire wire{port};
  wire.send(sized(1'000'000) + "the beginning");
  const std::string answer = wire.answer();
  EXPECT_EQ(status_of_answer(answer), 403);
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  wire.close();
  EXPECT_TRUE(eventually([&] { return over.load(); }));
}

TEST_F(UpstreamUploadTest, both_bodies_may_be_under_way_at_the_same_time) {
  ScriptedUpstream upstream([&](int fd, int) {
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 3; ++i) ScriptedUpstream::write(fd, read_until(fd, "ping\r\n"));
    ScriptedUpstream::write(fd, read_until(fd, "0\r\n\r\n"));
  });
  Wire wire{start_proxy(origin_of(upstream.port()))};
  wire.send(kChunked);
  wire.send("4\r\nping\r\n");
  EXPECT_EQ(status_of_answer(wire.until("4\r\nping\r\n")), 200);
  for (int i = 0; i < 2; ++i) {
    wire.send("4\r\nping\r\n");
    EXPECT_EQ(wire.until("ping\r\n"), "4\r\nping\r\n");
  }
  wire.send("0\r\n\r\n");
  EXPECT_EQ(wire.until("0\r\n\r\n"), "0\r\n\r\n");
}

TEST_F(UpstreamUploadTest, half_a_request_does_not_become_a_whole_one) {
  std::string rest;
  std::atomic<bool> begun{false};
  std::atomic<bool> over{false};
  ScriptedUpstream upstream([&](int fd, int) {
    ScriptedUpstream::read_head(fd);
    begun = !read_until(fd, "hello\r\n").empty();
    rest = read_until(fd, "0\r\n\r\n");
    over = true;
  });
  const std::uint16_t port = start_proxy(origin_of(upstream.port()));
  Wire wire{port};
  wire.send(kChunked + std::string{"5\r\nhello\r\n"});
  ASSERT_TRUE(eventually([&] { return begun.load(); }));
  wire.send("xyz\r\n");
  EXPECT_EQ(status_of_answer(wire.until_closed()), 400);
  ASSERT_TRUE(eventually([&] { return over.load(); }));
  EXPECT_EQ(rest, "");
}

TEST_F(UpstreamUploadTest, an_upstream_that_dies_under_a_body_is_told_apart_from_the_client) {
  ScriptedUpstream upstream([](int fd, int) {
    ScriptedUpstream::read_head(fd);
    read_until(fd, "hello\r\n");
  });
  Wire wire{start_proxy(origin_of(upstream.port()))};
  wire.send(kChunked + std::string{"5\r\nhello\r\n"});
  const std::string answer = wire.until_closed();
  EXPECT_EQ(status_of_answer(answer), 502);
  EXPECT_NE(answer.find("broken off"), std::string::npos) << answer;
}

TEST_F(UpstreamUploadTest, a_switch_of_protocols_nobody_asked_for_is_no_answer) {
  ScriptedUpstream upstream([](int fd, int) {
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n");
  });
  start_all();
  EXPECT_EQ(send_to(origin_of(upstream.port()), {}).error(), UpstreamFailure::kBadAnswer);
}

}  // namespace
}  // namespace baedal::http
