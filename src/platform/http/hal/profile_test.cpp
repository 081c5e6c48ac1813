// ALPS and JSON Schema, laid out as Spring Data REST's.
#include "platform/http/hal/profile.hpp"

#include <gtest/gtest.h>

#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"

namespace baedal::http::hal {
namespace {

constexpr Property kProperties[] = {
    {.name = "menuId", .type = PropertyType::kInteger, .writable = true},
    {.name = "soldOut", .type = PropertyType::kBoolean, .writable = true},
    {.name = "createdAt", .type = PropertyType::kTimestamp}};
constexpr Search kSearches[] = {{"findByOrderId", "orderId", PropertyType::kInteger, true}};

ResourceType type_with(bool all) {
  return {.service = "order",
          .item = "order",
          .collection = "orders",
          .properties = kProperties,
          .searches = all ? std::span<const Search>{kSearches} : std::span<const Search>{},
          .creatable = all,
          .patchable = all,
          .replaceable = all,
          .erasable = all};
}

std::string compact(const std::string& text) { return json::to_compact(json::parse(text).value()); }

constexpr std::string_view kPage =
    R"("descriptor":[{"name":"page","type":"SEMANTIC","doc":{"format":"TEXT","value":"The page to return."}},)"
    R"({"name":"size","type":"SEMANTIC","doc":{"format":"TEXT","value":"The size of the page to return."}},)"
    R"({"name":"sort","type":"SEMANTIC","doc":{"format":"TEXT","value":)"
    R"("The sorting criteria to use to calculate the content of the page."}}],)";

TEST(Alps, describes_the_members_and_every_exported_method) {
  const std::string rt = R"("rt":"#order-representation"})";
  const std::string expected =
      R"({"alps":{"version":"1.0","descriptor":[{"id":"order-representation",)"
      R"("href":"http://order:8080/profile/orders","descriptor":[{"name":"menuId","type":"SEMANTIC"},)"
      R"({"name":"soldOut","type":"SEMANTIC"},{"name":"createdAt","type":"SEMANTIC"}]},)"
      R"({"id":"get-orders","name":"orders","type":"SAFE",)" +
      std::string{kPage} + rt + R"(,{"id":"create-orders","name":"orders","type":"UNSAFE",)" + rt +
      R"(,{"id":"get-order","name":"order","type":"SAFE",)" + rt +
      R"(,{"id":"update-order","name":"order","type":"IDEMPOTENT",)" + rt +
      R"(,{"id":"patch-order","name":"order","type":"UNSAFE",)" + rt +
      R"(,{"id":"delete-order","name":"order","type":"IDEMPOTENT",)" + rt +
      R"(,{"name":"findByOrderId","type":"SAFE","descriptor":[{"name":"orderId","type":"SEMANTIC"}]}]}})";
  EXPECT_EQ(compact(alps(type_with(true), "http://order:8080")), expected);
}

TEST(Alps, leaves_out_what_is_not_exported) {
  const std::string text = alps(type_with(false), "http://order:8080");
  for (const char* id :
       {"create-orders", "update-order", "patch-order", "delete-order", "findBy"}) {
    EXPECT_EQ(text.find(id), std::string::npos) << id;
  }
}

TEST(JsonSchema, describes_the_types_and_what_may_be_written) {
  EXPECT_EQ(
      compact(json_schema(type_with(true))),
      R"({"title":"Order","properties":{)"
      R"("menuId":{"title":"Menu id","readOnly":false,"type":"integer"},)"
      R"("soldOut":{"title":"Sold out","readOnly":false,"type":"boolean"},)"
      R"("createdAt":{"title":"Created at","readOnly":true,"type":"string","format":"date-time"}},)"
      R"("definitions":{},"type":"object","$schema":"http://json-schema.org/draft-04/schema#"})");
}

}  // namespace
}  // namespace baedal::http::hal
