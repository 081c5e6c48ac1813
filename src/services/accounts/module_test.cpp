// Logins over HTTP, as a browser and as a script use them.
#include "services/accounts/module.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/async/manual_executor.hpp"
#include "platform/auth/verifier.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal::accounts {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr const char* kKim = R"({"name":"kim","password":"correct horse"})";
constexpr const char* kWrong = R"({"name":"kim","password":"wrong horse"})";

class AccountsOverHttp : public ::testing::Test {
 protected:
  AccountsOverHttp() {
    module_->add_routes(router_);
    executor_.run(module_->open()).value();
    const auto office = make_office(store_, clock_, options());
    const AccountName kim = AccountName::parse("kim").value();
    const AccountRoles roles = AccountRoles::parse({"customer"}).value();
    const Password password{"correct horse"};
    executor_.run(office->manage().add(kim, roles, password)).value();
  }

  static AccountOptions options() {
    AccountOptions options;
    options.hasher.cost = {.memory_kib = 8, .passes = 1};
    options.gate = {.burst = 20, .interval = seconds{6}};
    options.login.lockout.failures_max = 3;
    return options;
  }
  http::Response post(const char* path, const std::string& body = {},
                      std::vector<http::Header> headers = {}) {
    return client_.post(path, body, std::move(headers));
  }
  static std::vector<std::string> cookies_of(const http::Response& response) {
    std::vector<std::string> cookies;
    for (const http::Header& header : response.headers) {
      if (header.name == "Set-Cookie") cookies.push_back(header.value);
    }
    return cookies;
  }
  /// As a browser sends back what it was given.
  static std::string kept(const http::Response& response) {
    std::string cookies;
    for (const std::string& cookie : cookies_of(response)) {
      cookies.append(cookies.empty() ? "" : "; ").append(cookie.substr(0, cookie.find(';')));
    }
    return cookies;
  }
  http::Response refresh(const std::string& cookies) {
    return post("/refresh", "", {{"Cookie", cookies}});
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'700'000'000'000'000}};
  store::MemoryDisk disk_{"test"};
  store::MemoryStore store_{disk_, clock_};
  const auth::OwnIssuer issuer_{auth::SigningKey::draw(), "baedal", clock_};
  const auth::CsrfTokens csrf_{issuer_.secret_for("csrf")};
  std::unique_ptr<AccountsModule> module_ =
      make_module({store_, clock_, issuer_, csrf_, options()});
  http::Router router_;
  http::HandClient client_{router_, executor_};
};

TEST_F(AccountsOverHttp, a_browser_gets_two_cookies_and_no_token_that_scripts_could_read) {
  const http::Response in = post("/login", kKim);
  EXPECT_EQ(in.status, 200);
  EXPECT_THAT(in.body,
              StartsWith(R"({"subject":"kim","roles":["customer"],"expiresIn":600,"csrfToken":")"));
  EXPECT_THAT(in.body, Not(HasSubstr("accessToken")));
  EXPECT_EQ(http::header_of(in, "Cache-Control"), "no-store");
  const auto cookies = cookies_of(in);
  ASSERT_THAT(cookies, SizeIs(2));
  const auto guarded = HasSubstr("; Secure; HttpOnly; SameSite=Strict");
  EXPECT_THAT(cookies[0],
              AllOf(StartsWith("__Host-baedal=ey"), HasSubstr("Max-Age=600;"), guarded));
  EXPECT_THAT(cookies[1],
              AllOf(StartsWith("__Host-baedal-refresh=1."), HasSubstr("Max-Age=604800;"), guarded));
}

TEST_F(AccountsOverHttp, the_token_is_taken_and_the_csrf_token_is_of_its_login) {
  const http::Response in = post("/login", kKim);
  const std::string cookie = cookies_of(in).at(0);
  const auto begin = cookie.find('=') + 1;
  auth::Verifier verifier{{issuer_.trust()}, clock_, {}};
  const auto taken = verifier.verify(cookie.substr(begin, cookie.find(';') - begin));
  ASSERT_TRUE(taken);
  EXPECT_EQ((*taken)->subject, "kim");
  EXPECT_TRUE((*taken)->roles.has("customer"));
  EXPECT_THAT(in.body, HasSubstr(csrf_.of((*taken)->session)));
}

TEST_F(AccountsOverHttp, a_script_gets_a_token_and_no_cookies) {
  const http::Response in =
      post("/login", R"({"name":"kim","password":"correct horse","as":"token"})");
  EXPECT_EQ(in.status, 200);
  EXPECT_THAT(in.body, AllOf(HasSubstr(R"("accessToken":"ey)"),
                             HasSubstr(R"("tokenType":"Bearer")"), Not(HasSubstr("csrfToken"))));
  EXPECT_THAT(cookies_of(in), IsEmpty());
}

TEST_F(AccountsOverHttp, every_refusal_reads_the_same) {
  const http::Response wrong = post("/login", kWrong);
  EXPECT_EQ(wrong.status, 401);
  EXPECT_THAT(wrong.body, HasSubstr("login-refused"));
  EXPECT_THAT(wrong.body, Not(HasSubstr("horse")));
  EXPECT_EQ(http::header_of(wrong, "WWW-Authenticate"), "Bearer realm=\"baedal\"");
  const http::Response unknown = post("/login", R"({"name":"lee","password":"wrong horse"})");
  for (int i = 0; i < 2; ++i) post("/login", kWrong);
  const http::Response locked = post("/login", kKim);
  EXPECT_EQ(http::without_timestamp(unknown), http::without_timestamp(wrong));
  EXPECT_EQ(http::without_timestamp(locked), http::without_timestamp(wrong));
  EXPECT_EQ(locked.status, 401);
}

TEST_F(AccountsOverHttp, bodies_that_are_no_login_are_refused_and_their_password_is_not_repeated) {
  for (const char* body :
       {"{", "[]", "7", R"({"name":"kim"})", R"({"password":"correct horse"})",
        R"({"name":"kim","password":["canary"]})", R"({"name":"kim","password":"canary\u0000"})",
        R"({"name":"kim","password":"canary","as":"king"})",
        R"({"name":"kim","password":"canary","password":"canary"})"}) {
    const http::Response refused = post("/login", body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_THAT(refused.body, Not(HasSubstr("canary"))) << body;
  }
}

TEST_F(AccountsOverHttp, a_body_must_say_that_it_is_json) {
  EXPECT_EQ(post("/login", kKim, {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(post("/login", kKim, {{"Content-Type", ""}}).status, 415) << "left out";
  EXPECT_EQ(post("/login", kKim, {{"Content-Type", "application/json; charset=utf-8"}}).status,
            200);
}

TEST_F(AccountsOverHttp, none_of_it_is_for_another_sites_page) {
  const std::string cookies = kept(post("/login", kKim));
  for (const char* path : {"/login", "/refresh", "/logout"}) {
    const std::string body = path == std::string_view{"/login"} ? kKim : "";
    for (const auto& [name, value] :
         {std::pair{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}}) {
      const http::Response refused = post(path, body, {{name, value}, {"Cookie", cookies}});
      EXPECT_EQ(refused.status, 403) << path << " " << name;
      EXPECT_THAT(cookies_of(refused), IsEmpty());
    }
  }
  EXPECT_EQ(refresh(cookies).status, 200) << "nothing was ended";
}

TEST_F(AccountsOverHttp, one_client_tries_only_so_often) {
  int answered = 0;
  http::Response last;
  for (int i = 0; i < 21; ++i) {
    last = post("/login", kKim);
    if (last.status == 200) ++answered;
  }
  EXPECT_EQ(answered, 20);
  EXPECT_EQ(last.status, 429);
  EXPECT_EQ(http::header_of(last, "Retry-After"), "6");
  clock_.advance(seconds{6});
  EXPECT_EQ(post("/login", kKim).status, 200);
}

TEST_F(AccountsOverHttp, refreshing_gives_new_cookies_and_the_same_csrf_token) {
  const http::Response in = post("/login", kKim);
  clock_.advance(seconds{600});
  const http::Response refreshed = refresh(kept(in));
  EXPECT_EQ(refreshed.status, 200);
  EXPECT_EQ(refreshed.body, in.body);
  ASSERT_THAT(cookies_of(refreshed), SizeIs(2));
  EXPECT_NE(cookies_of(refreshed)[1], cookies_of(in)[1]);
  EXPECT_EQ(refresh(kept(refreshed)).status, 200);
}

TEST_F(AccountsOverHttp, a_used_refresh_token_ends_the_login_and_takes_the_cookies_away) {
  const std::string first = kept(post("/login", kKim));
  const std::string second = kept(refresh(first));
  const http::Response raced = refresh(first);
  EXPECT_EQ(raced.status, 409);
  EXPECT_THAT(cookies_of(raced), IsEmpty()) << "those of the other answer stay";
  clock_.advance(seconds{11});
  const http::Response reused = refresh(first);
  EXPECT_EQ(reused.status, 401);
  EXPECT_THAT(reused.body, HasSubstr("refresh-reused"));
  EXPECT_EQ(kept(reused), "__Host-baedal=; __Host-baedal-refresh=");
  const http::Response ended = refresh(second);
  EXPECT_EQ(ended.status, 401);
  EXPECT_THAT(ended.body, HasSubstr("login-ended"));
}

TEST_F(AccountsOverHttp, a_login_that_has_lasted_its_time_says_so) {
  const std::string cookies = kept(post("/login", kKim));
  clock_.advance(std::chrono::hours{7 * 24});
  EXPECT_THAT(refresh(cookies).body, HasSubstr("login-expired"));
  EXPECT_THAT(refresh("").body, HasSubstr("login-ended"));
}

TEST_F(AccountsOverHttp, logging_out_ends_it_and_may_be_done_twice) {
  const std::string cookies = kept(post("/login", kKim));
  for (int i = 0; i < 2; ++i) {
    const http::Response out = post("/logout", "", {{"Cookie", cookies}});
    EXPECT_EQ(out.status, 204);
    EXPECT_EQ(kept(out), "__Host-baedal=; __Host-baedal-refresh=");
  }
  EXPECT_EQ(refresh(cookies).status, 401);
}

TEST_F(AccountsOverHttp, counts_what_came_of_it) {
  post("/login", kKim);
  post("/login", kWrong);
  double all = 0;
  for (const service::Reading& reading : module_->readings()) all += reading.read();
  EXPECT_EQ(all, 2);
}

TEST(WithoutAccounts, the_paths_are_there_and_say_so) {
  ManualExecutor executor;
  http::Router router;
  const auto none = add_routes_without_accounts(router);
  http::HandClient client{router, executor};
  EXPECT_EQ(client.post("/login", "{").status, 400);
  EXPECT_THAT(client.post("/login", kKim).body, HasSubstr("no-accounts"));
  EXPECT_EQ(client.post("/login", kKim).status, 404);
  EXPECT_EQ(client.post("/refresh", "").status, 404);
  EXPECT_EQ(client.post("/logout", "").status, 204);
}

}  // namespace
}  // namespace baedal::accounts
