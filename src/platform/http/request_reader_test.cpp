// Bytes in, requests or refusals out, without sockets: all at once and cut at every place.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "platform/http/framing_attacks.hpp"
#include "platform/http/garbage.hpp"
#include "platform/http/request_reader.hpp"

namespace baedal::http {
namespace {

using Step = RequestReader::Step;

/// Feeds `bytes`, `piece` at a time, until a request is done or refused; what was not needed for it
/// is cut from the front of `bytes`' rest by the caller's next call.
Step feed(RequestReader& reader, std::string_view& bytes, std::size_t piece) {
  Step step = reader.step();
  while (step == Step::kNeedMore || step == Step::kContinue) {
    if (bytes.empty()) return step;
    const std::span<char> room = reader.room();
    const std::size_t size = std::min({piece, room.size(), bytes.size()});
    std::memcpy(room.data(), bytes.data(), size);
    reader.commit(size);
    bytes.remove_prefix(size);
    step = reader.step();
  }
  return step;
}

class EveryCut : public testing::TestWithParam<std::size_t> {
 protected:
  ServerLimits limits_;
};

TEST_P(EveryCut, attacks_are_refused_alike) {
  for (const FramingAttack& attack : framing_attacks()) {
    RequestReader reader(limits_);
    std::string_view rest = attack.bytes;
    ASSERT_EQ(feed(reader, rest, GetParam()), Step::kRefused) << attack.name;
    EXPECT_EQ(reader.refusal().status, attack.status) << attack.name;
    EXPECT_FALSE(reader.keep_alive());
    Request request;
    reader.fill(request);  // whatever was read can be looked at
  }
}

TEST_P(EveryCut, requests_in_a_row_come_out_whole) {
  const std::string bytes =
      "\r\nGET /a?b=c HTTP/1.1\r\nHost: one:81\r\nX-Request-Id: id-1\r\nAccept:\t x \r\n\r\n"
      "POST /echo HTTP/1.1\r\nHost: two\r\nContent-Length: 5\r\n\r\nhello"
      "POST /echo HTTP/1.1\r\nHost: three\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "5;name=\"a b\"\r\nhello\r\nA\r\n, world!!!\r\n000\r\nX-Trailer: t\r\n\r\n"
      "HEAD http://four/x HTTP/1.0\r\nHost: four\r\n\r\n";
  std::string_view rest = bytes;
  RequestReader reader(limits_);
  Request request;

  ASSERT_EQ(feed(reader, rest, GetParam()), Step::kDone);
  reader.fill(request);
  EXPECT_EQ(request.method, Method::kGet);
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.query, "b=c");
  EXPECT_EQ(request.link_base, "http://one:81");
  EXPECT_EQ(request.request_id, "id-1");
  EXPECT_EQ(request.header("accept"), "x");
  EXPECT_EQ(request.body, "");
  EXPECT_TRUE(reader.keep_alive());

  reader.next();
  ASSERT_EQ(feed(reader, rest, GetParam()), Step::kDone);
  reader.fill(request);
  EXPECT_EQ(request.method, Method::kPost);
  EXPECT_EQ(request.body, "hello");
  EXPECT_EQ(request.headers.size(), 2U);
  EXPECT_EQ(request.request_id, "");

  reader.next();
  ASSERT_EQ(feed(reader, rest, GetParam()), Step::kDone);
  reader.fill(request);
  EXPECT_EQ(request.body, "hello, world!!!");
  EXPECT_EQ(request.header("X-Trailer"), std::nullopt);

  reader.next();
  ASSERT_EQ(feed(reader, rest, GetParam()), Step::kDone);
  reader.fill(request);
  EXPECT_EQ(request.method, Method::kHead);
  EXPECT_EQ(request.path, "/x");
  EXPECT_FALSE(reader.keep_alive());
  EXPECT_TRUE(reader.http_1_0());

  reader.next();
  EXPECT_TRUE(reader.idle());
}

TEST_P(EveryCut, large_bodies_come_out_whole) {
  std::string body;
  for (int i = 0; body.size() < 200'000; ++i) body += std::to_string(i) + ",";
  std::string chunks;
  for (std::size_t at = 0; at < body.size(); at += 3000) {
    const std::string part = body.substr(at, 3000);
    chunks += "bb8\r\n";
    if (part.size() < 3000) {
      chunks.resize(chunks.size() - 5);
      const char* const digits = "0123456789abcdef";
      for (int shift = 12; shift >= 0; shift -= 4) chunks += digits[(part.size() >> shift) & 15U];
      chunks += "\r\n";
    }
    chunks += part + "\r\n";
  }
  const std::string bytes =
      "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
      body + "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks +
      "0\r\n\r\n";
  std::string_view rest = bytes;
  RequestReader reader(limits_);
  Request request;
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(feed(reader, rest, GetParam()), Step::kDone) << i;
    reader.fill(request);
    EXPECT_TRUE(request.body == body) << i;
    EXPECT_EQ(request.header("host"), "a");
    reader.next();
  }
}

TEST_P(EveryCut, bounds_hold) {
  limits_.header_bytes_max = 2000;
  limits_.headers_max = 10;
  limits_.body_bytes_max = 1000;
  const std::string start = "POST /a HTTP/1.1\r\nHost: a\r\n";
  const std::string many(3000, 'x');
  std::string lines;
  for (int i = 0; i < 11; ++i) lines += "X-A: b\r\n";
  const std::string chunked = start + "Transfer-Encoding: chunked\r\n\r\n";
  const std::vector<std::pair<std::string, int>> table = {
      {"GET /" + many, 414},
      {start + "X-A: " + many, 431},
      {start + "X-A: " + many + "\r\n\r\n", 431},
      {start + lines + "\r\n", 431},
      {start + "Content-Length: 1001\r\n\r\n", 413},
      {chunked + "3e8\r\n" + many.substr(0, 1000) + "\r\n1\r\n", 413},
      {chunked + "1;" + many, 431},
      {chunked + "1\r\nx\r\n0\r\nX-A: " + many, 431},
  };
  for (const auto& [bytes, status] : table) {
    RequestReader reader(limits_);
    std::string_view rest = bytes;
    ASSERT_EQ(feed(reader, rest, GetParam()), Step::kRefused) << bytes.substr(0, 80);
    EXPECT_EQ(reader.refusal().status, status) << bytes.substr(0, 80);
  }
}

TEST_P(EveryCut, garbage_ends_in_a_request_or_a_refusal) {
  std::mt19937_64 random(GetParam());
  for (int round = 0; round < 5000; ++round) {
    const std::string bytes = garbage(random) + garbage(random);
    std::string_view rest = bytes;
    RequestReader reader(limits_);
    Request request;
    while (feed(reader, rest, GetParam()) == Step::kDone) {
      reader.fill(request);
      ASSERT_LE(request.body.size() + request.target.size(), bytes.size());
      reader.next();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(RequestReader, EveryCut, testing::Values(1, 2, 3, 7, 64, 1500, 1'000'000));

TEST(RequestReader, asks_once_for_the_body_a_client_holds_back) {
  const ServerLimits limits;
  RequestReader reader(limits);
  std::string_view head =
      "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
  EXPECT_EQ(feed(reader, head, 1000), Step::kContinue);
  EXPECT_EQ(reader.step(), Step::kNeedMore);
  std::string_view body = "ok";
  EXPECT_EQ(feed(reader, body, 1), Step::kDone);
}

TEST(RequestReader, does_not_ask_for_a_body_that_is_already_there) {
  const ServerLimits limits;
  RequestReader reader(limits);
  std::string_view all =
      "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok";
  EXPECT_EQ(feed(reader, all, 1000), Step::kDone);
}

TEST(RequestReader, knows_when_it_is_between_requests) {
  const ServerLimits limits;
  RequestReader reader(limits);
  EXPECT_TRUE(reader.idle());
  std::string_view part = "G";
  EXPECT_EQ(feed(reader, part, 1), Step::kNeedMore);
  EXPECT_FALSE(reader.idle());
}

}  // namespace
}  // namespace baedal::http
