// The view over a store: the same on MemoryStore and on LMDB.
#include "services/mypage/outbound/stored_view.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "kernel/async/manual_executor.hpp"
#include "kernel/async/sync.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/store/lmdb/lmdb_store.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/mypage/outbound/mypage_table.hpp"

namespace baedal::mypage {
namespace {

enum class Product { kMemory, kLmdb };

class StoredViewTest : public ::testing::TestWithParam<Product> {
 protected:
  StoredViewTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "view-test-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    reopen();
  }
  ~StoredViewTest() override {
    view_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void reopen() {
    view_.reset();
    store_.reset();
    if (GetParam() == Product::kMemory) {
      store_ = std::make_shared<store::MemoryStore>(disk_, clock_);
    } else {
      store::LmdbOptions options{.path = (folder_ / "store").string()};
      options.tables.assign(std::begin(kTables), std::end(kTables));
      options.clock = &clock_;
      auto opened = store::LmdbStore::open(std::move(options));
      ASSERT_TRUE(opened) << opened.error().detail;
      store_ = std::move(*opened);
    }
    view_ = std::make_unique<StoredView>(store_);
  }
  void merge(std::int64_t order, decltype(Change::news) news, std::int64_t time = 5) {
    const Change change{OrderId{order}, Timestamp{time}, std::move(news),
                        "e-" + std::to_string(time)};
    ASSERT_TRUE(executor_.run(view_->merge({&change, 1})));
  }
  std::optional<Mypage> find(std::int64_t order) {
    return executor_.run(view_->find(OrderId{order})).value();
  }
  std::vector<std::int64_t> orders(const LineListRequest& request) {
    return ids(executor_.run(view_->list(request)).value());
  }
  static std::vector<std::int64_t> ids(const LineList& list) {
    std::vector<std::int64_t> ids;
    for (const Mypage& line : list.lines) ids.push_back(line.order.value());
    return ids;
  }

  std::filesystem::path folder_;
  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'000'000}};
  store::MemoryDisk disk_{"view"};
  std::shared_ptr<store::Store> store_;
  std::unique_ptr<StoredView> view_;
};

using Ids = std::vector<std::int64_t>;
const OrderFacts kFacts{1, "김밥", 2, 9000, "KRW", Timestamp{3}};

TEST_P(StoredViewTest, keeps_every_member_and_every_absence) {
  merge(4, OrderNews{kFacts, OrderStatus::kOrdered});
  Mypage expected{.order = OrderId{4}, .facts = kFacts, .status = OrderStatus::kOrdered};
  expected.updated_at = Timestamp{5};
  expected.steps.take(StepType::kOrdered, Timestamp{5}, "e-5");
  EXPECT_EQ(find(4), expected);

  merge(4, DeliveryNews{6, DeliveryStatus::kStarted}, 7);
  merge(4, PaymentNews{8, PaymentStatus::kPaid}, 9);
  expected.delivery_id = 6;
  expected.delivery_status = DeliveryStatus::kStarted;
  expected.payment_id = 8;
  expected.payment_status = PaymentStatus::kPaid;
  expected.updated_at = Timestamp{9};
  expected.steps.take(StepType::kDeliveryStarted, Timestamp{7}, "e-7");
  expected.steps.take(StepType::kPaid, Timestamp{9}, "e-9");
  EXPECT_EQ(find(4), expected);
  reopen();
  EXPECT_EQ(find(4), expected);

  merge(5, DeliveryNews{7, DeliveryStatus::kCancelled});
  EXPECT_EQ(find(5)->facts, std::nullopt) << "the order's own event has not come";
  EXPECT_EQ(find(5)->status, std::nullopt);
  EXPECT_EQ(find(6), std::nullopt);
}

TEST_P(StoredViewTest, knows_whose_each_line_is) {
  merge(4, OrderNews{kFacts, OrderStatus::kOrdered, "kim"});
  merge(5, OrderNews{kFacts, OrderStatus::kOrdered});
  merge(6, DeliveryNews{7, DeliveryStatus::kStarted});
  merge(6, OrderNews{kFacts, OrderStatus::kOrdered, "kim"});
  merge(7, OrderNews{kFacts, OrderStatus::kOrdered, "lee"});
  merge(4, OrderNews{kFacts, OrderStatus::kCancelled});
  merge(4, OrderNews{kFacts, OrderStatus::kOrdered, "kim"});
  reopen();
  const auto customer_of = [this](std::int64_t order) {
    return executor_.run(view_->customer_of(OrderId{order})).value();
  };
  EXPECT_EQ(customer_of(4), "kim");
  EXPECT_EQ(customer_of(5), std::nullopt);
  EXPECT_EQ(customer_of(6), "kim");
  EXPECT_EQ(customer_of(9), std::nullopt);
  const std::string kim = "kim";
  const LineListRequest first{.page = 0, .size = 1};
  const LineList own = executor_.run(view_->list_of(kim, first)).value();
  EXPECT_EQ(ids(own), Ids{4});
  EXPECT_EQ(own.total, 2);
  EXPECT_TRUE(own.has_more);
  const LineListRequest second{.page = 1, .size = 1};
  EXPECT_EQ(ids(executor_.run(view_->list_of(kim, second)).value()), Ids{6});
  const LineListRequest newest{.sort = {{LineSort::kOrderId, true}}};
  EXPECT_EQ(ids(executor_.run(view_->list_of(kim, newest)).value()), (Ids{6, 4}));
}

TEST_P(StoredViewTest, events_merged_at_once_are_the_same_as_one_by_one) {
  merge(5, OrderNews{kFacts, OrderStatus::kOrdered}, 1);
  const std::vector<Change> changes{
      {OrderId{4}, Timestamp{5}, OrderNews{kFacts, OrderStatus::kOrdered}},
      {OrderId{5}, Timestamp{6}, PaymentNews{9, PaymentStatus::kPaid}},
      {OrderId{4}, Timestamp{7}, DeliveryNews{6, DeliveryStatus::kStarted}},
      {OrderId{4}, Timestamp{8}, DeliveryNews{6, DeliveryStatus::kComplete}},
      {OrderId{5}, Timestamp{6}, PaymentNews{9, PaymentStatus::kPaid}}};
  ASSERT_TRUE(executor_.run(view_->merge(changes)));
  const auto four = find(4), five = find(5);
  EXPECT_EQ(four->facts, kFacts);
  EXPECT_EQ(four->delivery_status, DeliveryStatus::kComplete);
  EXPECT_EQ(four->updated_at, Timestamp{8});
  EXPECT_EQ(five->payment_id, 9);
  EXPECT_EQ(five->updated_at, Timestamp{6});
  for (const Change& change : changes) ASSERT_TRUE(executor_.run(view_->merge({&change, 1})));
  EXPECT_EQ(find(4), four);
  EXPECT_EQ(find(5), five);
}

TEST_P(StoredViewTest, merging_again_changes_nothing) {
  merge(4, OrderNews{kFacts, OrderStatus::kCancelled}, 7);
  const auto before = find(4);
  merge(4, OrderNews{kFacts, OrderStatus::kCancelled}, 8);
  merge(4, OrderNews{kFacts, OrderStatus::kCancelled}, 7);
  EXPECT_EQ(find(4), before);
  merge(4, OrderNews{kFacts, OrderStatus::kOrdered}, 6);
  Mypage later = *before;
  later.steps.take(StepType::kOrdered, Timestamp{6}, "e-6");
  EXPECT_EQ(find(4), later) << "only a step more";
}

TEST_P(StoredViewTest, is_searched_and_listed) {
  for (const std::int64_t order : {3, 1, 2, 4})
    merge(order, OrderNews{kFacts, OrderStatus::kOrdered});
  merge(2, OrderNews{kFacts, OrderStatus::kCancelled});
  merge(1, DeliveryNews{30, DeliveryStatus::kStarted});
  merge(3, DeliveryNews{10, DeliveryStatus::kStarted});

  EXPECT_EQ(executor_.run(view_->find_by_delivery(30)).value()->order, OrderId{1});
  EXPECT_EQ(executor_.run(view_->find_by_delivery(99)).value(), std::nullopt);

  EXPECT_EQ(orders({}), (Ids{1, 2, 3, 4}));
  EXPECT_EQ(orders({.page = 1, .size = 3}), (Ids{4}));
  EXPECT_EQ(orders({.sort = {{LineSort::kOrderId, true}}}), (Ids{4, 3, 2, 1}));
  EXPECT_EQ(orders({.sort = {{LineSort::kDeliveryId, true}}}), (Ids{1, 3, 2, 4}));
  EXPECT_EQ(orders({.sort = {{LineSort::kStatus, false}}}), (Ids{2, 1, 3, 4}));
  EXPECT_EQ(executor_.run(view_->list({.page = 0, .size = 1})).value().total, 4);

  const LineListRequest two{.page = 0, .size = 2};
  const LineListRequest rest{.page = 1, .size = 2};
  const auto first = executor_.run(view_->find_by_status(OrderStatus::kOrdered, two)).value();
  EXPECT_EQ(ids(first), (Ids{1, 3}));
  EXPECT_TRUE(first.has_more);
  const auto last = executor_.run(view_->find_by_status(OrderStatus::kOrdered, rest)).value();
  EXPECT_EQ(ids(last), (Ids{4}));
  EXPECT_FALSE(last.has_more);
}

TEST_P(StoredViewTest, has_a_lineage_drawn_once_and_kept) {
  const std::string lineage = executor_.run(lineage_of(*store_)).value();
  EXPECT_EQ(lineage, "mypage-" + store_->uid());
  EXPECT_EQ(executor_.run(lineage_of(*store_)).value(), lineage);
  reopen();
  EXPECT_EQ(executor_.run(lineage_of(*store_)).value(), lineage);
  const std::string other = "mypage-other";
  EXPECT_FALSE(executor_.run(adopt_lineage(*store_, other))) << "it has one";
}

TEST_P(StoredViewTest, has_one_lineage_also_when_two_ask_at_once) {
  std::vector<std::string> lineages;
  auto ask = [&]() -> Task<void> {
    const auto lineage = co_await lineage_of(*store_);
    EXPECT_TRUE(lineage);
    if (lineage) lineages.push_back(*lineage);
  };
  auto both = [&]() -> Task<void> {
    TaskGroup tasks;
    tasks.spawn(ask());
    tasks.spawn(ask());
    co_await tasks.join();
  };
  executor_.run(both());
  EXPECT_EQ(lineages, std::vector<std::string>(2, "mypage-" + store_->uid()));
}

TEST_P(StoredViewTest, takes_over_the_lineage_of_the_view_it_replaces) {
  const std::string inherited = "mypage-of-the-one-before";
  ASSERT_TRUE(executor_.run(adopt_lineage(*store_, inherited)));
  reopen();
  EXPECT_EQ(executor_.run(lineage_of(*store_)).value(), inherited);
}

INSTANTIATE_TEST_SUITE_P(Products, StoredViewTest,
                         ::testing::Values(Product::kMemory, Product::kLmdb),
                         [](const auto& product) {
                           return product.param == Product::kMemory ? "memory" : "lmdb";
                         });

}  // namespace
}  // namespace baedal::mypage
