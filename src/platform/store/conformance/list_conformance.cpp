// page and page_by. Method: small tables by hand, then random work compared with MemoryStore.

#include <random>

#include "platform/store/conformance/store_conformance.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal::store::conformance {
namespace {

using Ids = std::vector<std::int64_t>;

TEST_P(StoreConformance, pages_come_in_id_order_with_the_total_of_the_table) {
  for (int i = 0; i < 7; ++i) add({}, i);
  EXPECT_EQ(ids_of(page({.page = 0, .size = 3}).rows), (Ids{1, 2, 3}));
  const Page last = page({.page = 2, .size = 3});
  EXPECT_EQ(ids_of(last.rows), Ids{7});
  EXPECT_EQ(last.total_rows, 7);
  const Page behind = page({.page = 3, .size = 3});
  EXPECT_TRUE(behind.rows.empty());
  EXPECT_EQ(behind.total_rows, 7);
}

TEST_P(StoreConformance, deep_pages_are_the_same_with_and_without_gaps_in_the_ids) {
  constexpr std::int64_t kRows = 700, kSize = 30;
  const auto fill = [](Tx& tx) -> Result<std::string> {
    for (std::int64_t id = 1; id <= kRows; ++id) {
      if (auto added = insert_thing(tx, Value{}, id % 3); !added) return pass_on(added);
    }
    return "";
  };
  ASSERT_TRUE(commit(fill));
  Ids ids;
  for (std::int64_t id = 1; id <= kRows; ++id) ids.push_back(id);
  const auto expect_pages = [&] {
    for (std::int64_t number = 0; number * kSize < std::ssize(ids) + kSize; ++number) {
      const auto from = std::min(number * kSize, std::ssize(ids));
      const auto to = std::min(from + kSize, std::ssize(ids));
      EXPECT_EQ(ids_of(page({number, kSize}).rows), Ids(ids.begin() + from, ids.begin() + to));
      EXPECT_EQ(ids_of(page({number, kSize, {{kId, true}}}).rows),
                Ids(ids.rbegin() + from, ids.rbegin() + to));
    }
  };
  expect_pages();
  for (const std::int64_t gone : {1, 350, 700}) {
    ASSERT_TRUE(commit([gone](Tx& tx) -> Result<std::string> {
      if (auto erased = tx.erase(kThings, gone); !erased) return pass_on(erased);
      return "";
    }));
    std::erase(ids, gone);
    expect_pages();
  }
}

TEST_P(StoreConformance, a_page_number_beyond_all_numbers_is_empty) {
  add({}, 1);
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(page({.page = huge, .size = 1000}).rows.empty());
  EXPECT_TRUE(page({.page = huge, .size = 1000, .sort = {{kShelf, true}}}).rows.empty());
  EXPECT_TRUE(page_by(kShelf, std::int64_t{1}, {.page = huge, .size = 1000}).rows.empty());
}

TEST_P(StoreConformance, sorts_on_indexes_in_both_directions_with_ties_in_id_order) {
  for (const std::int64_t shelf : {2, 1, 2, 3, 1}) add({}, shelf);
  EXPECT_EQ(ids_of(page({.sort = {{kShelf}}}).rows), (Ids{2, 5, 1, 3, 4}));
  EXPECT_EQ(ids_of(page({.sort = {{kShelf, true}}}).rows), (Ids{4, 1, 3, 2, 5}));
  EXPECT_EQ(ids_of(page({.sort = {{kId, true}}}).rows), (Ids{5, 4, 3, 2, 1}));
  EXPECT_EQ(ids_of(page({.sort = {{kShelf, true}, {kId, true}}}).rows), (Ids{4, 3, 1, 5, 2}));
}

TEST_P(StoreConformance, a_descending_sort_pages_through_ties_and_nulls) {
  const Value b = std::string("b"), a = std::string("a"), null;
  for (const Value& label : {a, null, b, a, null, b, b}) add({}, 1, label);
  const Ids expected{3, 6, 7, 1, 4, 2, 5};
  for (std::int64_t size = 1; size <= 8; ++size) {
    Ids all;
    for (std::int64_t number = 0; number <= 7; ++number) {
      for (const auto id : ids_of(page({number, size, {{kLabel, true}}}).rows)) all.push_back(id);
    }
    EXPECT_EQ(all, expected) << "page size " << size;
  }
  EXPECT_EQ(ids_of(page({.sort = {{kLabel}}}).rows), (Ids{2, 5, 1, 4, 3, 6, 7}));
}

TEST_P(StoreConformance, every_given_order_counts) {
  add({}, 1, std::string("b"));
  add({}, 1, std::string("a"));
  add({}, 2, std::string("a"));
  add({}, 2, std::string("b"));
  add({}, 1, std::string("a"));
  EXPECT_EQ(ids_of(page({.sort = {{kShelf}, {kLabel}}}).rows), (Ids{2, 5, 1, 3, 4}));
  EXPECT_EQ(ids_of(page({.sort = {{kShelf, true}, {kLabel, true}}}).rows), (Ids{4, 3, 1, 2, 5}));
  EXPECT_EQ(ids_of(page({.sort = {{kLabel}, {kShelf, true}, {kLabel, true}}}).rows),
            (Ids{3, 2, 5, 4, 1}));
}

TEST_P(StoreConformance, a_search_gives_slices_and_says_whether_more_follow) {
  for (int i = 0; i < 10; ++i) add({}, i % 2);
  const Slice first = page_by(kShelf, std::int64_t{1}, {.page = 0, .size = 3});
  EXPECT_EQ(ids_of(first.rows), (Ids{2, 4, 6}));
  EXPECT_TRUE(first.has_more);
  const Slice second = page_by(kShelf, std::int64_t{1}, {.page = 1, .size = 3});
  EXPECT_EQ(ids_of(second.rows), (Ids{8, 10}));
  EXPECT_FALSE(second.has_more);
  EXPECT_FALSE(page_by(kShelf, std::int64_t{1}, {.page = 0, .size = 5}).has_more);
  EXPECT_TRUE(page_by(kShelf, std::int64_t{3}).rows.empty());
  EXPECT_EQ(ids_of(page_by(kShelf, std::int64_t{0}, {.size = 2, .sort = {{kId, true}}}).rows),
            (Ids{9, 7}));
}

TEST_P(StoreConformance, totals_follow_inserts_erases_and_reopening) {
  for (int i = 0; i < 5; ++i) add({}, 1);
  const auto outcome = commit([](Tx& tx) -> Result<std::string> {
    for (const std::int64_t id : {2, 4, 99}) {
      if (!tx.erase(kThings, id)) return "failed";
    }
    return "";
  });
  ASSERT_TRUE(outcome);
  EXPECT_EQ(page({}).total_rows, 3);
  reopen();
  EXPECT_EQ(page({}).total_rows, 3);
  EXPECT_EQ(ids_of(page({}).rows), (Ids{1, 3, 5}));
}

/// Random work, the same on every store, however often a body is run again.
class RandomWork {
 public:
  void begin_round(unsigned round) { round_ = round; }
  Result<std::string> operator()(Tx& tx) {
    random_.seed(20'261'122 + round_);
    std::string answer;
    for (int i = 0; i < 4; ++i) answer += step(tx);
    if (pick(5) == 0) return fail(ErrorKind::kUnprocessable, "no", "Every fifth body fails.");
    return answer;
  }
  PageRequest request() {
    PageRequest request{pick(4), 1 + pick(9)};
    for (auto n = pick(3); n > 0; --n) {
      request.sort.push_back({static_cast<std::size_t>(pick(4)), pick(2) == 0});
    }
    return request;
  }
  Value label() {
    return pick(4) == 0 ? Value{} : Value(std::string(1, static_cast<char>('a' + pick(3))));
  }

 private:
  std::int64_t pick(std::int64_t below) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(below));
  }
  std::string step(Tx& tx) {
    const Value code = pick(2) == 0 ? Value{} : Value(std::to_string(pick(50)));
    const std::int64_t id = 1 + pick(60);
    const Row row{id, code, pick(3), label(), {}};
    switch (pick(4)) {
      case 0: {
        const auto erased = tx.erase(kThings, id);
        return erased && *erased ? "e" : "-";
      }
      case 1:
        return tx.update(kThings, row) ? "u" : "-";
      default:
        return insert_thing(tx, code, std::get<std::int64_t>(row[kShelf]), row[kLabel]) ? "i" : "-";
    }
  }
  unsigned round_ = 0;
  std::mt19937_64 random_;
};

TEST_P(StoreConformance, random_work_gives_the_same_lists_as_the_memory_store) {
  MemoryDisk disk;
  MemoryStore model(disk, clock);
  RandomWork work, same_work;
  for (unsigned round = 0; round < 150; ++round) {
    const OnceKey key;
    work.begin_round(round);
    same_work.begin_round(round);
    const auto ours = executor.run(store->commit_once(key, work));
    const auto theirs = executor.run(model.commit_once(key, same_work));
    ASSERT_EQ(ours.has_value(), theirs.has_value());
    ASSERT_EQ(ours.value_or(CommitOutcome{}).answer, theirs.value_or(CommitOutcome{}).answer);
    const PageRequest request = work.request();
    std::ignore = same_work.request();
    const auto our_page = page(request);
    const auto their_page = executor.run(model.page(kThings, request));
    ASSERT_EQ(our_page.rows, their_page->rows) << "round " << round;
    ASSERT_EQ(our_page.total_rows, their_page->total_rows);
    const Value label = work.label();
    std::ignore = same_work.label();
    const auto our_slice = page_by(kLabel, label, request);
    const auto their_slice = executor.run(model.page_by(kThings, kLabel, label, request));
    ASSERT_EQ(our_slice.rows, their_slice->rows) << "round " << round;
    ASSERT_EQ(our_slice.has_more, their_slice->has_more);
  }
}

}  // namespace
}  // namespace baedal::store::conformance
