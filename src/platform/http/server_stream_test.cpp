// Request bodies as streams: what handlers get, at whose pace, and how it ends when one side has
// enough.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/body_stream.hpp"
#include "platform/http/server_fixture.hpp"
#include "platform/http/whole_body.hpp"

namespace baedal::http {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;

/// Streams bodies; what is below /whole gets them collected.
class StreamTest : public ServerTest {
 protected:
  StreamTest() {
    limits_.streamed_body_bytes_max = 64 * 1024 * 1024;
    router_.add(Method::kPost, "/count", [this](Request& request) { return count(request); });
    router_.add(Method::kPost, "/ignore", [](Request&) { return text("ignored"); });
    router_.add(Method::kPost, "/whole", [this](Request& request) { return whole(request); });
  }

  Task<Response> count(Request& request) {
    if (!request.stream) co_return Response{200, "text/plain", "whole", {}};
    ++waiting_;
    if (hold_) co_await release_.wait();
    std::size_t bytes = 0;
    while (true) {
      auto reading = request.stream->read();
      const auto piece = co_await reading;
      if (!piece) co_return Response{500, "text/plain", "never seen", {}};
      if (piece->empty()) break;
      bytes += piece->size();
    }
    const bool header_still_there = request.header("X-Kept") == "kept";
    co_return Response{
        200, "text/plain", std::to_string(bytes) + (header_still_there ? " kept" : " lost"), {}};
  }
  Task<Response> whole(Request& request) { return collecting_.handle(request); }

  static std::string head(const std::string& path, const std::string& headers) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nX-Kept: kept\r\n" + headers + "\r\n";
  }
  static std::string sized(const std::string& path, std::size_t size) {
    return head(path, "Content-Length: " + std::to_string(size) + "\r\n");
  }
  static std::string chunk(std::size_t size) {
    std::array<char, 32> line{};
    std::snprintf(line.data(), line.size(), "%zx\r\n", size);
    return line.data() + std::string(size, 'c') + "\r\n";
  }

  struct Echo final : HttpHandler {
    Task<Response> handle(Request& request) override { return text(request.body); }
  };
  Echo echo_;
  WholeBody collecting_{echo_, 200'000};
  std::atomic<bool> hold_{false};
};

TEST_F(StreamTest, a_large_body_comes_in_pieces_and_the_connection_goes_on) {
  start();
  Wire wire = dial();
  for (const std::size_t size : {20'000UL, 5'000'000UL}) {
    wire.send(sized("/count", size));
    wire.send(std::string(size, 'x'));
    EXPECT_THAT(wire.answer(), EndsWith("\r\n\r\n" + std::to_string(size) + " kept"));
  }
  wire.send(head("/count", "Transfer-Encoding: chunked\r\n"));
  for (int i = 0; i < 100; ++i) wire.send(chunk(40'000));
  wire.send("0\r\n\r\n" + std::string{kHello});
  EXPECT_THAT(wire.answer(), EndsWith("\r\n\r\n4000000 kept"));
  EXPECT_THAT(wire.answer(), EndsWith("\r\n\r\nhello"));
}

TEST_F(StreamTest, what_comes_with_its_headers_is_no_stream) {
  start();
  EXPECT_THAT(ask(sized("/count", 3) + "abc"), EndsWith("whole"));
  EXPECT_THAT(ask(head("/count", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n"),
              EndsWith("whole"));
  EXPECT_THAT(ask(head("/count", "")), EndsWith("whole"));
}

TEST_F(StreamTest, nobody_reads_ahead_of_the_handler) {
  hold_ = true;
  start();
  Wire wire = dial();
  wire.send(sized("/count", 60'000'000));
  ASSERT_TRUE(eventually([&] { return waiting_ == 1; }));
  const std::string body(60'000'000, 'x');
  // The system's buffers take a few megabytes, and then no more.
  const std::size_t sent = wire.send_until_stuck(body);
  EXPECT_LT(sent, body.size() / 2);
  release_.set();
  wire.send(std::string_view{body}.substr(sent));
  EXPECT_THAT(wire.answer(), EndsWith("60000000 kept"));
}

TEST_F(StreamTest, a_body_that_trickles_is_a_408_though_every_piece_is_in_time) {
  limits_.body_timeout = 60ms;
  limits_.body_rate_min = std::uint64_t{1} << 40U;  // nobody brings as much
  std::atomic<int> status{0};
  observer_ = [&](const Request&, const Response& response, std::chrono::nanoseconds) {
    status = response.status;
  };
  start();
  Wire wire = dial();
  wire.send(sized("/count", 60'000'000));
  while (status == 0) {
    wire.send("x");
    std::this_thread::yield();
  }
  EXPECT_EQ(status, 408);
  EXPECT_EQ(status_of_answer(wire.until_closed()), 408);
}

TEST_F(StreamTest, a_body_nobody_reads_ends_the_connection_after_the_answer) {
  start();
  Wire wire = dial();
  wire.send(sized("/ignore", 50'000) + std::string(10'000, 'x'));
  const std::string answer = wire.answer();
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, EndsWith("ignored"));
  EXPECT_TRUE(answers());
}

TEST_F(StreamTest, a_client_is_told_to_continue_only_when_its_body_is_wanted) {
  start();
  const std::string expecting = "Expect: 100-continue\r\nContent-Length: 50000\r\n";
  Wire refused = dial();
  refused.send(head("/ignore", expecting));
  EXPECT_EQ(status_of_answer(refused.answer()), 200);
  Wire wire = dial();
  wire.send(head("/count", expecting));
  EXPECT_EQ(wire.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  wire.send(std::string(50'000, 'x'));
  EXPECT_THAT(wire.answer(), EndsWith("50000 kept"));
}

TEST_F(StreamTest, a_body_that_breaks_is_the_clients_to_explain) {
  limits_.body_timeout = 60ms;
  start();
  Wire bad = dial();
  bad.send(head("/count", "Transfer-Encoding: chunked\r\n") + chunk(30'000));
  bad.send("xyz\r\n");
  EXPECT_EQ(status_of_answer(bad.until_closed()), 400);
  Wire slow = dial();
  slow.send(sized("/count", 50'000) + "x");
  EXPECT_EQ(status_of_answer(slow.until_closed()), 408);
  Wire half = dial();
  half.send(sized("/count", 50'000) + "x");
  half.end_sending();
  EXPECT_EQ(status_of_answer(half.until_closed()), 400);
}

TEST_F(StreamTest, the_limit_of_streams_holds_for_known_and_unknown_lengths) {
  limits_.streamed_body_bytes_max = 100'000;
  start();
  EXPECT_EQ(status_of_answer(ask(sized("/count", 100'001))), 413);
  Wire wire = dial();
  wire.send(head("/count", "Transfer-Encoding: chunked\r\n"));
  for (int i = 0; i < 3; ++i) wire.send(chunk(40'000));
  EXPECT_EQ(status_of_answer(wire.until_closed()), 413);
}

TEST_F(StreamTest, a_handler_that_wants_it_whole_gets_it_whole_or_not_at_all) {
  start();
  const std::string body(150'000, 'w');
  EXPECT_THAT(ask(sized("/whole", body.size()) + body), EndsWith("\r\n\r\n" + body));
  EXPECT_EQ(status_of_answer(ask(sized("/whole", 200'001))), 413);
  Wire wire = dial();
  wire.send(head("/whole", "Transfer-Encoding: chunked\r\n"));
  for (int i = 0; i < 6; ++i) wire.send(chunk(40'000));
  EXPECT_EQ(status_of_answer(wire.answer()), 413);
}

TEST_F(StreamTest, framing_attacks_are_refused_all_the_same) {
  start();
  for (const char* headers : {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                              "Content-Length: 50000\r\nContent-Length: 50001\r\n",
                              "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    EXPECT_EQ(status_of_answer(ask(head("/count", headers))), 400) << headers;
  }
}

TEST_F(StreamTest, an_end_of_the_server_cuts_a_body_under_way) {
  start();
  Wire wire = dial();
  wire.send(sized("/count", 50'000) + "x");
  ASSERT_TRUE(eventually([&] { return waiting_ == 1; }));
  server_.reset();
  wire.until_closed();
}

}  // namespace
}  // namespace baedal::http
