// The client against our own server and against an upstream whose every byte is scripted; streams
// and tunnels through a proxy made of both.
#include "platform/http/upstream/upstream_client.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "platform/clock/system_clock.hpp"
#include "platform/http/body_stream.hpp"
#include "platform/http/server_fixture.hpp"

namespace baedal::http {
namespace {

using namespace std::chrono_literals;

/// Accepts connections one after the other on a port of its own and lets `talk` have each.
class ScriptedUpstream {
 public:
  using Talk = std::function<void(int fd, int connection)>;

  explicit ScriptedUpstream(Talk talk) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(fd_, 16);
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, talk = std::move(talk)] {
      for (int n = 0;; ++n) {
        const int client = ::accept(fd_, nullptr, nullptr);
        if (client < 0) return;
        ++connections;
        talk(client, n);
        ::close(client);
      }
    });
  }
  ~ScriptedUpstream() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

  static void write(int fd, std::string_view bytes) {
    ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  /// What comes until an empty line; less when the other side ends.
  static std::string read_head(int fd) {
    std::string head;
    char byte = 0;
    while (!head.ends_with("\r\n\r\n") && ::recv(fd, &byte, 1, 0) == 1) head += byte;
    return head;
  }

  std::atomic<int> connections{0};

 private:
  int fd_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// Gives every request to one upstream.
class Proxy final : public HttpHandler {
 public:
  Proxy(UpstreamClient& client, const Origin& origin) : client_(client), origin_(origin) {}
  Task<Response> handle(Request& request) override {
    UpstreamRequest out{.method = request.method_text, .target = request.target};
    out.headers = request.headers;
    out.body = request.body;
    out.upgrade = request.header("Upgrade").value_or("");
    auto sending = client_.send(origin_, out);
    auto answer = co_await sending;
    if (!answer) co_return Response{502, "text/plain", "no answer", {}};
    co_return std::move(*answer);
  }

 private:
  UpstreamClient& client_;
  const Origin& origin_;
};

class UpstreamClientTest : public ServerTest {
 protected:
  ~UpstreamClientTest() override {
    release_.set();
    proxy_server_.reset();
  }

  void start_all() {
    start();
    origin_ = origin_of(server_->port());
  }
  static Origin origin_of(std::uint16_t port) {
    return *Origin::parse("http://127.0.0.1:" + std::to_string(port));
  }
  UpstreamAnswer send(const UpstreamRequest& request) { return send_to(origin_, request); }
  UpstreamAnswer send_to(const Origin& origin, const UpstreamRequest& request) {
    return runtime_.run(client_.send(origin, request));
  }
  std::uint16_t start_proxy(const Origin& origin) {
    origin_ = origin;
    proxy_server_ = std::make_unique<Server>(runtime_, proxy_);
    EXPECT_TRUE(proxy_server_->listen("127.0.0.1", 0));
    if (!runtime_.running()) runtime_.start();
    return proxy_server_->port();
  }

  SystemClock clock_;
  UpstreamClient client_{runtime_, clock_};
  Origin origin_;
  Proxy proxy_{client_, origin_};
  std::unique_ptr<Server> proxy_server_;
};

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

TEST_F(UpstreamClientTest, a_large_answer_passes_through_as_fast_as_the_client_takes_it) {
  start_all();
  const std::uint16_t port = start_proxy(origin_);
  Wire wire{port};
  wire.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string bytes = wire.until_closed();
  EXPECT_EQ(status_of_answer(bytes), 200);
  EXPECT_NE(bytes.find("Content-Length: " + std::to_string(kLargeBytes)), std::string::npos);
  EXPECT_EQ(bytes.size() - bytes.find("\r\n\r\n") - 4, kLargeBytes);
}

TEST_F(UpstreamClientTest, a_client_that_does_not_read_stops_the_upstream) {
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

TEST_F(UpstreamClientTest, events_come_as_they_are_sent) {
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

TEST_F(UpstreamClientTest, an_answer_that_breaks_off_is_not_made_whole) {
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

TEST_F(UpstreamClientTest, a_web_socket_passes_both_ways) {
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

TEST_F(UpstreamClientTest, an_open_tunnel_and_an_open_stream_do_not_hold_up_the_end) {
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
