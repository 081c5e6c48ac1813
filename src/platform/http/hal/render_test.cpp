// HAL documents byte for byte, as the examples of Spring Data REST and the seed's captures.
#include "platform/http/hal/render.hpp"

#include <gtest/gtest.h>

#include "kernel/json/writer.hpp"
#include "platform/http/hal/list_query.hpp"

namespace baedal::http::hal {
namespace {

constexpr Property kMenuProperties[] = {
    {.name = "menuNm", .type = PropertyType::kText, .writable = true, .original = true},
    {.name = "version", .type = PropertyType::kInteger}};
constexpr ResourceType kMenus{.service = "menu",
                              .item = "menu",
                              .collection = "menus",
                              .properties = kMenuProperties,
                              .searches = {}};

constexpr Property kOrderProperties[] = {
    {.name = "qty", .type = PropertyType::kInteger, .original = true, .sortable = true},
    {.name = "deliveryId", .type = PropertyType::kInteger, .original = true}};
constexpr Search kSearches[] = {{"findByQty", "qty", PropertyType::kInteger, false, true}};
constexpr Search kOwnSearches[] = {{"findByDay", "day", PropertyType::kInteger, false}};
constexpr ResourceType kOrders{.service = "order",
                               .item = "order",
                               .collection = "orders",
                               .properties = kOrderProperties,
                               .searches = {}};
constexpr ResourceType kUnpaged{.service = "mypage",
                                .item = "mypage",
                                .collection = "mypages",
                                .properties = kOrderProperties,
                                .searches = kSearches,
                                .paged = false};

constexpr Presentation kSeed{Presentation::Links::kService, true};

Resource coffee(std::int64_t id) { return {.id = id, .version = 1, .values = {"Coffee", 1}}; }
Resource order(std::int64_t id, int quantity) {
  return {.id = id, .version = 1, .values = {quantity, nullptr}};
}

Request asking(std::string_view target) {
  Request request;
  request.target = target;
  request.path = target.substr(0, target.find('?'));
  if (request.path.size() < target.size()) request.query = target.substr(request.path.size() + 1);
  request.link_base = "http://localhost:8080";
  return request;
}

/// The list `target` asks for, of which there are `total`.
std::string list(const ResourceType& type, std::string_view target, std::vector<Resource> items,
                 std::int64_t total, const Presentation& presentation = kSeed,
                 bool links_only = false) {
  const Request request = asking(target);
  const ResourcePage page{std::move(items), total};
  const ListQuery query = parse_list_query(type, request.query);
  return render_collection({type, page, query, request, presentation, links_only});
}

TEST(RenderItem, is_the_seeds_answer_byte_for_byte) {
  const std::string item = render_item(kMenus, coffee(1), kSeed, "http://menu:8080");
  EXPECT_EQ(item, R"({
  "menuNm" : "Coffee",
  "_links" : {
    "self" : {
      "href" : "http://menu:8080/menus/1"
    },
    "menu" : {
      "href" : "http://menu:8080/menus/1"
    }
  }
})");
  EXPECT_EQ(item.size(), 172U);
  EXPECT_EQ(render_item(kMenus, coffee(10), kSeed, "http://menu:8080").size(), 174U);
  EXPECT_EQ(render_item(kMenus, coffee(100), kSeed, "http://menu:8080").size(), 176U);
}

constexpr Property kManyProperties[] = {{.name = "name", .type = PropertyType::kText},
                                        {.name = "count", .type = PropertyType::kInteger},
                                        {.name = "gone", .type = PropertyType::kBoolean},
                                        {.name = "createdAt", .type = PropertyType::kTimestamp},
                                        {.name = "updatedAt", .type = PropertyType::kTimestamp}};
constexpr ResourceType kThings{.service = "thing",
                               .item = "thing",
                               .collection = "things",
                               .properties = kManyProperties,
                               .searches = {}};

TEST(RenderItem, is_what_the_json_writer_makes_of_the_same_members) {
  const Resource thing{.id = 7,
                       .values = {"\"a\"\\\n김밥", std::int64_t{-3}, true,
                                  std::int64_t{1'795'385'658'776'123}, nullptr}};
  json::Writer expected;
  expected.begin_object();
  for (const auto& [name, value] : to_object(kThings, thing)) expected.name(name).value(value);
  expected.name("_links").begin_object();
  for (const char* rel : {"self", "thing"}) {
    expected.name(rel).begin_object().name("href").string("http://h\"/things/7").end_object();
  }
  expected.end_object().end_object();
  EXPECT_EQ(render_item(kThings, thing, {}, "http://h\""), expected.take());
}

TEST(RenderItem, gives_a_timestamp_of_microseconds_as_text) {
  const Resource thing{
      .id = 7,
      .values = {nullptr, nullptr, nullptr, std::int64_t{1'795'385'658'776'123}, "as it is"}};
  const std::string item = render_item(kThings, thing, {}, "http://h");
  EXPECT_NE(item.find(R"("createdAt" : "2026-11-22T22:14:18.776Z")"), std::string::npos) << item;
  EXPECT_NE(item.find(R"("updatedAt" : "as it is")"), std::string::npos) << item;
  EXPECT_EQ(*to_object(kThings, thing).find("createdAt"), json::Value{"2026-11-22T22:14:18.776Z"});
}

TEST(RenderItem, keeps_nulls_and_shows_added_members_unless_told_otherwise) {
  EXPECT_EQ(render_item(kOrders, order(4, 1), {}, "http://h"), R"({
  "qty" : 1,
  "deliveryId" : null,
  "_links" : {
    "self" : {
      "href" : "http://h/orders/4"
    },
    "order" : {
      "href" : "http://h/orders/4"
    }
  }
})");
  EXPECT_NE(render_item(kMenus, coffee(1), {}, "http://h").find("\"version\" : 1"),
            std::string::npos);
}

TEST(RenderCollection, an_empty_list) {
  EXPECT_EQ(list(kOrders, "/orders", {}, 0), R"({
  "_embedded" : {
    "orders" : [ ]
  },
  "_links" : {
    "self" : {
      "href" : "http://order:8080/orders{?page,size,sort}",
      "templated" : true
    },
    "profile" : {
      "href" : "http://order:8080/profile/orders"
    }
  },
  "page" : {
    "size" : 20,
    "totalElements" : 0,
    "totalPages" : 0,
    "number" : 0
  }
})");
}

TEST(RenderCollection, a_middle_page_links_to_all_its_neighbours_and_keeps_the_sort) {
  EXPECT_EQ(list(kOrders, "/orders?page=1&size=2&sort=qty,desc", {order(3, 3), order(2, 2)}, 5),
            R"({
  "_embedded" : {
    "orders" : [ {
      "qty" : 3,
      "deliveryId" : null,
      "_links" : {
        "self" : {
          "href" : "http://order:8080/orders/3"
        },
        "order" : {
          "href" : "http://order:8080/orders/3"
        }
      }
    }, {
      "qty" : 2,
      "deliveryId" : null,
      "_links" : {
        "self" : {
          "href" : "http://order:8080/orders/2"
        },
        "order" : {
          "href" : "http://order:8080/orders/2"
        }
      }
    } ]
  },
  "_links" : {
    "first" : {
      "href" : "http://order:8080/orders?page=0&size=2&sort=qty,desc"
    },
    "prev" : {
      "href" : "http://order:8080/orders?page=0&size=2&sort=qty,desc"
    },
    "self" : {
      "href" : "http://order:8080/orders?page=1&size=2&sort=qty,desc"
    },
    "next" : {
      "href" : "http://order:8080/orders?page=2&size=2&sort=qty,desc"
    },
    "last" : {
      "href" : "http://order:8080/orders?page=2&size=2&sort=qty,desc"
    },
    "profile" : {
      "href" : "http://order:8080/profile/orders"
    }
  },
  "page" : {
    "size" : 2,
    "totalElements" : 5,
    "totalPages" : 3,
    "number" : 1
  }
})");
}

/// The relations among first, prev, next and last that a list has.
std::string neighbours(std::string_view target, std::int64_t total) {
  const std::string text = list(kOrders, target, {}, total);
  std::string found;
  for (const char* rel : {"first", "prev", "next", "last"}) {
    if (text.find("\"" + std::string{rel} + "\" :") != std::string::npos)
      found += std::string{rel} + " ";
  }
  return found;
}

TEST(RenderCollection, neighbours_are_linked_only_where_there_are_any) {
  EXPECT_EQ(neighbours("/orders", 20), "");
  EXPECT_EQ(neighbours("/orders", 21), "first next last ");
  EXPECT_EQ(neighbours("/orders?page=1", 21), "first prev last ");
  EXPECT_EQ(neighbours("/orders?page=1", 41), "first prev next last ");
  EXPECT_EQ(neighbours("/orders?page=50", 21), "first prev last ");
  EXPECT_EQ(neighbours("/orders?page=50", 0), "");
  const std::string far = list(kOrders, "/orders?page=50&size=5", {}, 6);
  EXPECT_NE(far.find("page=1&size=5\""), std::string::npos) << "prev leads back to where rows are";
}

TEST(RenderCollection, links_carry_the_host_the_client_used_unless_told_otherwise) {
  const std::string forwarded = list(kOrders, "/orders", {order(1, 1)}, 1, Presentation{});
  EXPECT_NE(forwarded.find("http://localhost:8080/orders/1"), std::string::npos);
  EXPECT_EQ(forwarded.find("http://order:8080"), std::string::npos);
}

TEST(RenderCollection, without_pages_has_no_page_block_and_links_its_searches) {
  EXPECT_EQ(list(kUnpaged, "/mypages", {}, 0), R"({
  "_embedded" : {
    "mypages" : [ ]
  },
  "_links" : {
    "self" : {
      "href" : "http://mypage:8080/mypages"
    },
    "profile" : {
      "href" : "http://mypage:8080/profile/mypages"
    },
    "search" : {
      "href" : "http://mypage:8080/mypages/search"
    }
  }
})");
}

TEST(RenderCollection, the_compact_form_has_links_only) {
  const std::string compact = list(kOrders, "/orders", {order(1, 1), order(2, 1)}, 2, kSeed, true);
  EXPECT_NE(compact.find("\"orders\" : [ ]"), std::string::npos);
  EXPECT_NE(compact.find(R"("order" : [ {
      "href" : "http://order:8080/orders/1"
    }, {
      "href" : "http://order:8080/orders/2"
    } ])"),
            std::string::npos)
      << compact;
  EXPECT_EQ(compact.find("qty"), std::string::npos);
}

TEST(RenderCollection, links_to_searches_the_seed_had_not_only_in_the_full_representation) {
  ResourceType type = kOrders;
  type.searches = kOwnSearches;
  EXPECT_EQ(list(type, "/orders", {}, 0, kSeed).find("search"), std::string::npos);
  EXPECT_NE(list(type, "/orders", {}, 0, Presentation{}).find("/orders/search"), std::string::npos);
}

TEST(RenderSearchHits, link_to_the_next_part_while_there_is_one) {
  const Request request = asking("/mypages/search/findByQty?qty=a%20b&size=1");
  ResourcePage page{{order(1, 1)}, 0, true};
  const ListQuery query = parse_list_query(kUnpaged, request.query);
  const auto render = [&] { return render_search_hits({kUnpaged, page, query, request, kSeed}); };
  EXPECT_NE(render().find(R"("next" : {
      "href" : "http://mypage:8080/mypages/search/findByQty?qty=a%20b&page=1&size=1"
    })"),
            std::string::npos)
      << render();
  page.has_more = false;
  EXPECT_EQ(render().find("next"), std::string::npos);
}

TEST(RenderUriList, is_one_link_a_line) {
  const Request request = asking("/orders");
  const ResourcePage page{{order(1, 1), order(2, 1)}, 2};
  const ListQuery query;
  EXPECT_EQ(render_uri_list({kOrders, page, query, request, kSeed}),
            "http://order:8080/orders/1\nhttp://order:8080/orders/2\n");
}

}  // namespace
}  // namespace baedal::http::hal
