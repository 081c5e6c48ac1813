#pragma once

#include <cstddef>

namespace baedal::detail {

/// Memory of coroutine frames. A request runs through some dozens of them, of few sizes, made and
/// freed on one thread: each thread keeps the freed ones (kKeptBytesMax at most) and gives them out
/// again. A frame may be freed on another thread than it was made on.
[[nodiscard]] void* allocate_frame(std::size_t bytes);
/// `bytes` as given to allocate_frame().
void free_frame(void* frame, std::size_t bytes) noexcept;

inline constexpr std::size_t kKeptBytesMax = std::size_t{2} << 20;

/// A base of promises whose frames come from the pool.
struct PooledFrame {
  static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
  static void operator delete(void* frame, std::size_t bytes) noexcept { free_frame(frame, bytes); }
};

}  // namespace baedal::detail
