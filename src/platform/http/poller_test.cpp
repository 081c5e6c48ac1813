// Who is woken, when, and who no longer is.
#include "platform/http/poller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace baedal::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

/// A descriptor that has something to read once it is rung.
class Bell final : public Polled {
 public:
  explicit Bell(Poller& poller) : poller_(poller) { EXPECT_EQ(poller_.add(fd_, *this), 0); }
  ~Bell() override {
    forget();
    ::close(fd_);
  }
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  void ring() const { EXPECT_EQ(::eventfd_write(fd_, 1), 0); }
  void forget() { poller_.forget(fd_, *this); }
  void wake(std::uint32_t events) override {
    woken.push_back(events);
    if (on_wake) on_wake();
  }

  std::vector<std::uint32_t> woken;
  std::function<void()> on_wake;

 private:
  Poller& poller_;
  const int fd_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
};

class PollerTest : public ::testing::Test {
 protected:
  PollerTest() { settle(); }
  /// Runs what is ready, and forgets who was woken so far: all are, once, when they are added.
  void settle() {
    loop_.poll();
    a_.woken.clear();
    b_.woken.clear();
  }

  boost::asio::io_context loop_{1};
  Poller& poller_ = Poller::of(loop_);
  Bell a_{poller_};
  Bell b_{poller_};
};

TEST_F(PollerTest, wakes_what_has_something_once_for_each_change) {
  a_.ring();
  loop_.poll();
  loop_.poll();
  ASSERT_EQ(a_.woken.size(), 1U);
  EXPECT_NE(a_.woken.front() & EPOLLIN, 0U);
  EXPECT_TRUE(b_.woken.empty());
  a_.ring();
  loop_.poll();
  EXPECT_EQ(a_.woken.size(), 2U);
}

TEST_F(PollerTest, what_rings_while_another_is_woken_is_heard_too) {
  a_.on_wake = [this] { b_.ring(); };
  a_.ring();
  loop_.poll();
  EXPECT_EQ(b_.woken.size(), 1U);
}

TEST_F(PollerTest, what_is_forgotten_while_another_is_woken_is_not_woken) {
  a_.on_wake = [this] { b_.forget(); };
  b_.on_wake = [this] { a_.forget(); };
  a_.ring();
  b_.ring();
  loop_.poll();
  EXPECT_EQ(a_.woken.size() + b_.woken.size(), 1U);
}

TEST_F(PollerTest, soon_is_once_in_the_next_turn_and_not_before) {
  a_.on_wake = [this] {
    if (a_.woken.size() == 1) poller_.soon(a_);
  };
  poller_.soon(a_);
  poller_.soon(a_);
  EXPECT_TRUE(a_.woken.empty());
  loop_.poll();
  EXPECT_EQ(a_.woken, (std::vector<std::uint32_t>{0, 0}));
}

TEST_F(PollerTest, soon_does_not_reach_what_is_forgotten_meanwhile) {
  a_.on_wake = [this] { b_.forget(); };
  poller_.soon(a_);
  poller_.soon(b_);
  loop_.poll();
  EXPECT_EQ(a_.woken.size(), 1U);
  EXPECT_TRUE(b_.woken.empty());
}

TEST_F(PollerTest, what_one_look_finds_is_woken_in_one_turn_however_many_that_are) {
  constexpr std::size_t kMany = 1000;
  std::vector<std::unique_ptr<Bell>> bells;
  std::map<std::uint64_t, std::size_t> woken_in;
  for (std::size_t i = 0; i < kMany; ++i) bells.push_back(std::make_unique<Bell>(poller_));
  loop_.poll();  // once all are added, and there is room for them
  for (const auto& bell : bells) {
    bell->on_wake = [&] { ++woken_in[poller_.turn()]; };
    bell->ring();
  }
  loop_.poll();
  EXPECT_THAT(woken_in, ElementsAre(Pair(testing::_, kMany)));
}

TEST_F(PollerTest, others_of_the_loop_have_their_turn_between_many) {
  constexpr std::size_t kMany = 1000;
  std::vector<std::unique_ptr<Bell>> bells;
  std::size_t woken = 0;
  std::size_t woken_before = 0;
  for (std::size_t i = 0; i < kMany; ++i) bells.push_back(std::make_unique<Bell>(poller_));
  loop_.poll();
  for (const auto& bell : bells) {
    bell->on_wake = [&] {
      if (++woken == 1) boost::asio::post(loop_, [&] { woken_before = woken; });
    };
    bell->ring();
  }
  loop_.poll();
  EXPECT_EQ(woken, kMany);
  EXPECT_LT(woken_before, kMany / 2);
}

TEST_F(PollerTest, what_goes_away_while_many_wait_is_not_woken) {
  constexpr std::size_t kMany = 1000;
  std::vector<std::unique_ptr<Bell>> bells;
  std::ptrdiff_t woken = 0;
  for (std::size_t i = 0; i < kMany; ++i) bells.push_back(std::make_unique<Bell>(poller_));
  loop_.poll();
  for (const auto& bell : bells) {
    bell->on_wake = [&] {
      if (++woken > 1) return;
      boost::asio::post(loop_, [&] { bells.erase(bells.begin(), bells.end() - woken); });
    };
    bell->ring();
  }
  loop_.poll();
  EXPECT_EQ(static_cast<std::size_t>(woken), bells.size());
  EXPECT_LT(bells.size(), kMany);
}

TEST_F(PollerTest, of_a_crowd_the_newest_are_woken_first_and_of_a_few_the_oldest) {
  std::vector<std::unique_ptr<Bell>> bells;
  for (std::size_t i = 0; i < 1000; ++i) bells.push_back(std::make_unique<Bell>(poller_));
  loop_.poll();
  std::vector<std::size_t> woken;
  for (std::size_t i = 0; i < bells.size(); ++i) {
    bells[i]->on_wake = [&woken, i] { woken.push_back(i); };
  }
  for (const auto& bell : bells) bell->ring();
  loop_.poll();
  EXPECT_TRUE(std::ranges::is_sorted(woken, std::greater{}));
  woken.clear();
  for (std::size_t i = 0; i < 100; ++i) bells[i]->ring();
  loop_.poll();
  EXPECT_TRUE(std::ranges::is_sorted(woken));
  EXPECT_EQ(woken.size(), 100U);
}

}  // namespace
}  // namespace baedal::http
