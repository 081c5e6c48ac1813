// When a process may start, and with whom it then speaks. What is let through is tested from
// outside, in tests/e2e.
#include "main/access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "kernel/async/manual_executor.hpp"
#include "main/configuration.hpp"
#include "platform/auth/testing/issuer.hpp"
#include "platform/clock/manual_clock.hpp"

namespace baedal {
namespace {

using ::testing::HasSubstr;
using Flags = std::vector<std::string>;

config::Settings settings_of(const Flags& flags) { return load_settings(flags).value(); }

/// "open", "closed", or why it must not start.
std::string start(const Flags& flags) {
  const auto open = is_open(settings_of(flags));
  if (!open) return open.error().detail;
  return *open ? "open" : "closed";
}

TEST(Access, is_closed_by_default_and_then_wants_to_know_whose_tokens_it_takes) {
  EXPECT_THAT(start({}), HasSubstr("--profile dev"));
  EXPECT_THAT(start({"--auth.issuer", "i"}), HasSubstr("auth.jwks"));
  EXPECT_EQ(start({"--auth.issuer", "i", "--auth.jwks", "f"}), "closed");
  EXPECT_EQ(start({"--auth.issuer", "i", "--auth.jwks", "f", "--http.address", "0.0.0.0"}),
            "closed");
}

TEST(Access, profile_dev_is_open_on_loopback_and_nowhere_else) {
  for (const char* address : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_EQ(start({"--profile", "dev", "--http.address", address}), "open") << address;
  }
  for (const char* address : {"0.0.0.0", "::", "10.0.0.1", "192.0.2.1", "::ffff:10.0.0.1"}) {
    EXPECT_THAT(start({"--profile", "dev", "--http.address", address}), HasSubstr("loopback"))
        << address;
  }
}

TEST(Access, open_inside_is_refused_on_a_public_address) {
  for (const char* address : {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.1", "fd00::1",
                              "fe80::1", "100.64.0.1", "::ffff:10.0.0.1"}) {
    EXPECT_EQ(start({"--auth.mode", "open-inside", "--http.address", address}), "open") << address;
  }
  for (const char* address : {"203.0.113.7", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8"}) {
    EXPECT_THAT(start({"--auth.mode", "open-inside", "--http.address", address}),
                HasSubstr("public address"))
        << address;
  }
}

/// Behind the door: keeps who came.
class KeepCaller final : public http::HttpHandler {
 public:
  Task<http::Response> handle(http::Request& request) override {
    subject = request.principal->subject;
    co_return http::Response{.status = 204};
  }
  std::string subject;
};

class AccessFiles : public ::testing::Test {
 protected:
  AccessFiles() {
    char name[] = "/tmp/baedal-access-XXXXXX";
    folder_ = mkdtemp(name);
    std::ofstream(folder_ / "jwks")
        << auth::testing::key_set({auth::testing::Key::ed25519().jwk("k")});
    std::ofstream(folder_ / "key") << auth::SigningKey::draw().to_pem();
    std::ofstream(folder_ / "no-key") << "secret";
  }
  ~AccessFiles() override { std::filesystem::remove_all(folder_); }

  std::string make(const std::vector<std::string>& roles, Flags flags) {
    for (const char* word : {"--auth.issuer", "i", "--auth.jwks"}) flags.emplace_back(word);
    flags.push_back(folder_ / "jwks");
    const config::Settings settings = settings_of(flags);
    auto access = Access::make(settings, roles, clock_);
    if (!access) return access.error().detail;
    return (*access)->service_tokens() != nullptr ? "with service tokens" : "without";
  }

  std::filesystem::path folder_;
  ManualClock clock_{Timestamp{1'700'000'000'000'000}};
};

TEST_F(AccessFiles, who_calls_services_elsewhere_needs_the_key_they_share) {
  EXPECT_EQ(make({"menu", "order", "delivery"}, {}), "without");
  EXPECT_EQ(make({"menu"}, {}), "without");
  EXPECT_THAT(make({"order"}, {}), HasSubstr("auth.service-key"));
  EXPECT_EQ(make({"order"}, {"--auth.service-key-file", folder_ / "key"}), "with service tokens");
  EXPECT_EQ(make({"menu"}, {"--auth.service-key-file", folder_ / "key"}), "with service tokens");
  const std::string bad = make({"menu"}, {"--auth.service-key-file", folder_ / "no-key"});
  EXPECT_THAT(bad, HasSubstr("auth.service-key is no Ed25519 private key"));
  EXPECT_EQ(bad.find("secret"), std::string::npos);
}

TEST_F(AccessFiles, its_own_issuer_makes_tokens_that_it_takes) {
  const config::Settings settings = settings_of({"--auth.issuer-key-file", folder_ / "key"});
  EXPECT_FALSE(is_open(settings).value());
  const auto token =
      issue_token(settings, "kim", {"customer"}, std::chrono::seconds{60}, clock_).value();
  const auto access = Access::make(settings, {"menu"}, clock_).value();
  KeepCaller inside;
  http::HttpHandler& door = access->first_door(inside);
  const std::string authorization = "Bearer " + token;
  http::Request request;
  request.target = request.path = "/orders";
  request.headers = {{"Authorization", authorization}};
  ManualExecutor executor;
  EXPECT_EQ(executor.run(door.handle(request)).status, 204);
  EXPECT_EQ(inside.subject, "kim");
  clock_.advance(std::chrono::seconds{90});
  EXPECT_EQ(executor.run(door.handle(request)).status, 401);
}

TEST_F(AccessFiles, a_token_needs_a_key_and_somebody_it_is_for) {
  const auto why_not = [&](const Flags& flags, const std::string& subject) {
    const auto token =
        issue_token(settings_of(flags), subject, {}, std::chrono::seconds{1}, clock_);
    return token ? "made" : token.error().detail;
  };
  EXPECT_THAT(why_not({}, "kim"), HasSubstr("auth.issuer-key"));
  EXPECT_THAT(why_not({"--auth.issuer-key-file", folder_ / "key"}, ""), HasSubstr("somebody"));
  EXPECT_THAT(why_not({"--auth.issuer-key-file", folder_ / "no-key"}, "kim"),
              HasSubstr("auth.issuer-key is no Ed25519"));
}

TEST_F(AccessFiles, people_log_in_at_a_gateway_with_its_own_key_and_a_store_of_accounts) {
  const auto has_logins = [&](const std::vector<std::string>& roles, const Flags& more) {
    Flags flags{"--auth.issuer-key-file", folder_ / "key"};
    flags.insert(flags.end(), more.begin(), more.end());
    const config::Settings settings = settings_of(flags);
    return Access::make(settings, roles, clock_).value()->csrf() != nullptr;
  };
  EXPECT_TRUE(has_logins({"menu", "gateway"}, {}));
  EXPECT_FALSE(has_logins({"menu"}, {}));
  EXPECT_FALSE(has_logins({"gateway"}, {"--accounts.store", ""}));
  const config::Settings outside =
      settings_of({"--auth.issuer", "i", "--auth.jwks", folder_ / "jwks"});
  EXPECT_EQ(Access::make(outside, {"gateway"}, clock_).value()->csrf(), nullptr);
}

TEST_F(AccessFiles, the_services_own_issuer_is_not_for_others) {
  EXPECT_THAT(make({"menu"}, {"--auth.service-key-file", folder_ / "key"}),
              HasSubstr("with service tokens"));
  const config::Settings settings =
      settings_of({"--auth.issuer", "baedal-services", "--auth.jwks", folder_ / "jwks",
                   "--auth.service-key-file", folder_ / "key"});
  EXPECT_THAT(Access::make(settings, {"menu"}, clock_).error().detail, HasSubstr("auth.issuer"));
}

}  // namespace
}  // namespace baedal
