// page, size and sort as Spring Data reads them: nothing a client sends is an error.
#include "platform/http/hal/list_query.hpp"

#include <gtest/gtest.h>

namespace baedal::http::hal {
namespace {

constexpr Property kProperties[] = {
    {.name = "qty", .type = PropertyType::kInteger, .sortable = true},
    {.name = "orderId", .type = PropertyType::kInteger, .sortable = true},
    {.name = "note", .type = PropertyType::kText}};
constexpr ResourceType kOrders{.service = "order",
                               .item = "order",
                               .collection = "orders",
                               .properties = kProperties,
                               .searches = {}};
constexpr ResourceType kUnpaged{.service = "mypage",
                                .item = "mypage",
                                .collection = "mypages",
                                .properties = kProperties,
                                .searches = {},
                                .paged = false};

std::string sorts(const ListQuery& query) {
  std::string out;
  for (const Sort& sort : query.sort) out += (sort.descending ? "-" : "+") + sort.property;
  return out;
}

TEST(ListQuery, page_and_size_have_defaults_and_bounds) {
  struct Case {
    const char* query;
    std::int64_t page, size;
  };
  for (const auto& [query, page, size] :
       {Case{"", 0, 20}, Case{"page=3&size=7", 3, 7}, Case{"page=-1", 0, 20},
        Case{"page=abc", 0, 20}, Case{"page=", 0, 20}, Case{"page", 0, 20}, Case{"size=0", 0, 20},
        Case{"size=-5", 0, 20}, Case{"size=abc", 0, 20}, Case{"size=1000", 0, 1000},
        Case{"size=1001", 0, 1000}, Case{"page=99999999999999999999", 0, 20},
        Case{"page=9000000000000000000", kPageNumberMax, 20}, Case{"&&&", 0, 20},
        Case{"Page=1", 0, 20}, Case{"size=%35", 0, 5}}) {
    const ListQuery list = parse_list_query(kOrders, query);
    EXPECT_EQ(list.page, page) << query;
    EXPECT_EQ(list.size, size) << query;
  }
}

TEST(ListQuery, a_collection_without_pages_gives_all_it_may) {
  EXPECT_EQ(parse_list_query(kUnpaged, "").size, 1000);
  EXPECT_EQ(parse_list_query(kUnpaged, "size=0").size, 1000);
  EXPECT_EQ(parse_list_query(kUnpaged, "size=5").size, 5);
}

TEST(ListQuery, the_largest_page_is_what_is_configured) {
  EXPECT_EQ(parse_list_query(kOrders, "size=50", 50).size, 50);
  EXPECT_EQ(parse_list_query(kOrders, "size=51", 50).size, 50);
  EXPECT_EQ(parse_list_query(kOrders, "", 10).size, 10);
  EXPECT_EQ(parse_list_query(kUnpaged, "", 50).size, 50);
}

TEST(ListQuery, sort_takes_what_is_sortable_and_drops_the_rest) {
  struct Case {
    const char* query;
    const char* sorts;
  };
  for (const auto& [query, expected] :
       {Case{"sort=qty", "+qty"}, Case{"sort=qty,desc", "-qty"}, Case{"sort=qty,DESC", "-qty"},
        Case{"sort=qty,asc", "+qty"}, Case{"sort=qty,orderId,desc", "-qty-orderId"},
        Case{"sort=qty,desc&sort=orderId", "-qty+orderId"}, Case{"sort=qty&sort=qty,desc", "+qty"},
        Case{"sort=", ""}, Case{"sort=,desc", ""}, Case{"sort=desc", ""}, Case{"sort=note", ""},
        Case{"sort=unknown,desc", ""}, Case{"sort=unknown,qty,desc", "-qty"},
        Case{"sort=qty%2Cdesc", "-qty"}, Case{"sort=%20qty%20,%20desc", "-qty"},
        Case{"sort=qty%00", ""}}) {
    EXPECT_EQ(sorts(parse_list_query(kOrders, query)), expected) << query;
  }
}

}  // namespace
}  // namespace baedal::http::hal
