// Heads of answers: what is read, and what is refused because two readers could read it
// differently.
#include "platform/http/upstream/answer_head.hpp"

#include <gtest/gtest.h>

#include <string>

namespace baedal::http {
namespace {

TEST(AnswerHead, is_read_with_its_framing) {
  AnswerHead head;
  const std::string bytes =
      "HTTP/1.1 201 Created\r\nContent-Length: 12\r\nX-A:  b \r\nLocation: /x\r\n\r\nbody";
  ASSERT_EQ(read_head(bytes, head), HeadStep::kDone);
  EXPECT_EQ(head.status, 201);
  EXPECT_EQ(head.content_length, 12U);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.chunked);
  EXPECT_EQ(head.header("x-a"), "b");
  EXPECT_EQ(head.header("none"), "");
  EXPECT_EQ(bytes.substr(head.bytes), "body");
}

TEST(AnswerHead, needs_all_of_it) {
  AnswerHead head;
  const std::string bytes = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(read_head(bytes.substr(0, size), head), HeadStep::kNeedMore) << size;
  }
  EXPECT_EQ(read_head(bytes, head), HeadStep::kDone);
}

TEST(AnswerHead, knows_whether_the_connection_stays) {
  AnswerHead head;
  const auto stays = [&](const std::string& bytes) {
    return read_head(bytes, head) == HeadStep::kDone && head.keep_alive;
  };
  EXPECT_TRUE(stays("HTTP/1.1 200\r\n\r\n"));
  EXPECT_FALSE(stays("HTTP/1.1 200 OK\r\nConnection: x, Close\r\n\r\n"));
  EXPECT_FALSE(stays("HTTP/1.0 200 OK\r\n\r\n"));
}

TEST(AnswerHead, what_could_be_read_in_two_ways_is_refused) {
  for (const char* bytes : {
           "HTTP/2 200 OK\r\n\r\n",
           "HTTP/1.1 20 OK\r\n\r\n",
           "HTTP/1.1 2000 OK\r\n\r\n",
           "HTTP/1.1 099 No\r\n\r\n",
           "nonsense\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
           "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
           "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
           "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
           "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n",
           "HTTP/1.1 200 OK\nA: b\r\n\r\n",
           "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
       }) {
    AnswerHead head;
    EXPECT_EQ(read_head(bytes, head), HeadStep::kBad) << bytes;
  }
}

}  // namespace
}  // namespace baedal::http
