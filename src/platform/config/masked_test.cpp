#include "platform/config/masked.hpp"

#include <gtest/gtest.h>

namespace baedal::config {
namespace {

TEST(Masked, the_password_of_a_url_is_left_out) {
  EXPECT_EQ(masked("postgresql://order:canary@127.0.0.1:5432/order"),
            "postgresql://order:***@127.0.0.1:5432/order");
  EXPECT_EQ(masked("postgresql://order:@/order"), "postgresql://order:***@/order");
}

TEST(Masked, so_is_one_that_should_have_been_percent_encoded) {
  EXPECT_EQ(masked("postgresql://order:can@ry@host/order"), "postgresql://order:***@host/order");
  EXPECT_EQ(masked("postgresql://order:can/ary?x@host/order"), "postgresql://order:***@host/order");
  EXPECT_EQ(masked("postgresql://order:can:ary@host/order"), "postgresql://order:***@host/order");
}

TEST(Masked, so_is_a_password_among_the_parameters) {
  EXPECT_EQ(masked("postgresql://host/order?password=canary&sslpassword=canary"),
            "postgresql://host/order?password=***&sslpassword=***");
  EXPECT_EQ(masked("host=h password=canary dbname=order"), "host=h password=*** dbname=order");
  EXPECT_EQ(masked("password='can ary' host=h"), "password=***");
}

TEST(Masked, what_has_no_password_is_shown_as_it_is) {
  for (const char* text :
       {"", "sqlite:order.db", "postgresql://order@host:5432/order", "postgresql://host:5432/order",
        "kafka://host:9092,other:9092/baedal", "http://127.0.0.1:8081", "a:b@c"}) {
    EXPECT_EQ(masked(text), text);
  }
}

}  // namespace
}  // namespace baedal::config
