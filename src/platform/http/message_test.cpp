// Pure parts: headers, percent-decoding, queries, targets, answer heads, problem documents.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/json/parse.hpp"
#include "platform/http/answer_writer.hpp"
#include "platform/http/message.hpp"
#include "platform/http/problem.hpp"
#include "platform/http/target.hpp"

namespace baedal::http {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

TEST(Request, finds_headers_without_case_and_joins_repeated_ones) {
  Request request;
  request.headers = {{"Accept", "a/b"}, {"X-One", "1"}, {"aCCept", "c/d"}};
  EXPECT_EQ(request.header("ACCEPT"), "a/b");
  EXPECT_EQ(request.header_list("accept"), "a/b, c/d");
  EXPECT_EQ(request.header("X-Two"), std::nullopt);
  EXPECT_EQ(request.header_list("X-Two"), std::nullopt);
}

TEST(PercentDecode, table) {
  EXPECT_EQ(percent_decode("", false), "");
  EXPECT_EQ(percent_decode("a%2Fb%2fc", false), "a/b/c");
  EXPECT_EQ(percent_decode("%EA%B9%80%EB%B0%A5", false), "김밥");
  EXPECT_EQ(percent_decode("a+b", false), "a+b");
  EXPECT_EQ(percent_decode("a+b%2B", true), "a b+");
  EXPECT_EQ(percent_decode("%25", false), "%");
  for (const auto* broken : {"%", "%1", "a%", "a%2", "%G0", "%0G", "%%41", "%00", "a%00b"}) {
    EXPECT_EQ(percent_decode(broken, false), std::nullopt) << broken;
  }
}

TEST(ParseQuery, table) {
  EXPECT_EQ(parse_query(""), Parameters{});
  EXPECT_EQ(parse_query("a=1&b=2"), (Parameters{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(parse_query("a&b=&=c"), (Parameters{{"a", ""}, {"b", ""}, {"", "c"}}));
  EXPECT_EQ(parse_query("&&a=1&"), (Parameters{{"a", "1"}}));
  EXPECT_EQ(parse_query("s=a%2Cb+c=d"), (Parameters{{"s", "a,b c=d"}}));
  EXPECT_EQ(parse_query("a=%zz&b=1"), (Parameters{{"b", "1"}}));
}

TEST(Target, forms_that_are_taken) {
  const auto plain = parse_target("/orders?page=1&sort=a,desc");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->path, "/orders");
  EXPECT_EQ(plain->query, "page=1&sort=a,desc");
  const auto absolute = parse_target("http://localhost:8080/orders");
  ASSERT_TRUE(absolute);
  EXPECT_EQ(absolute->authority, "localhost:8080");
  EXPECT_EQ(absolute->path, "/orders");
  EXPECT_EQ(parse_target("http://localhost")->path, "/");
  EXPECT_EQ(parse_target("http://localhost?a=b")->query, "a=b");
  EXPECT_EQ(parse_target("*")->path, "*");
  EXPECT_TRUE(parse_target("/a?filter[x]={y}|z"));
}

TEST(Target, forms_that_are_refused) {
  for (const auto* text :
       {"", "orders", "localhost:80", "/a b", "/a#b", "/a\"", "/<a>", "/a\\b", "/\xEA\xB9\x80",
        "/a{b}", "/a|b", "http:///a", "http://a b/", "ftp://a/", "http://user@host/", "?a=b"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

TEST(Target, paths_that_two_readers_could_take_for_two_places_are_refused) {
  for (const auto* text : {"/.",        "/..",           "/a/.",           "/a/..",       "/./a",
                           "/../a",     "/a/../b",       "/%2e",           "/%2E%2e/a",   "/a/.%2e",
                           "/a/%2E./b", "/a/..;b=c/d",   "/a/.;/b",        "/a/..%3Bb/c", "/a%2fb",
                           "/a%2Fb",    "/a%5cb",        "/a%00",          "/a%0d%0aX",   "/a%1f",
                           "/a%7F",     "/a%",           "/a%3",           "/a%zz",       "/a%3/b",
                           "/%/..",     "http://a/../b", "http://a/%2e%2e"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
  for (const auto* text :
       {"/...", "/a/...", "/.a", "/a.", "/..a", "/a../b", "/a;b/c", "/a;..", "/%2e%2e%2e", "/a//b",
        "/%25", "/%252e%252e", "/%c0%ae", "/a?b=/../%2f%00%zz"}) {
    EXPECT_TRUE(parse_target(text)) << text;
  }
}

TEST(Target, escapes_that_mean_what_they_stand_for_are_undone_in_the_path) {
  const auto plain = [](std::string_view text) { return plain_form(parse_target(text).value()); };
  EXPECT_EQ(plain("/things/1?a=b"), "/things/1?a=b");
  EXPECT_EQ(plain("/%74hings/%31%7e%2D?a=%62"), "/things/1~-?a=%62");
  EXPECT_EQ(plain("/%20%3b%3F%25%ea%B9%80"), "/%20%3b%3F%25%ea%B9%80");
  EXPECT_EQ(plain("http://a/%61"), "/a");
  EXPECT_EQ(plain("http://a?"), "/?");
  EXPECT_EQ(plain("http://a?b=c"), "/?b=c");
  EXPECT_EQ(plain("*"), "*");
}

TEST(Authority, table) {
  for (const auto* good : {"localhost", "localhost:8080", "10.0.0.1:1", "[::1]", "[::1]:8080",
                           "order.svc.cluster.local:8080", "a:0", "a:65535"}) {
    EXPECT_TRUE(is_authority(good)) << good;
  }
  for (const auto* bad : {"", ":80", "a:", "a:b", "a:65536", "a:-1", "a:+1", "a:1:2", "a b", "a/b",
                          "a@b", "[::1", "[]", "[::1]x", "[::1]:", "a,b", "a\"b", "a?b", "a%41"}) {
    EXPECT_FALSE(is_authority(bad)) << bad;
  }
}

TEST(AnswerHead, says_what_the_connection_decided_and_nothing_more) {
  std::string out;
  append_head(out, Response{201, "application/json", "{}", {{"Location", "/a"}}}, {}, "now");
  EXPECT_EQ(out,
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "Date: now\r\nLocation: /a\r\n\r\n");
  out.clear();
  append_head(out, Response{204, "", "", {}}, {.close = true}, "now");
  EXPECT_EQ(out, "HTTP/1.1 204 No Content\r\nDate: now\r\nConnection: close\r\n\r\n");
}

TEST(AnswerHead, no_value_can_start_a_header_of_its_own) {
  std::string out;
  append_head(out, Response{}.with("Location", "/a\r\nSet-Cookie: x"), {}, "now");
  EXPECT_THAT(out, testing::HasSubstr("\r\nLocation: /a  Set-Cookie: x\r\n\r\n"));
}

TEST(HttpDate, has_the_fixed_length_form) {
  HttpDate date;
  EXPECT_THAT(std::string{date.now()},
              testing::MatchesRegex("(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9][0-9] [A-Z][a-z][a-z] "
                                    "[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9] GMT"));
}

json::Object parse_object(const std::string& text) {
  auto value = json::parse(text);
  if (!value || value->get<json::Object>() == nullptr) {
    ADD_FAILURE() << text;
    return {};
  }
  return *value->get<json::Object>();
}

std::string text_of(const json::Object& object, std::string_view name) {
  const auto* value = object.find(name);
  return value != nullptr && value->get<std::string>() != nullptr ? *value->get<std::string>() : "";
}

TEST(Problem, carries_the_standard_members_and_those_of_the_seed_in_order) {
  Request request;
  request.path = "/orders/1";
  const Error error{ErrorKind::kConflict, "order-delivered", "Too late.", {}, {}};
  const Response response = problem(error, request, R"("order":{"id":1})");
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_TRUE(response.headers.empty());
  const json::Object document = parse_object(response.body);
  std::string names;
  for (const auto& [name, value] : document) names += name + " ";
  EXPECT_EQ(names, "type title status detail instance code timestamp error message path order ");
  EXPECT_EQ(text_of(document, "type"), "/problems/order-delivered");
  EXPECT_EQ(text_of(document, "message"), "Too late.");
  EXPECT_EQ(text_of(document, "error"), "Conflict");
  EXPECT_EQ(text_of(document, "path"), "/orders/1");
  EXPECT_TRUE(Timestamp::parse_iso8601(text_of(document, "timestamp")));
}

TEST(Problem, lists_rejected_fields) {
  Error error{ErrorKind::kInvalid, "invalid", "Bad.", {}, {}};
  error.fields = {{"qty", "must be 1 to 999", "-1"}, {"menuNm", "is required", ""}};
  const Response response = problem(error, Request{});
  EXPECT_THAT(response.body,
              testing::HasSubstr(R"("errors":[{"property":"qty","invalidValue":-1,)"
                                 R"("message":"must be 1 to 999"},)"
                                 R"({"property":"menuNm","message":"is required"}])"));
  parse_object(response.body);
}

TEST(Problem, tells_when_to_come_back) {
  const Request request;
  const auto header = [&](const Error& error) {
    const Response response = problem(error, request);
    return response.headers.empty() ? "" : response.headers.front().value;
  };
  EXPECT_EQ(header({ErrorKind::kUnavailable, "x", "x", {}, std::chrono::seconds{7}}), "7");
  EXPECT_EQ(header({ErrorKind::kOverloaded, "x", "x", {}, {}}), "1");
  EXPECT_EQ(header({ErrorKind::kConflict, "x", "x", {}, {}}), "");
}

TEST(Problem, echoes_hostile_paths_as_well_formed_json) {
  Request request;
  const std::string hostile = "/a\x01\x7F\xFF\"\\" + std::string(10'000, 'z');
  request.path = hostile;
  const Response response = problem(404, "", hostile, request);
  const json::Object document = parse_object(response.body);
  EXPECT_THAT(text_of(document, "path"), testing::StartsWith("/a%01%7F%FF\"\\zzz"));
  EXPECT_LT(text_of(document, "path").size(), 1100U);
  EXPECT_EQ(text_of(document, "type"), "about:blank");
}

TEST(StatusOf, maps_every_kind) {
  const std::vector<std::pair<ErrorKind, int>> table = {{ErrorKind::kInvalid, 400},
                                                        {ErrorKind::kNotFound, 404},
                                                        {ErrorKind::kConflict, 409},
                                                        {ErrorKind::kUnprocessable, 422},
                                                        {ErrorKind::kPreconditionFailed, 412},
                                                        {ErrorKind::kIdempotencyMismatch, 422},
                                                        {ErrorKind::kIdempotencyInFlight, 409},
                                                        {ErrorKind::kUnavailable, 503},
                                                        {ErrorKind::kOverloaded, 503},
                                                        {ErrorKind::kInternal, 500}};
  for (const auto& [kind, status] : table) EXPECT_EQ(status_of(kind), status);
}

}  // namespace
}  // namespace baedal::http
