// Files out of the program: in which form, how long they may be kept, and when nothing is sent.
#include "platform/http/static_files.hpp"

#include <gtest/gtest.h>

#include <array>

namespace baedal::http {
namespace {

constexpr std::array<StaticFile, 3> kFiles{
    {{"/assets/a-1f.js", "text/javascript", "1f", "plain text", "zipped", "brotli"},
     {"/icon.svg", "image/svg+xml", "2e", "<svg/>", "", ""},
     {"/index.html", "text/html", "3d", "<html>", "zhtml", ""}}};

Response answer(std::string_view path, std::vector<HeaderView> headers,
                Method method = Method::kGet) {
  Request request;
  request.method = method;
  request.headers = std::move(headers);
  return serve(*find_file(kFiles, path), request);
}

std::string header(const Response& response, std::string_view name) {
  for (const Header& header : response.headers) {
    if (header.name == name) return header.value;
  }
  return "";
}

TEST(StaticFiles, are_found_by_their_path_alone) {
  EXPECT_EQ(find_file(kFiles, "/icon.svg")->tag, "2e");
  EXPECT_EQ(find_file(kFiles, "/icon"), nullptr);
  EXPECT_EQ(find_file(kFiles, "/zebra"), nullptr);
  EXPECT_EQ(find_file({}, "/icon.svg"), nullptr);
}

TEST(StaticFiles, the_smallest_form_the_client_accepts_is_sent) {
  const struct {
    std::string_view accepted, body, coding;
  } cases[] = {{"gzip, deflate, br", "brotli", "br"},
               {"gzip", "zipped", "gzip"},
               {"GZIP;q=0.5", "zipped", "gzip"},
               {"br;q=0, gzip", "zipped", "gzip"},
               {"br; q=0.0, gzip; q=0", "plain text", ""},
               {"*", "brotli", "br"},
               {"br;q=0, *", "zipped", "gzip"},
               {"identity", "plain text", ""},
               {"", "plain text", ""}};
  for (const auto& [accepted, body, coding] : cases) {
    const Response response = answer("/assets/a-1f.js", {{"Accept-Encoding", accepted}});
    EXPECT_EQ(response.body, body) << accepted;
    EXPECT_EQ(header(response, "Content-Encoding"), coding) << accepted;
    EXPECT_EQ(header(response, "Vary"), "Accept-Encoding");
  }
  EXPECT_EQ(answer("/assets/a-1f.js", {}).body, "plain text");
  EXPECT_EQ(answer("/icon.svg", {{"Accept-Encoding", "br, gzip"}}).body, "<svg/>");
  EXPECT_EQ(answer("/index.html", {{"Accept-Encoding", "br, gzip"}}).body, "zhtml");
}

TEST(StaticFiles, what_is_named_after_its_content_is_kept_for_ever_the_rest_is_asked_for) {
  EXPECT_EQ(header(answer("/assets/a-1f.js", {}), "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(header(answer("/index.html", {}), "Cache-Control"), "no-cache");
}

TEST(StaticFiles, who_has_that_form_already_gets_nothing_again) {
  const HeaderView gzip{"Accept-Encoding", "gzip"};
  EXPECT_EQ(header(answer("/index.html", {gzip}), "ETag"), "\"3d-gzip\"");
  const Response same = answer("/index.html", {gzip, {"If-None-Match", "\"x\", W/\"3d-gzip\""}});
  EXPECT_EQ(same.status, 304);
  EXPECT_TRUE(same.body.empty());
  EXPECT_EQ(header(same, "ETag"), "\"3d-gzip\"");
  EXPECT_EQ(header(same, "Vary"), "Accept-Encoding");
  EXPECT_EQ(answer("/index.html", {gzip, {"If-None-Match", "\"3d\""}}).status, 200);
  EXPECT_EQ(answer("/index.html", {{"If-None-Match", "\"3d\""}}).status, 304);
  EXPECT_EQ(answer("/index.html", {{"If-None-Match", "*"}}).status, 304);
}

TEST(StaticFiles, head_tells_the_length_and_sends_nothing) {
  const Response response = answer("/index.html", {}, Method::kHead);
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.body.empty());
  EXPECT_EQ(response.length, 6U);
}

TEST(StaticFiles, whoever_asks_for_a_part_gets_the_whole) {
  const std::string many = "bytes=" + std::string(4'000, ',') + "0-0";
  for (const std::string_view part : std::initializer_list<std::string_view>{
           "bytes=0-1", "bytes=-1", "bytes=0-0,2-", "bytes=9-1", "bytes=99999999999999999999-",
           "lines=1", "=", "", many}) {
    for (const std::string_view condition : {"\"2e\"", "W/\"2e\"", "\"x\"", "never"}) {
      const Response response = answer("/icon.svg", {{"Range", part}, {"If-Range", condition}});
      EXPECT_EQ(response.status, 200) << part;
      EXPECT_EQ(response.body, "<svg/>") << part;
      EXPECT_EQ(header(response, "Content-Range"), "") << part;
    }
  }
}

}  // namespace
}  // namespace baedal::http
