#include "kernel/async/frame_pool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <thread>
#include <vector>

namespace baedal::detail {
namespace {

TEST(FramePool, frames_given_out_at_once_do_not_overlap) {
  constexpr std::array<std::size_t, 5> kSizes = {1, 64, 65, 2048, 5000};
  for (int round = 0; round < 3; ++round) {
    std::vector<std::pair<unsigned char*, std::size_t>> frames;
    for (int i = 0; i < 200; ++i) {
      const std::size_t bytes = kSizes[static_cast<std::size_t>(i) % kSizes.size()];
      auto* frame = static_cast<unsigned char*>(allocate_frame(bytes));
      std::memset(frame, i, bytes);
      frames.emplace_back(frame, bytes);
    }
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const auto& [frame, bytes] = frames[i];
      EXPECT_EQ(frame[0], static_cast<unsigned char>(i));
      EXPECT_EQ(frame[bytes - 1], static_cast<unsigned char>(i));
      free_frame(frame, bytes);
    }
  }
}

TEST(FramePool, a_frame_may_be_freed_on_another_thread_and_outlives_its_own) {
  void* frame = nullptr;
  std::jthread([&] { frame = allocate_frame(300); }).join();
  std::memset(frame, 7, 300);
  std::jthread([&] { free_frame(frame, 300); }).join();
}

TEST(FramePool, more_than_it_keeps_is_freed) {
  std::vector<void*> frames;
  for (std::size_t bytes = 0; bytes < 2 * kKeptBytesMax; bytes += 2048) {
    frames.push_back(allocate_frame(2048));
  }
  for (void* frame : frames) free_frame(frame, 2048);
}

}  // namespace
}  // namespace baedal::detail
