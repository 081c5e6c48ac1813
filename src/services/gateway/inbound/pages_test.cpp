// Who gets a page and who gets the API behind the same address, and what a page is guarded with.
#include "services/gateway/inbound/pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "platform/http/testing/hand_client.hpp"

namespace baedal::gateway {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<http::StaticFile, 3> kFiles{
    {{"/assets/a-1f.js", "text/javascript", "1f", "script", "", ""},
     {"/icon.svg", "image/svg+xml", "2e", "<svg/>", "", ""},
     {"/index.html", "text/html; charset=utf-8", "3d", "<html>", "", ""}}};

/// What browsers send when somebody goes to an address.
constexpr std::string_view kBrowser =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

class Api final : public http::HttpHandler {
 public:
  Task<http::Response> handle(http::Request& request) override {
    co_return http::Response{.body = "api " + std::string{request.path}};
  }
};

class PagesTest : public ::testing::Test {
 protected:
  http::Response ask(std::string path, std::string_view accept,
                     http::Method method = http::Method::kGet) {
    return client_.send(method, std::move(path), {}, {{"Accept", std::string{accept}}});
  }

  Api api_;
  Pages pages_{kFiles, api_};
  ManualExecutor executor_;
  http::HandClient client_{pages_, executor_};
};

TEST_F(PagesTest, a_browser_gets_the_document_at_every_page) {
  for (const char* path :
       {"/", "/me", "/me/", "/orders/7", "/courier", "/shop", "/ops", "/explorer", "/login"}) {
    EXPECT_EQ(ask(path, kBrowser).body, "<html>") << path;
  }
  EXPECT_EQ(ask("/orders/7", "text/html").body, "<html>");
}

TEST_F(PagesTest, clients_of_the_api_get_what_they_always_got) {
  for (const std::string_view accept :
       {"", "*/*", "application/json, */*;q=0.5", "application/hal+json", "application/*",
        "application/json, text/html;q=0.5", "text/html;q=0, */*"}) {
    EXPECT_EQ(ask("/orders/7", accept).body, "api /orders/7") << accept;
    EXPECT_EQ(ask("/", accept).body, "api /") << accept;
  }
}

TEST_F(PagesTest, caches_are_told_that_the_api_answers_by_what_is_accepted_there) {
  EXPECT_THAT(
      ask("/orders/7", "*/*").headers,
      Contains(AllOf(Field(&http::Header::name, "Vary"), Field(&http::Header::value, "Accept"))));
  EXPECT_THAT(ask("/orders", "*/*").headers, Not(Contains(Field(&http::Header::name, "Vary"))));
}

TEST_F(PagesTest, only_reading_a_page_is_a_page) {
  for (const auto method : {http::Method::kPost, http::Method::kPatch, http::Method::kPut,
                            http::Method::kDelete, http::Method::kOptions}) {
    EXPECT_EQ(ask("/orders/7", kBrowser, method).body, "api /orders/7");
  }
  const http::Response head = ask("/", kBrowser, http::Method::kHead);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.length, 6U);
  EXPECT_EQ(ask("/", "*/*", http::Method::kHead).body, "api /");
}

TEST_F(PagesTest, other_addresses_are_the_apis_even_for_a_browser) {
  for (const char* path : {"/orders", "/orders/", "/orders/abc", "/orders/7/x", "/menus/1", "/mee",
                           "/index.html", "/assets/", "/assets/b.js", "//", "/actuator/health"}) {
    EXPECT_EQ(ask(path, kBrowser).body, "api " + std::string{path});
  }
}

TEST_F(PagesTest, a_page_says_that_it_depends_on_accept_and_may_run_nothing_foreign) {
  const http::Response page = ask("/me", kBrowser);
  EXPECT_EQ(header_of(page, "Vary"), "Accept, Accept-Encoding");
  EXPECT_EQ(header_of(page, "Cache-Control"), "no-cache");
  const std::string policy = header_of(page, "Content-Security-Policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  EXPECT_THAT(policy, Not(HasSubstr("http")));
  EXPECT_EQ(header_of(page, "X-Content-Type-Options"), "nosniff");
}

TEST_F(PagesTest, files_are_served_to_everybody_and_may_be_kept) {
  const http::Response script = ask("/assets/a-1f.js", "*/*");
  EXPECT_EQ(script.body, "script");
  EXPECT_THAT(header_of(script, "Cache-Control"), HasSubstr("immutable"));
  EXPECT_EQ(header_of(script, "X-Content-Type-Options"), "nosniff");
}

}  // namespace
}  // namespace baedal::gateway
