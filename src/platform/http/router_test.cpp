// Which handler a path and method reach, and what the router answers itself.
#include <gtest/gtest.h>

#include "kernel/async/manual_executor.hpp"
#include "platform/http/router.hpp"

namespace baedal::http {
namespace {

/// A handler that tells its name and the path values it got.
Router::Handle named(std::string name) {
  return [name](Request& request) -> Task<Response> {
    std::string body = name;
    for (const std::string& value : request.path_values) body += "|" + value;
    co_return Response{200, "text/plain", body, {}};
  };
}

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router_.add(Method::kGet, "/", named("root"));
    router_.add(Method::kGet, "/orders", named("list"));
    router_.add(Method::kPost, "/orders", named("create"));
    router_.add(Method::kGet, "/orders/{id}", named("item"));
    router_.add(Method::kPatch, "/orders/{id}", named("change"));
    router_.add(Method::kGet, "/orders/search", named("search"));
    router_.add(Method::kGet, "/orders/{id}/menu", named("menu"));
    router_.add(Method::kGet, "/orders/search/{query}", named("query"));
    router_.add_options_header("/orders/{id}", "Accept-Patch", "application/json");
  }

  Response ask(Method method, std::string_view path) {
    request_.method = method;
    request_.path = path;
    request_.route = {};
    return executor_.run(router_.handle(request_));
  }

  Router router_;
  Request request_;
  ManualExecutor executor_;
};

TEST_F(RouterTest, finds_handlers) {
  const std::vector<std::array<std::string_view, 3>> table = {
      {"/", "root", "/"},
      {"/orders", "list", "/orders"},
      {"/orders/", "list", "/orders"},
      {"/orders/7", "item|7", "/orders/{id}"},
      {"/orders/%37%2F%20x", "item|7/ x", "/orders/{id}"},
      {"/%6Frders/7", "item|7", "/orders/{id}"},
      {"/orders/search", "search", "/orders/search"},
      {"/orders/search/menu", "query|menu", "/orders/search/{query}"},
      {"/orders/8/menu", "menu|8", "/orders/{id}/menu"},
      {"/orders/+", "item|+", "/orders/{id}"},
  };
  for (const auto& [path, body, route] : table) {
    const Response response = ask(Method::kGet, path);
    EXPECT_EQ(response.body, body) << path;
    EXPECT_EQ(request_.route, route) << path;
  }
}

TEST_F(RouterTest, a_literal_that_leads_nowhere_falls_back_to_the_variable) {
  router_.add(Method::kGet, "/a/literal/x", named("x"));
  router_.add(Method::kGet, "/a/{any}/y", named("y"));
  EXPECT_EQ(ask(Method::kGet, "/a/literal/y").body, "y|literal");
}

TEST_F(RouterTest, refuses_unknown_paths) {
  std::string long_path;
  for (int i = 0; i < 5000; ++i) long_path += "/a";
  for (const std::string_view path :
       {std::string_view{"/nope"}, std::string_view{"//"}, std::string_view{"/orders//"},
        std::string_view{"/orders/1/2/3"}, std::string_view{"/orders//menu"},
        std::string_view{long_path}}) {
    EXPECT_EQ(ask(Method::kGet, path).status, 404) << path.substr(0, 40);
  }
  EXPECT_EQ(ask(Method::kGet, "/orders/%zz").status, 400);
  EXPECT_EQ(ask(Method::kGet, "/orders/%00").status, 400);
}

TEST_F(RouterTest, refuses_other_methods_naming_the_allowed_ones) {
  const Response response = ask(Method::kDelete, "/orders/1");
  EXPECT_EQ(response.status, 405);
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_EQ(response.headers[0].name, "Allow");
  EXPECT_EQ(response.headers[0].value, "GET,OPTIONS,PATCH");
  EXPECT_EQ(ask(Method::kOther, "/orders").status, 405);
  EXPECT_EQ(ask(Method::kHead, "/orders").status, 405);
}

TEST_F(RouterTest, answers_options) {
  const Response response = ask(Method::kOptions, "/orders/1");
  EXPECT_EQ(response.status, 200);
  ASSERT_EQ(response.headers.size(), 2U);
  EXPECT_EQ(response.headers[0].value, "GET,OPTIONS,PATCH");
  EXPECT_EQ(response.headers[1].name, "Accept-Patch");
  EXPECT_EQ(ask(Method::kOptions, "/nope").status, 404);
  EXPECT_EQ(ask(Method::kOptions, "*").status, 200);
}

TEST_F(RouterTest, lists_its_routes_sorted) {
  const auto routes = router_.routes();
  ASSERT_EQ(routes.size(), 8U);
  EXPECT_EQ(routes.front(), (std::pair<std::string, std::string>{"GET", "/"}));
  EXPECT_EQ(routes.back(), (std::pair<std::string, std::string>{"POST", "/orders"}));
}

TEST(RouterPattern, is_told_of_a_path_as_it_would_be_served) {
  Router router;
  const auto never = [](Request&) -> Task<Response> { co_return Response{}; };
  router.add(Method::kGet, "/things/{id}", never);
  router.add(Method::kGet, "/things/search", never);
  EXPECT_EQ(router.pattern_of("/things/7"), "/things/{id}");
  EXPECT_EQ(router.pattern_of("/things/7/"), "/things/{id}");
  EXPECT_EQ(router.pattern_of("/%74hings/se%61rch"), "/things/search");
  for (const char* path : {"/things", "/Things/7", "//things/7", "/things/%zz", "*", ""}) {
    EXPECT_EQ(router.pattern_of(path), std::nullopt) << path;
  }
}

}  // namespace
}  // namespace baedal::http
