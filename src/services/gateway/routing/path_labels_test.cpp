#include "services/gateway/routing/path_labels.hpp"

#include <gtest/gtest.h>

#include <string>

namespace baedal::gateway {
namespace {

PathLabels labels_of(std::initializer_list<std::string_view> patterns) {
  std::vector<PathPattern> parsed;
  for (const auto text : patterns) parsed.push_back(PathPattern::parse(text).value());
  return PathLabels(parsed);
}

TEST(PathLabels, number_a_collection_and_its_items_apart) {
  const PathLabels labels = labels_of({"/orders/**", "/profile/orders"});
  EXPECT_EQ(labels.of("/orders"), "/orders");
  EXPECT_EQ(labels.of("/orders/1"), "/orders/{id}");
  EXPECT_EQ(labels.of("/orders/18446744073709551616"), "/orders/{id}");
  EXPECT_EQ(labels.of("/profile/orders"), "/profile/orders");
}

TEST(PathLabels, are_few_whatever_is_asked) {
  const PathLabels labels = labels_of({"/orders/**"});
  for (const auto path : {"/orders/", "/orders/x", "/orders/1x", "/orders/1/2", "/orders/-1"}) {
    EXPECT_EQ(labels.of(path), "/orders/**") << path;
  }
  EXPECT_EQ(labels.of("/other"), "");
  EXPECT_EQ(PathLabels().of("/orders"), "");
}

TEST(PathLabels, outlive_the_routes_they_came_from) {
  std::string_view kept;
  {
    const PathLabels labels = labels_of({"/gone/**"});
    kept = labels.of("/gone/7");
  }
  EXPECT_EQ(kept, "/gone/{id}");
}

}  // namespace
}  // namespace baedal::gateway
