// Streams and tunnels through a proxy made of server and client: what passes, at whose pace, and
// how it ends.
#include "platform/http/upstream/upstream_fixture.hpp"

namespace baedal::http {
namespace {

class UpstreamProxyTest : public UpstreamClientTest {};

TEST_F(UpstreamProxyTest, a_large_answer_passes_through_as_fast_as_the_client_takes_it) {
  start_all();
  const std::uint16_t port = start_proxy(origin_);
  Wire wire{port};
  wire.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string bytes = wire.until_closed();
  EXPECT_EQ(status_of_answer(bytes), 200);
  EXPECT_NE(bytes.find("Content-Length: " + std::to_string(kLargeBytes)), std::string::npos);
  EXPECT_EQ(bytes.size() - bytes.find("\r\n\r\n") - 4, kLargeBytes);
}

TEST_F(UpstreamProxyTest, a_client_that_does_not_read_stops_the_upstream) {
  constexpr std::size_t kPiece = 64 * 1024;
  constexpr std::size_t kPieces = 1024;  // 64 MiB
  std::atomic<bool> blocked{false};
  ScriptedUpstream upstream([&](int fd, int) {
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd, "HTTP/1.1 200 OK\r\n\r\n");
    const timeval patience{0, 200'000};
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const std::string piece(kPiece, 'p');
    for (std::size_t i = 0; i < kPieces && !blocked; ++i) {
      blocked = ::send(fd, piece.data(), piece.size(), MSG_NOSIGNAL) < 0;
    }
  });
  const std::uint16_t port = start_proxy(origin_of(upstream.port()));
  Wire wire{port};
  wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return blocked.load(); }));
}

TEST_F(UpstreamProxyTest, events_come_as_they_are_sent) {
  std::atomic<bool> second{false};
  ScriptedUpstream upstream([&](int fd, int) {
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd,
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
    second.wait(false);
    ScriptedUpstream::write(fd, "9\r\ndata: 2\n\n\r\n0\r\n\r\n");
  });
  const std::uint16_t port = start_proxy(origin_of(upstream.port()));
  Wire wire{port};
  wire.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  // The first event is there although the second has not been sent.
  const std::string first = wire.until("data: 1\n\n\r\n");
  EXPECT_NE(first.find("text/event-stream"), std::string::npos);
  EXPECT_NE(first.find("Transfer-Encoding: chunked"), std::string::npos);
  second = true;
  second.notify_all();
  EXPECT_EQ(wire.until_closed(), "9\r\ndata: 2\n\n\r\n0\r\n\r\n");
}

TEST_F(UpstreamProxyTest, an_answer_that_breaks_off_is_not_made_whole) {
  ScriptedUpstream upstream([](int fd, int) {
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd,
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  });
  const std::uint16_t port = start_proxy(origin_of(upstream.port()));
  Wire wire{port};
  wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string bytes = wire.until_closed();
  EXPECT_NE(bytes.find("3\r\nabc\r\n"), std::string::npos);
  EXPECT_EQ(bytes.find("0\r\n\r\n"), std::string::npos);
}

TEST_F(UpstreamProxyTest, a_web_socket_passes_both_ways) {
  ScriptedUpstream upstream([](int fd, int) {
    const std::string head = ScriptedUpstream::read_head(fd);
    if (head.find("Upgrade: websocket\r\n") == std::string::npos) return;
    ScriptedUpstream::write(fd,
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                            "Connection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nwelcome");
    std::array<char, 64> bytes{};
    for (ssize_t got = 0; (got = ::recv(fd, bytes.data(), bytes.size(), 0)) > 0;) {
      ScriptedUpstream::write(fd, {bytes.data(), static_cast<std::size_t>(got)});
    }
  });
  const std::uint16_t port = start_proxy(origin_of(upstream.port()));
  Wire wire{port};
  wire.send("GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  const std::string head = wire.until("welcome");
  EXPECT_EQ(status_of_answer(head), 101);
  EXPECT_NE(head.find("Connection: Upgrade\r\n"), std::string::npos);
  EXPECT_NE(head.find("Sec-WebSocket-Accept: x\r\n"), std::string::npos);
  wire.send("ping");
  EXPECT_EQ(wire.until("ping"), "ping");
  wire.end_sending();
  EXPECT_EQ(wire.until_closed(), "");
}

TEST_F(UpstreamProxyTest, an_open_tunnel_and_an_open_stream_do_not_hold_up_the_end) {
  std::atomic<bool> over{false};
  ScriptedUpstream upstream([&](int fd, int) {
    ScriptedUpstream::read_head(fd);
    ScriptedUpstream::write(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
    char byte = 0;
    over = ::recv(fd, &byte, 1, 0) <= 0;
  });
  const std::uint16_t port = start_proxy(origin_of(upstream.port()));
  Wire wire{port};
  wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  wire.until("1\r\nx\r\n");
  proxy_server_.reset();
  EXPECT_TRUE(eventually([&] { return over.load(); }));
}

}  // namespace
}  // namespace baedal::http
