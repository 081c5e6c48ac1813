// Time, numbers and the end: deadlines, connection limits, descriptors running out, draining.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <future>

#include "platform/http/body_stream.hpp"
#include "platform/http/client_network.hpp"
#include "platform/http/server_fixture.hpp"

namespace baedal::http {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;

TEST_F(ServerTest, headers_that_come_too_slowly_are_a_408) {
  limits_.header_timeout = 40ms;
  start();
  Wire wire = dial();
  wire.send("GET /hello HTTP/1.1\r\nHo");
  EXPECT_EQ(status_of_answer(wire.until_closed()), 408);
}

TEST_F(ServerTest, single_bytes_do_not_move_the_deadline_of_headers) {
  limits_.header_timeout = 40ms;
  start();
  Wire wire = dial();
  const std::string line = "GET /hello HTTP/1.1\r\nX-A: ";
  wire.send(line);
  // Bytes as fast as they are taken, for ever: only the deadline (or the size) can end it.
  while (server_->stats().bad_requests == 0) {
    wire.send("x");
    std::this_thread::yield();
  }
  const int status = status_of_answer(wire.until_closed());
  EXPECT_TRUE(status == 408 || status == 431) << status;
}

TEST_F(ServerTest, a_body_that_comes_too_slowly_is_a_408) {
  limits_.body_timeout = 40ms;
  start();
  Wire wire = dial();
  wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
  EXPECT_EQ(status_of_answer(wire.until_closed()), 408);
}

TEST_F(ServerTest, idle_connections_are_closed_without_a_word) {
  limits_.idle_timeout = 40ms;
  start();
  Wire fresh = dial();
  Wire used = dial();
  used.send(kHello);
  EXPECT_EQ(status_of_answer(used.answer()), 200);
  EXPECT_EQ(fresh.until_closed(), "");
  EXPECT_EQ(used.until_closed(), "");
  EXPECT_EQ(server_->stats().bad_requests, 0U);
}

TEST_F(ServerTest, a_handler_may_take_longer_than_every_deadline_of_the_client) {
  limits_.header_timeout = limits_.body_timeout = limits_.idle_timeout = 40ms;
  start();
  Wire idle = dial();
  Wire wire = dial();
  wire.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return waiting_ == 1; }));
  EXPECT_EQ(idle.until_closed(), "");  // so the deadlines have passed
  release_.set();
  EXPECT_THAT(wire.answer(), EndsWith("released"));
}

TEST_F(ServerTest, a_client_that_does_not_read_is_cut) {
  limits_.write_timeout = 40ms;
  start();
  Wire wire = dial();
  wire.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(eventually(
      [&] { return server_->stats().requests == 1 && server_->stats().connections_open == 0; }));
  EXPECT_LT(wire.until_closed().size(), kLargeBytes);
}

/// Never ends, and counts what was asked of it.
class Endless final : public BodyStream {
 public:
  using Count = std::shared_ptr<std::atomic<std::size_t>>;
  explicit Endless(Count pieces) : pieces_(std::move(pieces)) {}
  Task<Result<std::string_view>> read() override {
    ++*pieces_;
    co_return std::string_view{piece_};
  }
  void cancel() override {}

 private:
  const Count pieces_;
  const std::string piece_ = std::string(64 * 1024, 'e');
};

TEST_F(ServerTest, a_follower_that_does_not_read_is_dropped_and_nothing_is_made_ahead_of_it) {
  limits_.write_timeout = 40ms;
  const auto pieces = std::make_shared<std::atomic<std::size_t>>(0);
  router_.add(Method::kGet, "/endless", [pieces](Request&) -> Task<Response> {
    Response response{.content_type = "text/event-stream"};
    response.stream = std::make_shared<Endless>(pieces);
    co_return response;
  });
  start();
  Wire wire = dial();
  wire.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return *pieces > 0 && server_->stats().connections_open == 0; }));
  // What the sockets of both sides hold, and one piece more.
  EXPECT_LE(wire.until_closed().size(), (*pieces + 1) * 65 * 1024);
  EXPECT_LT(*pieces, 1000U);
}

TEST_F(ServerTest, connections_beyond_the_limit_get_a_503) {
  limits_.connections_max = 2;
  start();
  Wire first = dial();
  Wire second = dial();
  ASSERT_TRUE(eventually([&] { return server_->stats().connections_open == 2; }));
  {
    Wire third = dial();
    const std::string answer = third.until_closed();
    EXPECT_EQ(status_of_answer(answer), 503);
    EXPECT_THAT(answer, HasSubstr("\r\nRetry-After: 1\r\n"));
  }
  EXPECT_EQ(server_->stats().connections_refused, 1U);
  first.close();
  ASSERT_TRUE(eventually([&] { return server_->stats().connections_open == 1; }));
  EXPECT_TRUE(answers());
}

TEST_F(ServerTest, connections_of_one_address_beyond_its_limit_get_a_429) {
  limits_.connections_per_address_max = 2;
  start();
  Wire first = dial();
  Wire second = dial();
  ASSERT_TRUE(eventually([&] { return server_->stats().connections_open == 2; }));
  {
    Wire third = dial();
    const std::string answer = third.until_closed();
    EXPECT_EQ(status_of_answer(answer), 429);
    EXPECT_THAT(answer, HasSubstr("\r\nRetry-After: 1\r\n"));
  }
  EXPECT_EQ(server_->stats().connections_refused, 1U);
  ASSERT_TRUE(eventually([&] { return server_->stats().connections_open == 2; }));
  first.close();
  ASSERT_TRUE(eventually([&] { return server_->stats().connections_open == 1; }));
  EXPECT_TRUE(answers());
}

TEST_F(ServerTest, whoever_goes_on_connecting_is_closed_without_a_word) {
  limits_.connections_per_address_max = 1;
  start();
  Wire first = dial();
  ASSERT_TRUE(eventually([&] { return server_->stats().connections_open == 1; }));
  std::vector<Wire> others;
  for (int i = 0; i < 20; ++i) others.push_back(dial());
  ASSERT_TRUE(eventually([&] { return server_->stats().connections_refused == 20; }));
  EXPECT_EQ(others.back().until_closed(), "");
  EXPECT_LE(server_->stats().connections_open, 5U);
}

TEST_F(ServerTest, connections_from_trusted_addresses_are_not_counted) {
  limits_.connections_per_address_max = 1;
  start([](Server& server) {
    server.trust([](std::string_view address) { return address == "127.0.0.1"; });
  });
  Wire first = dial();
  ASSERT_TRUE(eventually([&] { return server_->stats().connections_open == 1; }));
  EXPECT_TRUE(answers());
}

TEST(ClientNetwork, is_an_ipv4_address_or_the_64_of_an_ipv6_one) {
  EXPECT_EQ(client_network("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_network("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_network("2001:db8:0:1:2:3:4:5"), "2001:db8:0:1::/64");
  EXPECT_EQ(client_network("2001:db8:0:1::9"), "2001:db8:0:1::/64");
  EXPECT_EQ(client_network("2001:db8:0:2::9"), "2001:db8:0:2::/64");
  EXPECT_EQ(client_network("::1"), "::/64");
  EXPECT_EQ(client_network(""), "");
  EXPECT_EQ(client_network("unknown:words"), "unknown:words");
}

/// Lowers the bound of open descriptors to what is open now, or raises it to the most allowed.
class DescriptorLimit {
 public:
  DescriptorLimit() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  ~DescriptorLimit() { restore(); }
  void restore() const { ::setrlimit(RLIMIT_NOFILE, &before_); }
  void use_up() const {
    const int next_free = ::fcntl(0, F_DUPFD_CLOEXEC, 0);
    ::close(next_free);
    const rlimit tight{static_cast<rlim_t>(next_free), before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &tight);
  }
  rlim_t raise() const {
    const rlimit most{std::min<rlim_t>(before_.rlim_max, 8192), before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &most);
    return most.rlim_cur;
  }

 private:
  rlimit before_{};
};

TEST_F(ServerTest, running_out_of_descriptors_is_survived) {
  start();
  const DescriptorLimit limit;
  Wire wire;
  limit.use_up();
  ASSERT_TRUE(wire.connect(server_->port()));
  wire.send(kHello);
  EXPECT_TRUE(eventually([&] { return !errors().empty(); }));
  limit.restore();
  EXPECT_THAT(wire.answer(), EndsWith("hello"));
  EXPECT_THAT(errors(), testing::ElementsAre(HasSubstr("Too many open files")));
}

TEST_F(ServerTest, a_thousand_connections_are_served_side_by_side) {
  const DescriptorLimit limit;
  const std::size_t count = std::min<std::size_t>(1000, (limit.raise() - 100) / 2);
  start();
  std::vector<Wire> wires;
  for (std::size_t i = 0; i < count; ++i) wires.push_back(dial());
  for (int round = 0; round < 3; ++round) {
    for (const Wire& wire : wires) ASSERT_TRUE(wire.send(kHello));
    for (Wire& wire : wires) ASSERT_THAT(wire.answer(), EndsWith("hello"));
  }
  EXPECT_EQ(server_->stats().connections_open, count);
  EXPECT_EQ(server_->stats().requests, 3 * count);
}

class TwoThreads : public ServerTest {
 protected:
  TwoThreads() : ServerTest(2) {}
};

TEST_F(TwoThreads, share_one_port) {
  start();
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(answers());
  Server second(runtime_, router_);
  EXPECT_FALSE(second.listen("127.0.0.1", server_->port())) << "another server must not join in";
}

TEST_F(ServerTest, draining_finishes_requests_in_hand_and_closes_idle_connections) {
  start();
  Wire idle = dial();
  Wire busy = dial();
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + std::string{kHello});
  ASSERT_TRUE(eventually([&] { return waiting_ == 1 && server_->stats().connections_open == 2; }));
  auto drained = std::async(std::launch::async, [&] { runtime_.run(server_->drain(60s)); });
  EXPECT_EQ(idle.until_closed(), "");
  EXPECT_TRUE(eventually([&] { return !Wire{}.connect(server_->port()); })) << "still accepting";
  release_.set();
  const std::string answer = busy.until_closed();
  EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nreleased"));
  busy.close();
  drained.get();
  EXPECT_EQ(server_->stats().connections_open, 0U);
}

TEST_F(ServerTest, seen_off_connections_are_answered_once_more_and_new_ones_are_taken) {
  start();
  Wire kept = dial();
  kept.send(kHello);
  EXPECT_THAT(kept.answer(), testing::Not(HasSubstr("Connection: close")));
  server_->see_off();
  kept.send(kHello);
  EXPECT_THAT(kept.until_closed(), HasSubstr("\r\nConnection: close\r\n"));
  Wire late = dial();
  late.send(kHello);
  EXPECT_THAT(late.until_closed(), HasSubstr("\r\nConnection: close\r\n"));
  runtime_.run(server_->drain(60s));
}

TEST_F(ServerTest, draining_cuts_what_is_left_after_the_grace_time) {
  start();
  Wire busy = dial();
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return waiting_ == 1; }));
  runtime_.run(server_->drain(20ms));
  EXPECT_EQ(busy.until_closed(), "");
  release_.set();
  EXPECT_TRUE(eventually([&] { return server_->stats().connections_open == 0; }));
}

TEST_F(ServerTest, draining_with_nothing_to_do_is_over_at_once) {
  start();
  EXPECT_TRUE(answers());
  runtime_.run(server_->drain(60s));
  runtime_.run(server_->drain(60s));
}

TEST_F(ServerTest, destroying_a_server_cuts_its_connections) {
  start();
  Wire idle = dial();
  Wire half = dial();
  half.send("GET /he");
  ASSERT_TRUE(eventually([&] { return server_->stats().connections_open == 2; }));
  server_.reset();
  EXPECT_EQ(idle.until_closed(), "");
  half.until_closed();
}

TEST_F(ServerTest, a_server_may_outlive_the_running_of_its_loops) {
  start();
  Wire idle = dial();
  ASSERT_TRUE(eventually([&] { return server_->stats().connections_open == 1; }));
  runtime_.run(server_->drain(60s));
  runtime_.stop();
  server_.reset();
}

}  // namespace
}  // namespace baedal::http
