// Lists against a model: 100,000 rows with many and few ties, in every order, shallow and deep; and
// random bodies, some of them failing, against a map.
#include <algorithm>
#include <map>
#include <random>

#include "platform/store/lmdb/encoding.hpp"
#include "platform/store/lmdb/test_support.hpp"

namespace baedal::store::lmdb {
namespace {

using Model = std::map<std::int64_t, Row>;

std::vector<Row> expected(const Model& model, const std::vector<Order>& sort,
                          const std::function<bool(const Row&)>& matches = {}) {
  std::vector<Row> rows;
  for (const auto& [id, row] : model) {
    if (!matches || matches(row)) rows.push_back(row);
  }
  std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) {
    for (const Order& order : sort) {
      const Value& left = a[order.column];
      const Value& right = b[order.column];
      if (left != right) return order.descending ? right < left : left < right;
    }
    return false;
  });
  return rows;
}

std::vector<Row> window(const std::vector<Row>& rows, std::int64_t page, std::int64_t size) {
  const auto from = std::min(page * size, std::ssize(rows));
  const auto to = std::min(from + size, std::ssize(rows));
  return {rows.begin() + from, rows.begin() + to};
}

Row random_row(std::mt19937_64& random, std::int64_t id) {
  Value name = "name " + std::to_string(random());
  if (random() % 10 == 0) name = std::monostate{};
  Value shade = std::string(1 + random() % 3, static_cast<char>('a' + random() % 3));
  if (random() % 50 == 0) shade = std::string(kIndexTextMax, 'z') + std::to_string(random() % 40);
  Value weight = static_cast<std::int64_t>(random() % 60'000) - 30'000;
  return make_row(id, std::move(name), std::move(shade), std::move(weight), "note");
}

const std::vector<std::vector<Order>> kSorts = {
    {},
    {{0, true}},
    {{kName}},
    {{kName, true}},
    {{kShade}},
    {{kShade, true}},
    {{kShade}, {0, true}},
    {{kShade, true}, {0, true}},
    {{kWeight}},
    {{kWeight, true}},
    {{kShade}, {kWeight, true}},
    {{kShade, true}, {kName}, {0, true}},
    {{kWeight, true}, {kShade, true}},
};

TEST(LmdbPaging, a_hundred_thousand_rows_page_as_the_model_says_in_every_order) {
  constexpr std::int64_t kRows = 100'000;
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store()});
  std::mt19937_64 random(4);
  Model model;
  for (std::int64_t id = 1; id <= kRows;) {
    std::vector<Row> rows;
    for (int i = 0; i < 2000; ++i, ++id) rows.push_back(random_row(random, id));
    ASSERT_TRUE(store.insert(rows).has_value());
    for (Row& row : rows) model.emplace(std::get<std::int64_t>(row[0]), std::move(row));
  }
  for (const auto& sort : kSorts) {
    const std::vector<Row> rows = expected(model, sort);
    std::vector<std::pair<std::int64_t, std::int64_t>> windows = {
        {0, 20}, {9, 20}, {0, 1000}, {99, 1000}, {4999, 20}, {5000, 20}, {99'999, 1}, {14'285, 7}};
    for (int i = 0; i < 8; ++i) windows.emplace_back(random() % 5000, 20);
    for (const auto& [page, size] : windows) {
      const Page got = store.page({page, size, sort});
      ASSERT_EQ(got.total_rows, kRows);
      ASSERT_EQ(got.rows, window(rows, page, size)) << "page " << page << " of " << size;
    }
  }
}

TEST(LmdbPaging, walking_all_pages_both_ways_sees_each_row_once) {
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store()});
  std::mt19937_64 random(5);
  Model model;
  std::vector<Row> rows;
  for (std::int64_t id = 1; id <= 5003; ++id) rows.push_back(random_row(random, id));
  ASSERT_TRUE(store.insert(rows).has_value());
  for (const Row& row : rows) model.emplace(std::get<std::int64_t>(row[0]), row);
  for (const auto& sort : kSorts) {
    std::vector<Row> seen;
    for (std::int64_t page = 0;; ++page) {
      Page got = store.page({page, 100, sort});
      if (got.rows.empty()) break;
      std::ranges::move(got.rows, std::back_inserter(seen));
    }
    ASSERT_EQ(seen, expected(model, sort));
  }
}

TEST(LmdbPaging, rows_of_one_value_page_as_the_model_says) {
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store()});
  std::mt19937_64 random(6);
  Model model;
  std::vector<Row> rows;
  for (std::int64_t id = 1; id <= 3000; ++id) rows.push_back(random_row(random, id));
  ASSERT_TRUE(store.insert(rows).has_value());
  for (const Row& row : rows) model.emplace(std::get<std::int64_t>(row[0]), row);
  const Value values[] = {std::string("aa"), std::string("none"), std::monostate{},
                          std::string(kIndexTextMax, 'z') + "7"};
  for (const Value& value : values) {
    for (const auto& sort : kSorts) {
      const bool null = value.index() == 0;
      const std::vector<Row> all =
          expected(model, sort, [&](const Row& row) { return !null && row[kShade] == value; });
      for (const std::int64_t page : {0, 1, 5, 1000}) {
        const Slice got = store.page_by(kShade, value, {page, 17, sort});
        ASSERT_EQ(got.rows, window(all, page, 17));
        ASSERT_EQ(got.has_more, std::ssize(all) > (page + 1) * 17);
      }
    }
  }
}

TEST(LmdbPaging, a_list_that_takes_too_long_is_ended) {
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store(), .list_deadline = std::chrono::milliseconds{-1}});
  std::vector<Row> rows;
  for (std::int64_t id = 1; id <= 2000; ++id) rows.push_back(plain_row(id));
  ASSERT_TRUE(store.insert(rows).has_value());
  const PageRequest request{50, 20, {{kShade}, {kWeight}}};
  const auto page = store.run(store->page(kThings, request));
  ASSERT_FALSE(page.has_value());
  EXPECT_EQ(page.error().kind, ErrorKind::kUnavailable);
}

TEST(LmdbPaging, random_bodies_some_of_them_failing_leave_what_the_model_says) {
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store()});
  std::mt19937_64 random(7);
  Model model;
  for (int round = 0; round < 400; ++round) {
    Model changed = model;
    const bool fails = random() % 4 == 0;
    auto body = [&](Tx& tx) -> Result<std::string> {
      for (int i = 0; i < 12; ++i) {
        const auto id = static_cast<std::int64_t>(random() % 150);
        const Row row = random_row(random, id);
        if (random() % 3 == 0) {
          EXPECT_EQ(tx.erase(kThings, id).value(), changed.erase(id) == 1);
        } else if (changed.contains(id)) {
          EXPECT_TRUE(tx.update(kThings, row).has_value());
          changed[id] = row;
        } else {
          EXPECT_TRUE(tx.insert(kThings, row).has_value());
          changed[id] = row;
        }
        const auto found = tx.find(kThings, id).value();
        EXPECT_EQ(found.has_value(), changed.contains(id));
      }
      if (fails) return fail(ErrorKind::kConflict, "no", "no");
      return std::string();
    };
    ASSERT_EQ(store.commit(body).has_value(), !fails);
    if (!fails) model = changed;
    if (round == 200) store.reopen();
  }
  for (const auto& sort : kSorts) {
    const Page got = store.page({0, 1000, sort});
    ASSERT_EQ(got.rows, expected(model, sort));
    ASSERT_EQ(got.total_rows, std::ssize(model));
  }
  for (const auto& [id, row] : model) {
    if (row[kName].index() == 0) continue;
    EXPECT_EQ(store.find_by(kName, row[kName]), row);
  }
}

}  // namespace
}  // namespace baedal::store::lmdb
