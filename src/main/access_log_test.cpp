// The line of a request: what it tells, and what it must not.
#include "main/access_log.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

#include "kernel/json/parse.hpp"
#include "platform/tracing/trace_context.hpp"

namespace baedal {
namespace {

/// Everything logged while it lives, as JSON lines.
class LogLines {
 public:
  explicit LogLines(log::Level http = log::Level::kInfo) {
    log::configure(
        {.levels = {{"http", http}}, .format = log::Format::kJson, .output = file_.get()});
  }
  ~LogLines() { log::configure({}); }

  std::string text() {
    std::fflush(file_.get());
    std::rewind(file_.get());
    std::string all(64 * 1024, '\0');
    all.resize(std::fread(all.data(), 1, all.size(), file_.get()));
    return all;
  }
  json::Object line() {
    auto value = json::parse(text());
    EXPECT_TRUE(value);
    return value ? *value->get<json::Object>() : json::Object{};
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_{std::tmpfile()};
};

http::Request request(http::Method method, std::string_view path) {
  http::Request made;
  made.method = method;
  made.method_text = http::to_string(method);
  made.target = made.path = path;
  return made;
}

template <class T>
T member(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  const T* typed = value != nullptr ? value->get<T>() : nullptr;
  EXPECT_TRUE(typed) << name;
  return typed != nullptr ? *typed : T{};
}

TEST(AccessLog, tells_what_was_asked_and_what_came_of_it) {
  LogLines lines;
  http::Request asked = request(http::Method::kGet, "/orders/7");
  asked.route = "/orders/{id}";
  asked.trace =
      *tracing::TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  AccessLog{false}.write(asked, {.status = 404, .body = "12345"}, std::chrono::microseconds{1'250});
  const json::Object line = lines.line();
  EXPECT_EQ(member<std::string>(line, "logger"), "access");
  EXPECT_EQ(member<std::string>(line, "level"), "INFO");
  EXPECT_EQ(member<std::string>(line, "method"), "GET");
  EXPECT_EQ(member<std::string>(line, "route"), "/orders/{id}");
  EXPECT_EQ(member<std::string>(line, "path"), "/orders/7");
  EXPECT_EQ(member<std::int64_t>(line, "status"), 404);
  EXPECT_EQ(member<std::int64_t>(line, "bytes"), 5);
  EXPECT_EQ(member<double>(line, "duration_ms"), 1.25);
  EXPECT_EQ(member<std::string>(line, "trace_id"), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(member<std::string>(line, "span_id"), "00f067aa0ba902b7");
  EXPECT_EQ(member<std::int64_t>(line, "order_id"), 7);
  EXPECT_EQ(line.find("client"), nullptr);
}

TEST(AccessLog, tells_nothing_of_queries_headers_bodies_and_who_it_was) {
  LogLines lines{log::Level::kTrace};
  http::Request asked = request(http::Method::kPost, "/orders");
  asked.target =
      "http://user:"
      "canary@host/orders?token=canary";
  asked.query = "token=canary";
  asked.body = "canary";
  asked.headers = {{"Authorization", "canary"}, {"Cookie", "canary"}, {"X-Canary", "canary"}};
  asked.peer = "192.0.2.1";
  asked.link_base = "http://canary";
  AccessLog{false}.write(asked, {.status = 201, .body = "canary"}, {});
  const std::string text = lines.text();
  EXPECT_EQ(text.find("canary"), std::string::npos) << text;
  EXPECT_EQ(text.find("192.0.2.1"), std::string::npos) << text;
  EXPECT_NE(text.find("\"logger\":\"http\""), std::string::npos) << "at debug it tells more";
}

TEST(AccessLog, the_client_only_when_asked_to) {
  LogLines lines;
  http::Request asked = request(http::Method::kGet, "/menus");
  asked.peer = "10.0.0.1";
  asked.forwarded_for = "192.0.2.1";
  AccessLog{true}.write(asked, {}, {});
  EXPECT_EQ(member<std::string>(lines.line(), "client"), "192.0.2.1");
}

TEST(AccessLog, a_level_turns_it_off_and_on_while_it_runs) {
  LogLines lines;
  const AccessLog access{false};
  const http::Request asked = request(http::Method::kGet, "/menus");
  ASSERT_TRUE(log::set_level("access", log::Level::kOff));
  access.write(asked, {}, {});
  EXPECT_EQ(lines.text(), "");
  ASSERT_TRUE(log::set_level("access", std::nullopt));
  access.write(asked, {}, {});
  EXPECT_NE(lines.text(), "");
}

TEST(AccessLog, knows_the_order_a_request_is_about) {
  using enum http::Method;
  struct {
    http::Method method;
    const char* path;
    int status;
    const char* location;
    std::int64_t order;  // 0: none
  } const rows[] = {
      {kGet, "/orders/7", 200, "", 7},
      {kPatch, "/orders/7", 409, "", 7},
      {kGet, "/orders/7/", 404, "", 7},
      {kGet, "/mypages/8", 200, "", 8},
      {kPost, "/orders", 201, "http://localhost:8080/orders/9", 9},
      {kPost, "/orders", 201, "http://host/shop/orders/10", 10},
      {kPost, "/orders", 422, "", 0},
      {kPost, "/menus", 201, "http://localhost/menus/3", 0},
      {kGet, "/orders", 200, "", 0},
      {kGet, "/orders/x", 404, "", 0},
      {kGet, "/orders/-7", 404, "", 0},
      {kGet, "/orders/7/lines", 404, "", 0},
      {kGet, "/deliveries/7", 200, "", 0},
      {kGet, "/orders/99999999999999999999", 404, "", 0},
  };
  for (const auto& row : rows) {
    http::Response answer{.status = row.status};
    if (*row.location != '\0') answer.with("Location", row.location);
    const auto order = order_of(request(row.method, row.path), answer);
    EXPECT_EQ(order.value_or(0), row.order) << row.path << ' ' << row.location;
  }
}

}  // namespace
}  // namespace baedal
