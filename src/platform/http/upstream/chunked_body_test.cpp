// Chunked bodies, whole and cut at every byte; broken ones.
#include "platform/http/upstream/chunked_body.hpp"

#include <gtest/gtest.h>

#include <string>

namespace baedal::http {
namespace {

using Kind = ChunkedBody::Step::Kind;

/// The body of `bytes` given in pieces of `size`; "bad" or "cut" when it is not whole.
std::string decode(const std::string& bytes, std::size_t size) {
  ChunkedBody decoder;
  std::string body;
  std::string unread;
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    unread += bytes.substr(at, size);
    while (true) {
      const auto step = decoder.next(unread);
      body += step.data;
      unread.erase(0, step.taken);
      if (step.kind == Kind::kEnd) return body + "|" + unread;
      if (step.kind == Kind::kBad) return "bad";
      if (step.kind == Kind::kNeedMore) break;
    }
  }
  return "cut";
}

TEST(ChunkedBody, is_put_together_wherever_it_is_cut) {
  const std::string bytes =
      "5\r\nhello\r\n1;ext=\"x\"\r\n \r\n00C\r\nworld\r\n\r\nmor\r\n0\r\nTrailer: x\r\n\r\n";
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    EXPECT_EQ(decode(bytes, size), "hello world\r\n\r\nmor|") << size;
  }
}

TEST(ChunkedBody, the_longest_line_of_a_size_is_taken_wherever_it_is_cut_and_no_longer_one) {
  const std::string longest = "5;" + std::string(254, 'x');
  const std::string rest = "\r\nhello\r\n0\r\n\r\n";
  for (std::size_t size = 1; size <= longest.size() + rest.size(); ++size) {
    EXPECT_EQ(decode(longest + rest, size), "hello|") << size;
    EXPECT_EQ(decode(longest + "x" + rest, size), "bad") << size;
  }
}

TEST(ChunkedBody, leaves_alone_what_comes_behind) {
  EXPECT_EQ(decode("0\r\n\r\nHTTP/1.1", 100), "|HTTP/1.1");
}

TEST(ChunkedBody, broken_ones_are_refused) {
  for (const char* bytes : {"x\r\n", "\r\n", "-1\r\n", "5\r\nhelloX\r\n", "0x5\r\nhello\r\n",
                            "1000000000000000\r\n", "5 5\n\r\nhello", "5,\r\nhello"}) {
    EXPECT_EQ(decode(bytes, 100), "bad") << bytes;
  }
  EXPECT_EQ(decode(std::string(300, '1'), 300), "bad");
  EXPECT_EQ(decode("0\r\n" + std::string(20'000, 't'), 30'000), "bad");
  EXPECT_EQ(decode("5\r\nhel", 100), "cut");
}

}  // namespace
}  // namespace baedal::http
