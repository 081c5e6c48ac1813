// Accept and Content-Type.
#include "platform/http/hal/negotiate.hpp"

#include <gtest/gtest.h>

namespace baedal::http {
namespace {

constexpr std::string_view kHal = "application/hal+json";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kUris = "text/uri-list";

Request with(std::string_view name, std::vector<std::string_view> values) {
  Request request;
  for (const std::string_view value : values) request.headers.push_back({name, value});
  return request;
}

std::string chosen(std::vector<std::string_view> accept) {
  return std::string{
      negotiate(with("accept", std::move(accept)), {kHal, kJson, kUris}).value_or("406")};
}

TEST(Negotiate, chooses_by_quality_then_by_the_clients_order_then_by_the_servers) {
  EXPECT_EQ(chosen({}), kHal);
  EXPECT_EQ(chosen({""}), kHal);
  EXPECT_EQ(chosen({"*/*"}), kHal);
  EXPECT_EQ(chosen({"application/*"}), kHal);
  EXPECT_EQ(chosen({"text/*"}), kUris);
  EXPECT_EQ(chosen({"application/json, */*"}), kJson);
  EXPECT_EQ(chosen({"application/json, */*;q=0.5"}), kJson);
  EXPECT_EQ(chosen({"application/json;q=0.5, application/hal+json"}), kHal);
  EXPECT_EQ(chosen({"application/json;q=0.8, text/uri-list;q=0.9"}), kUris);
  EXPECT_EQ(chosen({"text/plain;q=0.1, application/json"}), kJson);
  EXPECT_EQ(chosen({"text/plain", "application/json"}), kJson) << "two fields are one list";
  EXPECT_EQ(chosen({"APPLICATION/JSON"}), kJson);
  EXPECT_EQ(chosen({"application/json;charset=utf-8;Q=0.4 , text/uri-list ; q=0.3"}), kJson);
  EXPECT_EQ(chosen({"text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"}),
            kHal);
}

TEST(Negotiate, the_closest_range_speaks_for_a_type) {
  EXPECT_EQ(chosen({"*/*, application/hal+json;q=0"}), kJson);
  EXPECT_EQ(chosen({"*/*;q=0.8, application/hal+json;q=0.1"}), kJson);
  EXPECT_EQ(chosen({"application/*;q=0, */*;q=0.1"}), kUris);
  EXPECT_EQ(chosen({"*/*;q=0, application/json"}), kJson);
}

TEST(Negotiate, what_cannot_be_given_is_not) {
  EXPECT_EQ(chosen({"image/png"}), "406");
  EXPECT_EQ(chosen({"application/json;q=0"}), "406");
  EXPECT_EQ(chosen({"application/json;q=abc"}), "406");
  EXPECT_EQ(chosen({"application"}), "406");
  EXPECT_EQ(chosen({"application/jso"}), "406");
  EXPECT_EQ(chosen({";;,,;q="}), "406");
}

TEST(ContentType, is_compared_without_case_and_parameters) {
  const auto of = [](std::vector<std::string_view> sent) {
    return std::string{
        content_type_of(with("Content-Type", std::move(sent)), {kJson, kHal}).value_or("415")};
  };
  EXPECT_EQ(of({}), kJson);
  EXPECT_EQ(of({"application/json"}), kJson);
  EXPECT_EQ(of({" Application/HAL+json ; charset=utf-8"}), kHal);
  EXPECT_EQ(of({"text/plain"}), "415");
  EXPECT_EQ(of({"application/jsonp"}), "415");
  EXPECT_EQ(of({""}), "415");
}

}  // namespace
}  // namespace baedal::http
