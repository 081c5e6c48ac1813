// One collection over a router: routes, statuses, headers, and what happens between two writers.
#include "platform/http/hal/controller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "kernel/json/parse.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "platform/http/testing/things.hpp"

namespace baedal::http::hal {
namespace {

using testing::HasSubstr;

class ControllerTest : public testing::Test {
 protected:
  ControllerTest() {
    controller_.add_routes(router_);
    add_root_routes(router_, {&kThings}, presentation_);
    client_.post("/things", R"({"name":"A","count":1})");
  }
  std::int64_t count_of(const char* path) {
    const json::Value thing = json::parse(client_.get(path).body).value();
    return *thing.get<json::Object>()->find("count")->get<std::int64_t>();
  }

  ManualExecutor executor_;
  Things things_;
  Presentation presentation_;
  Controller controller_{things_, presentation_};
  Router router_;
  HandClient client_{router_, executor_};
};

const std::vector<Header> kJsonPatch = {{"Content-Type", "application/json-patch+json"}};

TEST_F(ControllerTest, statuses_of_the_methods) {
  EXPECT_EQ(client_.post("/things", R"({"name":"B"})").status, 201);
  EXPECT_EQ(client_.get("/things/2").status, 200);
  EXPECT_EQ(client_.send(Method::kHead, "/things/2").status, 204);
  EXPECT_EQ(client_.patch("/things/2", R"({"name":"C"})").status, 200);
  EXPECT_EQ(client_.put("/things/2", R"({"name":"D"})").status, 200);
  EXPECT_EQ(client_.erase("/things/2").status, 204);
  for (const Method method :
       {Method::kGet, Method::kHead, Method::kPatch, Method::kPut, Method::kDelete}) {
    for (const char* path :
         {"/things/2", "/things/0", "/things/x", "/things/99999999999999999999"}) {
      const bool writes = method == Method::kPatch || method == Method::kPut;
      EXPECT_EQ(client_.send(method, path, writes ? "{}" : "").status, 404)
          << to_string(method) << path;
    }
  }
  EXPECT_EQ(client_.send(Method::kPut, "/things", "{}").status, 405);
  EXPECT_EQ(client_.post("/things/1", "{}").status, 405);
}

TEST_F(ControllerTest, options_tell_methods_and_formats) {
  const Response list = client_.send(Method::kOptions, "/things");
  EXPECT_EQ(header_of(list, "Allow"), "GET,HEAD,OPTIONS,POST");
  EXPECT_EQ(header_of(list, "Accept-Post"), "application/json");
  const Response item = client_.send(Method::kOptions, "/things/1");
  EXPECT_EQ(header_of(item, "Allow"), "DELETE,GET,HEAD,OPTIONS,PATCH,PUT");
  EXPECT_EQ(header_of(item, "Accept-Patch"),
            "application/merge-patch+json, application/json-patch+json, application/json");
}

TEST_F(ControllerTest, head_gives_links_and_the_etag) {
  EXPECT_EQ(header_of(client_.send(Method::kHead, "/things"), "Link"),
            "<http://localhost:8080/things>;rel=\"self\",<http://localhost:8080/profile/"
            "things>;rel=\"profile\"");
  const Response item = client_.send(Method::kHead, "/things/1");
  EXPECT_EQ(header_of(item, "Link"),
            "<http://localhost:8080/things/1>;rel=\"self\",<http://localhost:8080/things/"
            "1>;rel=\"thing\"");
  EXPECT_EQ(header_of(item, "ETag"), "\"1\"");
}

TEST_F(ControllerTest, media_types_are_negotiated_before_anything_is_done) {
  EXPECT_EQ(client_.get("/things/1", {{"Accept", "application/json, */*"}}).content_type,
            "application/json");
  EXPECT_EQ(client_.get("/things", {{"Accept", "text/uri-list"}}).body,
            "http://localhost:8080/things/1\n");
  EXPECT_EQ(client_.get("/things", {{"Accept", "application/schema+json"}}).status, 406);
  EXPECT_EQ(client_.post("/things", "{}", {{"Accept", "image/png"}}).status, 406);
  EXPECT_EQ(client_.get("/things/2").status, 404) << "nothing was made";
  const Response form = client_.post("/things", "name=A", {{"Content-Type", "text/plain"}});
  EXPECT_EQ(form.status, 415);
  EXPECT_EQ(header_of(form, "Accept-Post"), "application/json");
  const Response patch = client_.patch("/things/1", "name=A", {{"Content-Type", "text/plain"}});
  EXPECT_EQ(patch.status, 415);
  EXPECT_THAT(header_of(patch, "Accept-Patch"), HasSubstr("application/json-patch+json"));
  EXPECT_EQ(client_.put("/things/1", "name=A", {{"Content-Type", "text/plain"}}).status, 415);
}

TEST_F(ControllerTest, bodies_that_are_no_object_are_400) {
  for (const char* body : {"", "{", "[]", "7", "null", "{} {}", "\"text\""}) {
    EXPECT_EQ(client_.post("/things", body).status, 400) << body;
    EXPECT_EQ(client_.patch("/things/1", body).status, 400) << body;
    EXPECT_EQ(client_.put("/things/1", body).status, 400) << body;
  }
  EXPECT_EQ(client_.patch("/things/1", "{}", kJsonPatch).status, 400);
  EXPECT_EQ(
      client_.patch("/things/1", R"([{"op":"replace","path":"","value":7}])", kJsonPatch).status,
      400);
}

TEST_F(ControllerTest, a_conflict_shows_the_present_state) {
  client_.patch("/things/1", R"({"name":"frozen"})");
  const Response refused = client_.patch("/things/1", R"({"name":"B"})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(header_of(refused, "ETag"), "\"2\"");
  const json::Value problem = json::parse(refused.body).value();
  const json::Value* thing = problem.get<json::Object>()->find("thing");
  ASSERT_NE(thing, nullptr);
  EXPECT_EQ(*thing->get<json::Object>()->find("name"), json::Value{"frozen"});
}

TEST_F(ControllerTest, searches_find_one_or_many) {
  client_.post("/things", R"({"name":"B","count":1})");
  EXPECT_THAT(client_.get("/things/search/findByName?name=B").body, HasSubstr("/things/2"));
  EXPECT_EQ(client_.get("/things/search/findByName?name=C").status, 404);
  EXPECT_EQ(client_.get("/things/search/findByName").status, 400);
  const Response many = client_.get("/things/search/findByCount?count=1");
  EXPECT_THAT(many.body, HasSubstr("/things/1\""));
  EXPECT_THAT(many.body, HasSubstr("/things/2\""));
  EXPECT_EQ(client_.get("/things/search/findByCount?count=9").status, 200);
  EXPECT_EQ(client_.get("/things/search/findByCount?count=many").status, 400);
  EXPECT_EQ(client_.get("/things/search/findByColour?colour=red").status, 404);
  EXPECT_EQ(client_.send(Method::kHead, "/things/search/findByName").status, 204);
}

TEST_F(ControllerTest, the_entrances_lead_to_the_collection) {
  EXPECT_THAT(client_.get("/").body, HasSubstr("http://localhost:8080/things{?page,size,sort}"));
  EXPECT_THAT(client_.get("/profile").body, HasSubstr("http://localhost:8080/profile/things"));
  EXPECT_EQ(client_.get("/profile/things").content_type, "application/alps+json");
  EXPECT_EQ(client_.get("/profile/things", {{"Accept", "application/schema+json"}}).content_type,
            "application/schema+json");
}

TEST_F(ControllerTest, two_requests_with_one_key_do_not_run_at_once) {
  std::vector<int> statuses;
  auto post = [&]() -> Task<void> {
    auto asked =
        client_.ask(Method::kPost, "/things", R"({"name":"B"})", {{"Idempotency-Key", "k"}});
    const Response response = co_await std::move(asked);
    statuses.push_back(response.status);
    EXPECT_EQ(header_of(response, "Retry-After"), response.status == 409 ? "1" : "");
  };
  executor_.post([&] { spawn(post()); });
  executor_.post([&] { spawn(post()); });
  executor_.run_ready();
  EXPECT_EQ(statuses, (std::vector{409, 201}));
}

TEST_F(ControllerTest, json_patches_that_test_what_they_replace_lose_no_update) {
  // Ten writers count up by one, each trying until its test holds.
  constexpr int kWriters = 10;
  auto count_up = [&]() -> Task<void> {
    while (true) {
      const auto found = co_await things_.find(1);
      const std::int64_t before = *found.value()->values[1].get<std::int64_t>();
      const std::string body =
          R"([{"op":"test","path":"/count","value":)" + std::to_string(before) +
          R"(},{"op":"replace","path":"/count","value":)" + std::to_string(before + 1) + "}]";
      auto asked = client_.ask(Method::kPatch, "/things/1", body, kJsonPatch);
      const Response response = co_await std::move(asked);
      if (response.status == 200) co_return;
      EXPECT_EQ(response.status, 409) << response.body;
    }
  };
  for (int i = 0; i < kWriters; ++i) executor_.post([&] { spawn(count_up()); });
  executor_.run_ready();
  EXPECT_EQ(count_of("/things/1"), 1 + kWriters);
}

TEST_F(ControllerTest, a_json_patch_is_worked_out_again_when_others_write_in_between) {
  std::vector<int> statuses;
  auto patch = [&](std::string body, std::vector<Header> headers) -> Task<void> {
    auto asked = client_.ask(Method::kPatch, "/things/1", std::move(body), std::move(headers));
    const Response response = co_await std::move(asked);
    statuses.push_back(response.status);
  };
  const std::string name = R"({"name":"B"})";
  const std::string count = R"([{"op":"replace","path":"/count","value":7}])";
  executor_.post([&] { spawn(patch(name, {})); });
  executor_.post([&] { spawn(patch(count, kJsonPatch)); });
  executor_.run_ready();
  EXPECT_EQ(statuses, (std::vector{200, 200}));
  EXPECT_EQ(count_of("/things/1"), 7);
  EXPECT_THAT(client_.get("/things/1").body, HasSubstr("\"name\" : \"B\""));
}

TEST_F(ControllerTest, a_json_patch_keeps_to_if_match) {
  const std::string body = R"([{"op":"replace","path":"/count","value":7}])";
  const auto with = [&](const char* tag) {
    return client_.patch("/things/1", body, {kJsonPatch[0], {"If-Match", tag}}).status;
  };
  EXPECT_EQ(with("\"2\""), 412);
  EXPECT_EQ(with("\"1\""), 200);
  EXPECT_EQ(with("*"), 200);
  EXPECT_EQ(client_.patch("/things/9", body, kJsonPatch).status, 404);
}

TEST_F(ControllerTest, the_replay_of_a_json_patch_is_the_first_answer_though_its_test_fails_now) {
  const std::string body =
      R"([{"op":"test","path":"/count","value":1},{"op":"replace","path":"/count","value":2}])";
  const std::vector<Header> keyed = {kJsonPatch[0], {"Idempotency-Key", "k"}};
  const Response first = client_.patch("/things/1", body, keyed);
  const Response again = client_.patch("/things/1", body, keyed);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(header_of(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(client_.patch("/things/1", body, kJsonPatch).status, 409);
}

}  // namespace
}  // namespace baedal::http::hal
