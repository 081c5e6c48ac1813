#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace baedal::messaging {

/// What was read out of a value that does not change, kept with it: several groups of one process
/// are given the same event, and the first of them reads it for all. No part of the value: a copy
/// reads anew, and any two are equal. of() from any thread; copying and moving as of any value.
class Readings {
 public:
  Readings() = default;
  Readings(const Readings&) noexcept {}
  Readings(Readings&& other) noexcept : first_(other.first_.exchange(nullptr)) {}
  Readings& operator=(const Readings&) noexcept {
    clear();
    return *this;
  }
  Readings& operator=(Readings&& other) noexcept {
    clear();
    first_ = other.first_.exchange(nullptr);
    return *this;
  }
  ~Readings() { clear(); }

  friend bool operator==(const Readings&, const Readings&) { return true; }

  /// What `read()` gave the first time for this `how`; lives as long as this does. `how` stands for
  /// the way of reading, and so for the type T. Two threads at once may both read; one is kept.
  template <class T, class Read>
  const T& of(const void* how, Read read) const {
    Kept* seen = first_.load(std::memory_order_acquire);
    if (const Kept* found = find(seen, how)) return static_cast<const Of<T>*>(found)->value;
    auto made = std::make_unique<Of<T>>(how, read());
    made->next = seen;
    while (!first_.compare_exchange_weak(made->next, made.get(), std::memory_order_acq_rel)) {
      if (const Kept* other = find(made->next, how)) return static_cast<const Of<T>*>(other)->value;
    }
    return made.release()->value;
  }

 private:
  struct Kept {
    explicit Kept(const void* its_how) : how(its_how) {}
    virtual ~Kept() = default;
    const void* how;
    Kept* next = nullptr;
  };
  template <class T>
  struct Of final : Kept {
    Of(const void* its_how, T&& its_value) : Kept(its_how), value(std::move(its_value)) {}
    T value;
  };

  static const Kept* find(const Kept* kept, const void* how) {
    while (kept != nullptr && kept->how != how) kept = kept->next;
    return kept;
  }
  void clear() {
    for (Kept* kept = first_.exchange(nullptr); kept != nullptr;) {
      delete std::exchange(kept, kept->next);
    }
  }

  mutable std::atomic<Kept*> first_{nullptr};
};

}  // namespace baedal::messaging
