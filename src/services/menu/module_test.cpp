// The module from outside: /menus over the router, and what an order service in the same process
// calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/async/manual_executor.hpp"
#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/menu/module.hpp"

namespace baedal::menu {
namespace {

using ::testing::HasSubstr;

class MenuHttp : public ::testing::Test {
 protected:
  MenuHttp() { module_->add_routes(router_); }

  json::Object object(const http::Response& response) {
    const auto parsed = json::parse(response.body);
    const auto* members = parsed ? parsed->get<json::Object>() : nullptr;
    EXPECT_NE(members, nullptr) << response.body;
    return members == nullptr ? json::Object{} : *members;
  }
  /// "김밥 4500 KRW false": the writable members.
  std::string details(const http::Response& response) {
    const json::Object members = object(response);
    std::string out;
    for (const char* name : {"menuNm", "price", "currency", "soldOut"}) {
      const json::Value* value = members.find(name);
      if (value == nullptr) return "(no " + std::string{name} + ")";
      const auto* text = value->get<std::string>();
      out += (out.empty() ? "" : " ") + (text != nullptr ? *text : json::to_compact(*value));
    }
    return out;
  }
  std::string details(std::int64_t id) {
    return details(client_.get("/menus/" + std::to_string(id)));
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'614'070'595'000'000}};
  store::MemoryDisk disk_{"test"};
  store::MemoryStore store_{disk_, clock_};
  http::hal::Presentation presentation_;
  std::unique_ptr<MenuModule> module_ = make_module({store_, clock_, presentation_});
  http::Router router_;
  http::HandClient client_{router_, executor_};
};

TEST_F(MenuHttp, is_registered_and_answered_whole) {
  const http::Response created = client_.post("/menus", R"({"menuNm":"김밥","price":4500})");
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.content_type, "application/hal+json");
  EXPECT_EQ(http::header_of(created, "Location"), "http://localhost:8080/menus/1");
  EXPECT_EQ(http::header_of(created, "ETag"), "\"1\"");
  EXPECT_EQ(created.body, R"({
  "menuNm" : "김밥",
  "price" : 4500,
  "currency" : "KRW",
  "soldOut" : false,
  "menuId" : 1,
  "version" : 1,
  "createdAt" : "2021-02-23T08:56:35.000Z",
  "updatedAt" : "2021-02-23T08:56:35.000Z",
  "_links" : {
    "self" : {
      "href" : "http://localhost:8080/menus/1"
    },
    "menu" : {
      "href" : "http://localhost:8080/menus/1"
    }
  }
})");
  EXPECT_EQ(client_.get("/menus/1").body, created.body);
}

TEST_F(MenuHttp, in_the_seeds_representation_is_as_long_as_the_seeds_answers) {
  presentation_.original_only = true;
  presentation_.links = http::hal::Presentation::Links::kService;
  for (int id = 1; id <= 100; ++id) {
    const http::Response created = client_.post("/menus", R"({"menuNm":"Coffee"})");
    EXPECT_EQ(created.status, 201);
    EXPECT_EQ(created.body.size(), id < 10 ? 172U : id < 100 ? 174U : 176U);
  }
}

TEST_F(MenuHttp, without_accept_answers_without_a_body) {
  const http::Response created = client_.post("/menus", R"({"menuNm":"X"})", {{"Accept", ""}});
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.body, "");
  EXPECT_EQ(client_.patch("/menus/1", R"({"menuNm":"Y"})", {{"Accept", ""}}).status, 204);
}

// Which bodies a POST takes: "-> details" is what became of it, a bare name the member refused.
TEST_F(MenuHttp, the_rules_of_a_menu) {
  const std::string hundred = R"({"menuNm":")" + std::string(100, 'x') + R"("})";
  const std::string more = R"({"menuNm":")" + std::string(101, 'x') + R"("})";
  std::string hangul = R"({"menuNm":")";
  for (int i = 0; i < 100; ++i) hangul += "한";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"menuNm":"Gimbab"})", "-> Gimbab null KRW false"},
      {R"({"menuNm":" two words "})", "->  two words  null KRW false"},
      {R"({"menuNm":42})", "-> 42 null KRW false"},
      {R"({"menuNm":"A","price":"4500","soldOut":"true"})", "-> A 4500 KRW true"},
      {R"({"menuNm":"A","price":0,"currency":"EUR"})", "-> A 0 EUR false"},
      {R"({"menuNm":"A","price":"","currency":null,"soldOut":null})", "-> A null KRW false"},
      {R"({"menuNm":"A","price":9007199254740991})", "-> A 9007199254740991 KRW false"},
      {R"({"menuNm":"A","menuId":9,"id":9,"version":9,"other":[]})", "-> A null KRW false"},
      {hundred, "-> " + std::string(100, 'x') + " null KRW false"},
      {more, "menuNm"},
      {hangul + R"(한"})", "menuNm"},
      {"{}", "menuNm"},
      {R"({"menuNm":null})", "menuNm"},
      {R"({"menuNm":""})", "menuNm"},
      {R"({"menuNm":"   "})", "menuNm"},
      {R"({"menuNm":"\u3000\u3164"})", "menuNm"},
      {R"({"menuNm":"a\u0000b"})", "menuNm"},
      {R"({"menuNm":["A"]})", "menuNm"},
      {R"({"menuNm":{"A":1}})", "menuNm"},
      {R"({"menuNm":"A","price":-1})", "price"},
      {R"({"menuNm":"A","price":9007199254740992})", "price"},
      {R"({"menuNm":"A","price":10000000000000000000})", "price"},
      {R"({"menuNm":"A","price":"dear"})", "price"},
      {R"({"menuNm":"A","price":{}})", "price"},
      {R"({"menuNm":"A","currency":"won"})", "currency"},
      {R"({"menuNm":"A","currency":"XXX"})", "currency"},
      {R"({"menuNm":"A","currency":"KRWW"})", "currency"},
      {R"({"menuNm":"A","soldOut":"perhaps"})", "soldOut"},
      {R"({"menuNm":"A","soldOut":[]})", "soldOut"}};
  for (const auto& [body, expected] : cases) {
    const http::Response response = client_.post("/menus", body);
    if (expected.starts_with("-> ")) {
      ASSERT_EQ(response.status, 201) << body << response.body;
      EXPECT_EQ("-> " + details(response), expected);
    } else {
      EXPECT_EQ(response.status, 400) << body;
      EXPECT_THAT(response.body, HasSubstr(R"("property":")" + expected + "\"")) << body;
    }
  }
}

TEST_F(MenuHttp, every_bad_member_is_named_at_once) {
  const http::Response refused =
      client_.post("/menus", R"({"menuNm":" ","price":-1,"currency":"won","soldOut":"?"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(object(refused).find("errors")->get<json::Array>()->size(), 4U);
}

TEST_F(MenuHttp, patch_changes_what_is_sent_and_put_replaces_all) {
  client_.post("/menus", R"({"menuNm":"A","price":100,"currency":"EUR","soldOut":true})");
  EXPECT_EQ(details(client_.patch("/menus/1", R"({"menuNm":"B"})")), "B 100 EUR true");
  EXPECT_EQ(details(client_.patch("/menus/1", R"({"price":null,"soldOut":null})")),
            "B null EUR false");
  EXPECT_EQ(details(client_.patch("/menus/1", R"({"price":7,"currency":null})")), "B 7 KRW false");
  EXPECT_EQ(client_.patch("/menus/1", R"({"menuNm":null})").status, 400);
  EXPECT_EQ(client_.patch("/menus/1", R"({"price":-1})").status, 400);
  EXPECT_EQ(details(1), "B 7 KRW false");
  EXPECT_EQ(client_.put("/menus/1", R"({"price":1})").status, 400) << "a name there must be";
  EXPECT_EQ(details(client_.put("/menus/1", R"({"menuNm":"C"})")), "C null KRW false");
  EXPECT_EQ(client_.put("/menus/2", R"({"menuNm":"C"})").status, 404);
  EXPECT_EQ(client_.patch("/menus/2", R"({"menuNm":"C"})").status, 404);
}

TEST_F(MenuHttp, a_write_that_changes_nothing_is_200_with_the_same_version) {
  const http::Response created = client_.post("/menus", R"({"menuNm":"A","price":100})");
  clock_.advance(std::chrono::seconds{1});
  for (const http::Response& same : {client_.patch("/menus/1", "{}"),
                                     client_.patch("/menus/1", R"({"menuNm":"A","price":"100"})"),
                                     client_.put("/menus/1", R"({"menuNm":"A","price":100})"),
                                     client_.put("/menus/1", created.body)}) {
    EXPECT_EQ(same.status, 200);
    EXPECT_EQ(same.body, created.body);
  }
  EXPECT_EQ(executor_.run(store_.read_outbox(0, 10))->size(), 1U);
}

TEST_F(MenuHttp, is_deleted_once) {
  client_.post("/menus", R"({"menuNm":"A"})");
  const http::Response deleted = client_.erase("/menus/1");
  EXPECT_EQ(deleted.status, 204);
  EXPECT_EQ(deleted.body, "");
  EXPECT_EQ(client_.get("/menus/1").status, 404);
  EXPECT_EQ(client_.erase("/menus/1").status, 404);
  EXPECT_EQ(client_.erase("/menus/x").status, 404);
}

TEST_F(MenuHttp, a_write_with_if_match_needs_the_present_version) {
  client_.post("/menus", R"({"menuNm":"A"})");
  const std::vector<http::Header> stale = {{"If-Match", "\"2\", W/\"1\""}};
  const std::vector<http::Header> present = {{"If-Match", "\"9\", \"1\""}};
  const std::string body = R"({"menuNm":"B"})";
  EXPECT_EQ(client_.patch("/menus/1", body, stale).status, 412);
  EXPECT_EQ(client_.put("/menus/1", body, stale).status, 412);
  EXPECT_EQ(client_.erase("/menus/1", stale).status, 412);
  EXPECT_EQ(details(1), "A null KRW false");
  EXPECT_EQ(http::header_of(client_.patch("/menus/1", body, present), "ETag"), "\"2\"");
  EXPECT_EQ(client_.put("/menus/1", body, present).status, 412);
  EXPECT_EQ(client_.put("/menus/1", body, {{"If-Match", "*"}}).status, 200);
  EXPECT_EQ(client_.erase("/menus/1", {{"If-Match", "\"2\""}}).status, 204);
}

TEST_F(MenuHttp, a_key_replays_the_first_answer) {
  const std::vector<http::Header> key = {{"Idempotency-Key", "k"}};
  const http::Response first = client_.post("/menus", R"({"menuNm":"A"})", key);
  client_.patch("/menus/1", R"({"menuNm":"B"})");
  const http::Response again = client_.post("/menus", R"({"menuNm":"A"})", key);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(http::header_of(again, "Location"), "http://localhost:8080/menus/1");
  EXPECT_EQ(http::header_of(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(client_.post("/menus", R"({"menuNm":"C"})", key).status, 422);
}

TEST_F(MenuHttp, is_listed_sorted_by_name_price_and_age) {
  for (const char* body :
       {R"({"menuNm":"B","price":300})", R"({"menuNm":"C"})", R"({"menuNm":"A","price":100})"}) {
    client_.post("/menus", body);
  }
  const auto names = [&](const std::string& query) {
    std::string found;
    const json::Object page = object(client_.get("/menus?" + query));
    const auto& embedded = *page.find("_embedded")->get<json::Object>();
    for (const json::Value& item : *embedded.find("menus")->get<json::Array>()) {
      found += *item.get<json::Object>()->find("menuNm")->get<std::string>();
    }
    return found;
  };
  EXPECT_EQ(names("page=0"), "BCA");
  EXPECT_EQ(names("sort=menuNm"), "ABC");
  EXPECT_EQ(names("sort=price,desc"), "BAC") << "no price is less than any";
  EXPECT_EQ(names("sort=menuId,desc"), "ACB");
  EXPECT_EQ(names("sort=soldOut,desc"), "BCA") << "not sortable: dropped";
  EXPECT_EQ(names("page=1&size=2"), "A");
  EXPECT_EQ(client_.get("/menus/search").status, 404);
  EXPECT_EQ(client_.send(http::Method::kPut, "/menus", "{}").status, 405);
}

TEST_F(MenuHttp, an_order_service_in_the_same_process_reads_a_menu) {
  client_.post("/menus", R"({"menuNm":"김밥","price":4500,"currency":"EUR","soldOut":true})");
  contracts::MenuApi& api = module_->api();
  const auto found = executor_.run(api.find_menu(1)).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, 1);
  EXPECT_EQ(found->name, "김밥");
  EXPECT_EQ(found->price, 4500);
  EXPECT_EQ(found->currency, "EUR");
  EXPECT_TRUE(found->sold_out);
  EXPECT_EQ(found->version, 1);
  EXPECT_FALSE(executor_.run(api.find_menu(2)).value());
}

}  // namespace
}  // namespace baedal::menu
