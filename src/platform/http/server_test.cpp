// The server over real sockets: raw bytes in, exact bytes out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>

#include "platform/http/framing_attacks.hpp"
#include "platform/http/garbage.hpp"
#include "platform/http/server_fixture.hpp"

namespace baedal::http {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST_F(ServerTest, answers_byte_for_byte) {
  start();
  Wire wire = dial();
  wire.send(kHello);
  EXPECT_EQ(without_date(wire.answer()),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
            "Date: …\r\n\r\nhello");
  wire.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(without_date(wire.answer(false)),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
            "Date: …\r\n\r\n");
  wire.send("GET /empty HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(without_date(wire.answer()), "HTTP/1.1 204 No Content\r\nDate: …\r\n\r\n");
  wire.send("GET /unchanged HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(without_date(wire.until_closed()),
            "HTTP/1.1 304 Not Modified\r\nDate: …\r\nConnection: close\r\n\r\n");
}

TEST_F(ServerTest, keeps_http_1_0_connections_only_when_asked) {
  start();
  Wire wire = dial();
  wire.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(wire.answer(), HasSubstr("\r\nConnection: keep-alive\r\n"));
  wire.send("GET /hello HTTP/1.0\r\n\r\n");
  const std::string last = wire.until_closed();
  EXPECT_THAT(last, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(last, EndsWith("\r\n\r\nhello"));
}

TEST_F(ServerTest, tells_handlers_where_links_lead_and_who_asks) {
  start();
  EXPECT_THAT(ask("GET /where HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n"),
              EndsWith("\r\n\r\nhttp://shop.example:8080 127.0.0.1"));
  EXPECT_THAT(
      ask("GET /where HTTP/1.0\r\n\r\n"),
      EndsWith("\r\n\r\nhttp://127.0.0.1:" + std::to_string(server_->port()) + " 127.0.0.1"));
}

TEST_F(ServerTest, refuses_framing_attacks_with_a_problem_and_closes) {
  start();
  for (const FramingAttack& attack : framing_attacks()) {
    Wire wire = dial();
    wire.send(attack.bytes);
    const std::string answer = wire.answer();
    EXPECT_EQ(status_of_answer(answer), attack.status) << attack.name << "\n" << answer;
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Type: application/problem+json\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_EQ(wire.until_closed(), "") << attack.name;
  }
  EXPECT_EQ(server_->stats().bad_requests, framing_attacks().size());
  EXPECT_TRUE(answers());
}

TEST_F(ServerTest, a_half_request_is_refused_when_the_client_ends) {
  start();
  Wire wire = dial();
  wire.send("GET /hello HTT");
  wire.end_sending();
  EXPECT_EQ(status_of_answer(wire.until_closed()), 400);
  Wire silent = dial();
  silent.end_sending();
  EXPECT_EQ(silent.until_closed(), "");
}

TEST_F(ServerTest, a_body_too_large_is_refused_before_it_is_read) {
  start();
  Wire wire = dial();
  wire.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10485760\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of_answer(wire.until_closed()), 413);
}

TEST_F(ServerTest, a_client_that_sends_ten_megabytes_at_once_still_reads_why_not) {
  start();
  Wire wire = dial();
  EXPECT_TRUE(wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10485760\r\n\r\n"));
  EXPECT_TRUE(wire.send(std::string(10'485'760, 'x')));
  EXPECT_EQ(status_of_answer(wire.until_closed()), 413);
}

TEST_F(ServerTest, headers_too_large_are_refused) {
  start();
  Wire wire = dial();
  EXPECT_TRUE(wire.send("GET /hello HTTP/1.1\r\nHost: a\r\nX-A: " + std::string(100'000, 'x') +
                        "\r\n\r\n"));
  EXPECT_EQ(status_of_answer(wire.until_closed()), 431);
}

TEST_F(ServerTest, pipelined_requests_are_answered_in_order) {
  start();
  Wire wire = dial();
  std::string requests = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
  for (int i = 0; i < 200; ++i) {
    const std::string body = std::to_string(i);
    requests += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body;
  }
  wire.send(requests);
  ASSERT_TRUE(eventually([&] { return waiting_ == 1; }));
  release_.set();
  EXPECT_THAT(wire.answer(), EndsWith("\r\n\r\nreleased"));
  for (int i = 0; i < 200; ++i) {
    EXPECT_THAT(wire.answer(), EndsWith("\r\n\r\n" + std::to_string(i)));
  }
}

TEST_F(ServerTest, after_a_refusal_nothing_pipelined_behind_it_is_answered) {
  start();
  Wire wire = dial();
  wire.send("GET /hello HTTP/1.1\r\n\r\n" + std::string{kHello});
  const std::string all = wire.until_closed();
  EXPECT_EQ(status_of_answer(all), 400);
  EXPECT_THAT(all, Not(HasSubstr("200 OK")));
}

TEST_F(ServerTest, reads_chunked_bodies_and_keeps_the_connection) {
  start();
  Wire wire = dial();
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nfoo\r\n4;x=y\r\nbars\r\n0\r\nX-T: 1\r\n\r\n";
  wire.send(request + request);
  EXPECT_THAT(wire.answer(), EndsWith("\r\n\r\nfoobars"));
  EXPECT_THAT(wire.answer(), EndsWith("\r\n\r\nfoobars"));
}

TEST_F(ServerTest, says_continue_to_a_client_that_waits_for_it) {
  start();
  Wire wire = dial();
  wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(wire.answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  wire.send("body");
  EXPECT_THAT(wire.answer(), EndsWith("\r\n\r\nbody"));
}

TEST_F(ServerTest, writes_large_bodies_to_slow_readers_whole) {
  start();
  Wire wire = dial();
  wire.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n" + std::string{kHello});
  const std::string answer = wire.answer();
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, kLargeBytes);
  EXPECT_THAT(wire.answer(), EndsWith("\r\n\r\nhello"));
}

TEST_F(ServerTest, a_handler_that_throws_is_a_500_and_the_connection_goes_on) {
  start();
  Wire wire = dial();
  wire.send("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n" + std::string{kHello});
  const std::string answer = wire.answer();
  EXPECT_EQ(status_of_answer(answer), 500);
  EXPECT_THAT(answer, Not(HasSubstr("on purpose"))) << "for the log, not for the client";
  EXPECT_THAT(wire.answer(), EndsWith("\r\n\r\nhello"));
  EXPECT_THAT(errors(), testing::ElementsAre(HasSubstr("GET /throw: broken on purpose")));
}

TEST_F(ServerTest, shows_every_answer_to_the_observer) {
  std::atomic<int> ok{0};
  std::atomic<int> refused{0};
  observer_ = [&](const Request& request, const Response& response, std::chrono::nanoseconds took) {
    if (response.status == 200 && request.path == "/hello" && took.count() > 0) ++ok;
    if (response.status == 400 && took.count() == 0) ++refused;
  };
  start();
  EXPECT_EQ(status_of_answer(ask(kHello)), 200);
  EXPECT_EQ(status_of_answer(ask("GET /hello HTTP/1.1\r\n\r\n")), 400);
  EXPECT_EQ(ok, 1);
  EXPECT_EQ(refused, 1);
}

TEST_F(ServerTest, counts_what_it_does) {
  start();
  {
    Wire wire = dial();
    wire.send(std::string{kHello} + kHello);
    wire.answer();
    wire.answer();
    const ServerStats stats = server_->stats();
    EXPECT_EQ(stats.connections_open, 1U);
    EXPECT_EQ(stats.connections_accepted, 1U);
    EXPECT_EQ(stats.requests, 2U);
    EXPECT_EQ(stats.bad_requests, 0U);
  }
  EXPECT_TRUE(eventually([&] { return server_->stats().connections_open == 0; }));
}

TEST_F(ServerTest, a_taken_port_and_a_bad_address_are_errors) {
  start();
  Server second(runtime_, router_);
  const auto taken = second.listen("127.0.0.1", server_->port());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind, ErrorKind::kUnavailable);
  Server third(runtime_, router_);
  const auto bad = third.listen("not-an-address", 0);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::kInvalid);
}

TEST_F(ServerTest, survives_garbage) {
  start();
  std::mt19937_64 random(20260101);
  for (int round = 0; round < 4000; ++round) {
    const std::string bytes = garbage(random);
    Wire wire = dial();
    wire.send(bytes);
    wire.end_sending();
    const std::string answer = wire.until_closed();
    if (!answer.empty()) {
      const int status = status_of_answer(answer);
      EXPECT_TRUE(status >= 100 && (status < 500 || status == 501 || status == 505))
          << "round " << round << ": " << answer;
    }
  }
  EXPECT_TRUE(answers());
  EXPECT_TRUE(eventually([&] { return server_->stats().connections_open == 0; }));
}

}  // namespace
}  // namespace baedal::http
