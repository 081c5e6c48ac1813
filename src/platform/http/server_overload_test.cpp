// More requests than an I/O thread takes on: which are refused, how, and what becomes of their
// connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>

#include "platform/http/server_fixture.hpp"

namespace baedal::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

const std::string kEcho = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfirst";

/// Has no room for anything that changes something, unless a test makes some.
class OverloadTest : public ServerTest {
 protected:
  OverloadTest() { limits_.backlog_max = 0; }

  void expect_shed(const std::string& answer) {
    EXPECT_EQ(status_of_answer(answer), 503) << answer;
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Type: application/problem+json\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nRetry-After: 1\r\n"));
    EXPECT_THAT(answer, HasSubstr("\"code\":\"overloaded\""));
    EXPECT_THAT(answer, EndsWith("}"));
  }
};

TEST_F(OverloadTest, of_what_comes_at_once_only_the_bound_is_taken_on) {
  limits_.backlog_max = 1;
  std::latch at_work{1};
  std::latch go_on{1};
  router_.add(Method::kGet, "/block", [&](Request&) {
    at_work.count_down();
    go_on.wait();
    return text("unblocked");
  });
  start();
  Wire blocking = dial();
  std::vector<Wire> others;
  for (int i = 0; i < 3; ++i) others.push_back(dial());
  ASSERT_TRUE(eventually([&] { return server_->stats().connections_open == 4; }));
  blocking.send("GET /block HTTP/1.1\r\nHost: a\r\n\r\n");
  at_work.wait();
  for (const Wire& wire : others) wire.send(kEcho);
  const bool all_there =
      bool{eventually([&] { return std::ranges::all_of(others, &Wire::has_arrived); })};
  go_on.count_down();
  ASSERT_TRUE(all_there);
  int taken = 0;
  for (Wire& wire : others) {
    const std::string answer = wire.answer();
    if (status_of_answer(answer) == 200) {
      ++taken;
    } else {
      expect_shed(answer);
    }
  }
  EXPECT_EQ(taken, 1);
  EXPECT_EQ(server_->stats().requests_shed, 2U);
  EXPECT_EQ(server_->stats().bad_requests, 0U);
  // One after the other there is room for all.
  for (Wire& wire : others) {
    wire.send(kEcho);
    EXPECT_THAT(wire.answer(), EndsWith("first"));
  }
}

TEST_F(OverloadTest, a_refused_request_is_skipped_and_the_next_of_its_connection_answered) {
  start();
  Wire wire = dial();
  const std::string chunked =
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nGET\r\n0\r\n\r\n";
  for (const std::string& refused : {kEcho, chunked}) {
    wire.send(refused + kHello);
    const std::string answer = wire.answer();
    expect_shed(answer);
    EXPECT_THAT(answer, Not(HasSubstr("Connection: close")));
    EXPECT_THAT(wire.answer(), EndsWith("hello"));
  }
}

TEST_F(OverloadTest, a_body_still_on_its_way_is_skipped_too) {
  start();
  Wire wire = dial();
  wire.send(kEcho.substr(0, kEcho.size() - 2));
  ASSERT_TRUE(eventually([&] { return wire.has_arrived(); }));
  wire.send(kEcho.substr(kEcho.size() - 2) + kHello);
  expect_shed(wire.answer());
  EXPECT_THAT(wire.answer(), EndsWith("hello"));
}

TEST_F(OverloadTest, a_large_body_is_refused_before_it_comes_and_the_connection_closed) {
  limits_.streamed_body_bytes_max = limits_.body_bytes_max;
  start();
  Wire wire = dial();
  wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nfirst");
  const std::string answer = wire.until_closed();
  expect_shed(answer);
  EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(OverloadTest, who_wants_the_connection_closed_gets_it_closed) {
  start();
  for (const std::string head :
       {"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n", "POST /echo HTTP/1.0\r\n"}) {
    Wire wire = dial();
    wire.send(head + "Content-Length: 1\r\n\r\nx");
    const std::string answer = wire.until_closed();
    expect_shed(answer);
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
  }
}

TEST_F(OverloadTest, what_changes_nothing_and_what_is_spared_is_answered) {
  router_.add(Method::kPost, "/spared", [](Request&) { return text("spared"); });
  start([](Server& server) {
    server.spare([](std::string_view path) { return path == "/spared"; });
  });
  EXPECT_EQ(status_of_answer(ask(kHello)), 200);
  EXPECT_EQ(status_of_answer(ask("OPTIONS /hello HTTP/1.1\r\nHost: a\r\n\r\n")), 200);
  EXPECT_EQ(status_of_answer(ask("POST /spared?x=1 HTTP/1.1\r\nHost: a\r\n\r\n")), 200);
  expect_shed(ask("DELETE /spared/1 HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(server_->stats().requests_shed, 1U);
}

}  // namespace
}  // namespace baedal::http
