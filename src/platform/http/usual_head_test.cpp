// The short reading of usual heads against Beast's: whatever it takes, Beast takes alike.
#include "platform/http/usual_head.hpp"

#include <gtest/gtest.h>

#include <random>

#include "platform/http/framing_attacks.hpp"
#include "platform/http/garbage.hpp"

namespace baedal::http {
namespace {

using Heads = MessageParser::Heads;

const std::string kOrder =
    "POST /orders HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\n"
    "accept: */*\r\nConnection: Keep-Alive\r\nContent-Length: 9\r\n\r\n{\"qty\":1}";

bool is_usual(std::string_view bytes) {
  ParsedMessage message;
  return read_usual_head(bytes, message).has_value();
}

/// All that is known of the message at the front of `bytes`, as a text.
std::string reading(std::string_view bytes, Heads heads) {
  const ServerLimits limits;
  MessageParser parser(limits, heads);
  std::size_t at = parser.put(bytes, 0);
  const ParsedMessage& message = parser.message();
  if (message.headers_done && !message.refusal && !parser.done()) at = parser.put(bytes, at);
  if (message.refusal) return "refused: " + std::string{message.refusal->code};
  if (!message.headers_done) return "not whole";
  std::string text = std::to_string(at) + (parser.done() ? " done " : " not done ") +
                     (parser.needs_more() ? "needs more " : "") +
                     (parser.keep_alive() ? "" : "closes ") + (parser.chunked() ? "chunked " : "");
  for (const Slice& part : {message.method_text, message.target, message.host}) {
    text += '|' + std::string{part.in(bytes.data())};
  }
  for (const Field& field : message.fields) {
    text += '|' + std::string{field.name.in(bytes.data())} + '=';
    text += field.value.in(bytes.data());
  }
  const auto length = parser.content_length();
  text += '|' + std::string{to_string(message.method)} + std::to_string(message.version);
  text += ' ' + std::to_string(message.field_lines) + ' ' + std::to_string(message.hosts);
  text += ' ' + std::to_string(message.content_lengths) + (message.expects_continue ? " 100" : "");
  return text + ' ' + (length ? std::to_string(*length) : "-") + ' ' + message.body;
}

void expect_alike(const std::string& bytes) {
  EXPECT_EQ(reading(bytes, Heads::kUsualFirst), reading(bytes, Heads::kBeast)) << bytes;
}

TEST(UsualHead, the_head_of_an_order_is_one_and_reads_as_beast_reads_it) {
  EXPECT_TRUE(is_usual(kOrder));
  EXPECT_TRUE(is_usual("GET /orders?page=0&size=20&sort=id,desc HTTP/1.1\r\nHost: a\r\n\r\n"));
  expect_alike(kOrder);
}

TEST(UsualHead, a_head_that_is_not_whole_is_none) {
  const std::size_t head = kOrder.find("\r\n\r\n") + 4;
  for (std::size_t size = 0; size < head; ++size) {
    EXPECT_FALSE(is_usual(std::string_view{kOrder}.substr(0, size))) << size;
    expect_alike(kOrder.substr(0, size));
  }
  for (std::size_t size = head; size <= kOrder.size(); ++size) expect_alike(kOrder.substr(0, size));
}

TEST(UsualHead, no_attack_on_the_framing_is_one_that_beast_would_not_take_alike) {
  for (const FramingAttack& attack : framing_attacks()) expect_alike(attack.bytes);
}

TEST(UsualHead, whatever_changes_framing_or_connection_is_beasts) {
  for (const char* line :
       {"Transfer-Encoding: chunked", "transfer-encoding: x", "Expect: 100-continue",
        "Connection: close", "Connection: keep-alive, close", "Proxy-Connection: close",
        "Upgrade: h2c", "Content-Length: 9", "X-A: b ", "X-A:\tb", "X-A: b\tc", "X-A:", "X-A : b",
        "X-A: \xEA\xB9\x80", "X-A: b\x7F", " folded"}) {
    std::string bytes = kOrder;
    bytes.insert(bytes.find("Content-Type"), std::string{line} + "\r\n");
    EXPECT_FALSE(is_usual(bytes)) << line;
    expect_alike(bytes);
  }
  for (const char* length : {"", "+9", "-9", "0x9", "9 ", "9,9", "1234567890123456789"}) {
    const std::string bytes =
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::string{length} + "\r\n\r\n";
    EXPECT_FALSE(is_usual(bytes)) << length;
    expect_alike(bytes);
  }
}

TEST(UsualHead, every_byte_at_every_place_reads_as_beast_reads_it) {
  const std::size_t head = kOrder.find("\r\n\r\n") + 4;
  for (std::size_t at = 0; at < head; ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string bytes = kOrder;
      bytes[at] = static_cast<char>(byte);
      if (!is_usual(bytes)) continue;  // then Beast reads it anyway
      expect_alike(bytes);
    }
  }
}

TEST(UsualHead, garbage_reads_as_beast_reads_it) {
  std::mt19937_64 random(5);
  int usual = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string bytes = garbage(random);
    if (!is_usual(bytes)) continue;
    ++usual;
    expect_alike(bytes);
  }
  EXPECT_GT(usual, 100);
}

}  // namespace
}  // namespace baedal::http
