#pragma once

#include <string>
#include <vector>

namespace baedal::http {

/// A message that must be refused, for the tests of the reader and of the whole server.
struct FramingAttack {
  const char* name;
  std::string bytes;
  int status;
};

/// Everything two readers could understand differently, and what is no HTTP/1.1 at all.
inline std::vector<FramingAttack> framing_attacks() {
  using namespace std::string_literals;
  const auto get = [](const std::string& headers) {
    return "GET /hello HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
  };
  const auto post = [](const std::string& headers, const std::string& body) {
    return "POST /echo HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
  };
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  return {
      {"length and chunked", post("Content-Length: 5\r\n" + chunked, "0\r\n\r\n"), 400},
      {"chunked and length", post(chunked + "Content-Length: 5\r\n", "0\r\n\r\n"), 400},
      {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"), 400},
      {"the same length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400},
      {"length list", post("Content-Length: 5, 5\r\n", "hello"), 400},
      {"negative length", post("Content-Length: -5\r\n", "hello"), 400},
      {"signed length", post("Content-Length: +5\r\n", "hello"), 400},
      {"length with a blank", post("Content-Length: 5 0\r\n", "hello"), 400},
      {"hexadecimal length", post("Content-Length: 0x5\r\n", "hello"), 400},
      {"empty length", post("Content-Length: \r\n", "hello"), 400},
      {"overflowing length", post("Content-Length: 18446744073709551617\r\n", "hello"), 400},
      {"huge length", post("Content-Length: 9223372036854775807\r\n", "hello"), 413},
      {"unknown coding", post("Transfer-Encoding: gzip\r\n", "hello"), 501},
      {"coding list", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
      {"chunked not last", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 501},
      {"identity", post("Transfer-Encoding: identity\r\n", "hello"), 501},
      {"empty coding", post("Transfer-Encoding:\r\n", "hello"), 400},
      {"almost chunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501},
      {"control before chunked",
       post("Transfer-Encoding: \x0b"
            "chunked\r\n",
            "0\r\n\r\n"),
       400},
      {"chunked twice", post(chunked + chunked, "0\r\n\r\n"), 400},
      {"coding in HTTP/1.0", "POST /echo HTTP/1.0\r\nHost: a\r\n" + chunked + "\r\n0\r\n\r\n", 400},
      {"blank before the colon", get("X-A : b\r\n"), 400},
      {"blank before the coding's colon",
       post("Transfer-Encoding : chunked\r\nContent-Length: 5\r\n", "hello"), 400},
      {"no colon", get("X-A\r\n"), 400},
      {"no header name", get(": b\r\n"), 400},
      {"separator in a name", get("X(A): b\r\n"), 400},
      {"obs-fold", get("X-A: b\r\n c\r\n"), 400},
      {"obs-fold with a tab", get("X-A: b\r\n\tc\r\n"), 400},
      {"obs-fold of an empty value", get("X-A:\r\n b\r\n"), 400},
      {"obs-fold of nothing", get("X-A: b\r\n \r\n"), 400},
      {"folded coding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), 400},
      {"first header folded", "GET /hello HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"bare LF everywhere", "GET /hello HTTP/1.1\nHost: a\n\n\r\n\r\n", 400},
      {"bare LF after a header", get("X-A: b\nX-B: c\r\n"), 400},
      {"bare CR in a header", get("X-A: b\rX-B: c\r\n"), 400},
      {"bare CR before the end", "GET /hello HTTP/1.1\r\nHost: a\r\n\rX\r\n\r\n", 400},
      {"NUL in a value", get("X-A: b\0c\r\n"s), 400},
      {"NUL in a name", get("X\0A: b\r\n"s), 400},
      {"NUL in the target", "GET /he\0llo HTTP/1.1\r\nHost: a\r\n\r\n"s, 400},
      {"DEL in a value", get("X-A: b\x7F\r\n"), 400},
      {"no Host", "GET /hello HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get("Host: b\r\n"), 400},
      {"the same Host twice", get("Host: a\r\n"), 400},
      {"empty Host", "GET /hello HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"path in Host", "GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"user in Host", "GET /hello HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
      {"letters in the port", "GET /hello HTTP/1.1\r\nHost: a:b\r\n\r\n", 400},
      {"two Hosts in HTTP/1.0", "GET /hello HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"another host in the target", "GET http://b/hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"relative target", "GET hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"blank in the target", "GET /he llo HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"quote in the target", "GET /\"hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"fragment in the target", "GET /hello#x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"raw UTF-8 in the target", "GET /\xEA\xB9\x80 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"asterisk for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"two blanks", "GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"leading blank", " GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"two empty lines first", "\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"LF first", "\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"HTTP/0.9", "GET /hello\r\n\r\n", 400},
      {"trailing blank", "GET /hello HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
      {"lower-case protocol", "GET /hello http/1.1\r\nHost: a\r\n\r\n", 400},
      {"another protocol", "GET /hello RTSP/1.0\r\nHost: a\r\n\r\n", 400},
      {"HTTP/1.2", "GET /hello HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"HTTP/2.0", "GET /hello HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"HTTP/3.0", "GET /hello HTTP/3.0\r\nHost: a\r\n\r\n", 505},
      {"HTTP/11.1", "GET /hello HTTP/11.1\r\nHost: a\r\n\r\n", 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"s, 400},
      {"separator in the method", "G{T /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"unknown expectation", post("Expect: a-miracle\r\nContent-Length: 1\r\n", "x"), 417},
      {"chunk size not hexadecimal", post(chunked, "xyz\r\nhello\r\n0\r\n\r\n"), 400},
      {"negative chunk size", post(chunked, "-5\r\nhello\r\n0\r\n\r\n"), 400},
      {"chunk size with 0x", post(chunked, "0x5\r\nhello\r\n0\r\n\r\n"), 400},
      {"overflowing chunk size", post(chunked, "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"), 400},
      {"huge chunk size", post(chunked, "ffffffffffffffff\r\nhello\r\n0\r\n\r\n"), 413},
      {"chunk longer than its size", post(chunked, "4\r\nhello\r\n0\r\n\r\n"), 400},
      {"chunk ended by LF", post(chunked, "5\nhello\r\n0\r\n\r\n"), 400},
      {"broken chunk extension", post(chunked, "5;=\r\nhello\r\n0\r\n\r\n"), 400},
      {"no chunk size", post(chunked, "\r\nhello\r\n0\r\n\r\n"), 400},
      {"folded trailer", post(chunked, "1\r\nx\r\n0\r\nX-A: b\r\n c\r\n\r\n"), 400},
      {"length in the trailer", post(chunked, "1\r\nx\r\n0\r\nContent-Length: 5\r\n\r\n"), 400},
  };
}

}  // namespace baedal::http
