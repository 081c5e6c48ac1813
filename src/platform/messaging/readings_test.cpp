// Readings: what is read out of an event is read once, and is the same for everybody.
#include "platform/messaging/readings.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "platform/messaging/envelope.hpp"

namespace baedal::messaging {
namespace {

int reads = 0;
Result<std::size_t> size_of(std::string_view data) {
  ++reads;
  return data.size();
}
Result<std::string> refused(std::string_view) { return unavailable("test", "cannot be read"); }

TEST(Readings, an_event_is_decoded_once_and_each_way_by_itself) {
  reads = 0;
  const Envelope event{.id = "1", .data = "four"};
  const auto& first = decoded(event, size_of);
  EXPECT_EQ(first, 4U);
  EXPECT_FALSE(decoded(event, refused));
  EXPECT_EQ(&decoded(event, size_of), &first);
  EXPECT_EQ(reads, 1);
}

TEST(Readings, a_copy_is_equal_and_read_anew_and_what_is_moved_takes_it_along) {
  reads = 0;
  Envelope event{.id = "1", .data = "four"};
  EXPECT_EQ(decoded(event, size_of), 4U);
  Envelope copy = event;
  EXPECT_EQ(copy, event);
  copy.data = "longer";
  EXPECT_EQ(decoded(copy, size_of), 6U);
  EXPECT_EQ(reads, 2);
  const Envelope moved = std::move(event);
  EXPECT_EQ(decoded(moved, size_of), 4U);
  EXPECT_EQ(reads, 2);
  copy = moved;
  EXPECT_EQ(decoded(copy, size_of), 4U);
  EXPECT_EQ(reads, 3);
}

TEST(Readings, threads_that_read_at_once_are_given_one_and_the_same) {
  constexpr int kThreads = 4, kEvents = 1000;
  static constexpr char kHow = 0;
  const std::vector<Readings> events(kEvents);
  std::vector<std::vector<const int*>> seen(kThreads);
  std::vector<std::thread> threads;
  for (auto& mine : seen) {
    threads.emplace_back([&] {
      for (int n = 0; n < kEvents; ++n) {
        mine.push_back(&events[static_cast<std::size_t>(n)].of<int>(&kHow, [n] { return n; }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t n = 0; n < kEvents; ++n) {
    EXPECT_EQ(*seen[0][n], static_cast<int>(n));
    for (const auto& theirs : seen) EXPECT_EQ(theirs[n], seen[0][n]);
  }
}

}  // namespace
}  // namespace baedal::messaging
