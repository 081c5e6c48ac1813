#include "kernel/async/frame_pool.hpp"

#include <array>
#include <new>
#include <utility>

namespace baedal::detail {
namespace {

constexpr std::size_t kStep = 64;
constexpr std::size_t kPooledBytesMax = 2048;  ///< larger frames are rare and not kept

constexpr std::size_t class_of(std::size_t bytes) { return (bytes + kStep - 1) / kStep; }

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// A frame given out again hides its use after it was freed: sanitizers see each one.
constexpr bool kKeeps = false;
#else
constexpr bool kKeeps = true;
#endif

/// Freed frames by size; their first word links them.
class FramePool {
 public:
  ~FramePool() {
    closed_ = true;
    for (Free*& first : free_) {
      while (first != nullptr) ::operator delete(std::exchange(first, first->next));
    }
  }

  void* take(std::size_t size_class) {
    Free* frame = free_[size_class];
    if (frame == nullptr) return nullptr;
    free_[size_class] = frame->next;
    kept_bytes_ -= size_class * kStep;
    return frame;
  }

  bool keep(void* frame, std::size_t size_class) {
    if (closed_ || kept_bytes_ + size_class * kStep > kKeptBytesMax) return false;
    free_[size_class] = new (frame) Free{free_[size_class]};
    kept_bytes_ += size_class * kStep;
    return true;
  }

 private:
  struct Free {
    Free* next;
  };
  std::array<Free*, class_of(kPooledBytesMax) + 1> free_{};
  std::size_t kept_bytes_ = 0;
  bool closed_ = false;
};

thread_local FramePool pool;

}  // namespace

void* allocate_frame(std::size_t bytes) {
  if (!kKeeps || bytes > kPooledBytesMax) return ::operator new(bytes);
  const std::size_t size_class = class_of(bytes);
  if (void* kept = pool.take(size_class)) return kept;
  return ::operator new(size_class* kStep);
}

void free_frame(void* frame, std::size_t bytes) noexcept {
  if (kKeeps && bytes <= kPooledBytesMax && pool.keep(frame, class_of(bytes))) return;
  ::operator delete(frame);
}

}  // namespace baedal::detail
