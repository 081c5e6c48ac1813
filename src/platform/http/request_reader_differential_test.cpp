// The same bytes, read by the short reading of usual heads or by Beast, in one piece or in any
// number of them, kept whole or as streams: one meaning, whatever they are.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "platform/http/framing_attacks.hpp"
#include "platform/http/garbage.hpp"
#include "platform/http/testing/reading.hpp"

namespace baedal::http {
namespace {

/// Requests put together from parts that are good, odd, and bad.
class Composer {
 public:
  explicit Composer(unsigned seed) : random_(seed) {}

  std::string bytes() {
    std::string bytes;
    for (std::size_t left = 1 + below(3); left > 0; --left) bytes += message();
    if (below(8) == 0) bytes.resize(below(bytes.size()) + 1);
    return bytes;
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  const std::string& one_of(const std::vector<std::string>& choices) {
    // The first are the good ones: else nearly every message has something bad.
    return choices[below(4) > 0 ? below(std::min<std::size_t>(choices.size(), 3))
                                : below(choices.size())];
  }

  std::string message() {
    static const std::vector<std::string> kMethods{"GET", "POST", "PUT",     "HEAD", "OPTIONS",
                                                   "FLY", "get",  "CONNECT", "",     "G(T"};
    static const std::vector<std::string> kTargets{
        "/a", "/a/b?c=d", "/%61/1", "http://h/a", "*", "/a/../b", "/a%2f", "//a", "a", "/a b", ""};
    static const std::vector<std::string> kVersions{"HTTP/1.1",  "HTTP/1.1", "HTTP/1.0", "HTTP/2.0",
                                                    "HTTP/1.1 ", "http/1.1", ""};
    static const std::vector<std::string> kEnds{"\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n"};
    static const std::vector<std::string> kBefore{"", "", "", "\r\n", "\r\n\r\n", "\n", " "};
    std::string body;
    std::string text = one_of(kBefore) + one_of(kMethods) + ' ' + one_of(kTargets) + ' ' +
                       one_of(kVersions) + one_of(kEnds) + "Host: h" + one_of(kEnds);
    for (std::size_t left = below(5); left > 0; --left) text += field() + one_of(kEnds);
    const std::size_t kind = below(4);
    if (kind == 1) text += with_length(body);
    if (kind == 2) text += with_chunks(body);
    return text + one_of(kEnds) + body;
  }

  std::string field() {
    static const std::vector<std::string> kFields{"Accept: */*",
                                                  "X-Request-Id: 7",
                                                  "Connection: keep-alive",
                                                  "Connection: close",
                                                  "Connection:  Keep-Alive ",
                                                  "Connection: Upgrade, close",
                                                  "Expect: 100-continue",
                                                  "Expect: x",
                                                  "Upgrade: h2c",
                                                  "Proxy-Connection: close",
                                                  "Keep-Alive: 5",
                                                  "TE: trailers",
                                                  "Host: h",
                                                  "Host: i",
                                                  "X-A:",
                                                  "X-A:b",
                                                  "X-A: \t b\t ",
                                                  "X-A : b",
                                                  " X-A: b",
                                                  "X-A: b\r\n c",
                                                  "X-A: \x01",
                                                  "X-A: \xEA\xB9\x80",
                                                  "X-\xEA: b",
                                                  "X-A",
                                                  ": b",
                                                  "Content-Length: 3",
                                                  "Transfer-Encoding: chunked",
                                                  "Transfer-Encoding: identity"};
    return one_of(kFields);
  }

  std::string with_length(std::string& body) {
    static const std::vector<std::string> kOdd{"", "0", "+5", "05", "5 ", "0x5", "5,5", "99999999"};
    body = std::string(below(2) == 0 ? below(40) : below(40'000), 'b');
    const std::string length = below(6) == 0 ? one_of(kOdd) : std::to_string(body.size());
    return "Content-Length: " + length + "\r\n";
  }

  std::string with_chunks(std::string& body) {
    static const std::vector<std::string> kSizes{
        "5", "05", "5;a=b", "5;a=\"b\"", "5 ", "+5", "6",
        "4", "5;", "5;=",   "5\n",       "x",  "",   "ffffffffffffffff"};
    static const std::vector<std::string> kTrailers{
        "", "", "X-A: b\r\n", "X-A : b\r\n", "X-A: b\n", " c\r\n", "Content-Length: 3\r\n"};
    for (std::size_t left = below(4); left > 0; --left) body += one_of(kSizes) + "\r\nhello\r\n";
    body += "0\r\n" + one_of(kTrailers) + "\r\n";
    return "Transfer-Encoding: chunked\r\n";
  }

  std::mt19937_64 random_;
};

std::vector<Cut> cuts(std::size_t size) {
  std::vector<Cut> cuts{{1, size}, {1, 1}, {3, 7}, {size / 2 + 1, size}};
  if (size > 2) cuts.push_back({size - 1, 1});
  return cuts;
}

void expect_one_meaning(const std::string& bytes) {
  ServerLimits limits;
  limits.body_bytes_max = 30'000;
  const Cut whole{bytes.size(), bytes.size()};
  const std::string meaning = Reading(bytes, whole, limits).all();
  for (const std::uint64_t streamed : {std::uint64_t{0}, std::uint64_t{limits.body_bytes_max}}) {
    limits.streamed_body_bytes_max = streamed;
    for (const Cut& cut : cuts(bytes.size())) {
      const std::string other = Reading(bytes, cut, limits).all();
      ASSERT_EQ(other, meaning) << cut.first << (streamed > 0 ? ", as a stream:\n" : ":\n") << bytes
                                << "\nmeans\n"
                                << meaning << "\nand\n"
                                << other;
    }
  }
}

TEST(RequestReaders, composed_requests_mean_the_same_to_both) {
  Composer composer(6);
  int good = 0;
  for (int round = 0; round < 5'000 && !testing::Test::HasFatalFailure(); ++round) {
    const std::string bytes = composer.bytes();
    const Cut whole{bytes.size(), bytes.size()};
    const ServerLimits limits;
    if (Reading(bytes, whole, limits).all().find("stays") != std::string::npos) ++good;
    expect_one_meaning(bytes);
  }
  EXPECT_GT(good, 500);
}

TEST(RequestReaders, attacks_and_garbage_mean_the_same_to_both) {
  for (const FramingAttack& attack : framing_attacks()) expect_one_meaning(attack.bytes);
  std::mt19937_64 random(7);
  for (int round = 0; round < 2'000 && !testing::Test::HasFatalFailure(); ++round) {
    expect_one_meaning(garbage(random) + garbage(random));
  }
}

TEST(RequestReaders, heads_around_their_bounds_mean_the_same_to_both) {
  ServerLimits limits;
  limits.header_bytes_max = 1024;
  limits.headers_max = 10;
  const auto reading = [&](const std::string& bytes, Cut cut) {
    return Reading(bytes, cut, limits).all().substr(0, 40);
  };
  const std::string line = "GET /a HTTP/1.1\r\nHost: h\r\n";
  for (std::size_t size = 1015; size < 1035; ++size) {
    const std::string bytes =
        line + "X-A: " + std::string(size - line.size() - 9, 'x') + "\r\n\r\n";
    ASSERT_EQ(bytes.size(), size);
    EXPECT_EQ(reading(bytes, {size, size}).starts_with("GET"), size <= 1024) << size;
    for (const Cut& cut : cuts(size)) {
      EXPECT_EQ(reading(bytes, cut), reading(bytes, {size, size})) << size << ' ' << cut.first;
    }
  }
  for (std::size_t count = 8; count < 13; ++count) {
    std::string bytes = line;
    for (std::size_t i = 1; i < count; ++i) bytes += "X-A: b\r\n";
    bytes += "\r\n";
    EXPECT_EQ(reading(bytes, {500, 500}).starts_with("GET"), count <= 10) << count;
    for (const Cut& cut : cuts(bytes.size())) {
      EXPECT_EQ(reading(bytes, cut), reading(bytes, {500, 500})) << count << ' ' << cut.first;
    }
  }
}

TEST(RequestReaders, trailers_beyond_the_bounds_are_refused_however_they_come) {
  ServerLimits limits;
  limits.headers_max = 10;
  const std::string start =
      "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n";
  for (std::size_t count = 7; count < 11; ++count) {
    std::string bytes = start;
    for (std::size_t i = 0; i < count; ++i) bytes += "X-A: b\r\n";
    bytes += "\r\n";
    const Cut whole{bytes.size(), bytes.size()};
    EXPECT_EQ(Reading(bytes, whole, limits).all().starts_with("POST"), count <= 8) << count;
    for (const Cut& cut : cuts(bytes.size())) {
      EXPECT_EQ(Reading(bytes, cut, limits).all(), Reading(bytes, whole, limits).all()) << count;
    }
  }
}

}  // namespace
}  // namespace baedal::http
