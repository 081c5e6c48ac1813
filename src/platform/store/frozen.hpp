#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "kernel/error.hpp"

namespace baedal::store {

/// The files of a store at one instant, seen from another process than the one that serves from
/// them: for copies that belong together. Stores whose freeze() overlaps, each until its release(),
/// are noted at the same instant: no commit of one lies between two of the others.
///
///   for (auto& store : stores) store->freeze(deadline);   // writers wait from here …
///   for (auto& store : stores) store->release();          // … to here: milliseconds
///   for (auto& store : stores) store->copy_to(path);      // while they go on
///
/// One thread. A process that dies meanwhile holds up nobody: the locks are the system's.
class Frozen {
 public:
  virtual ~Frozen() = default;

  /// Waits for the group in hand; from then on nothing is committed. The present state is what
  /// copy_to() writes. kUnavailable, and nothing is held, when the deadline passes.
  virtual Result<void> freeze(std::chrono::steady_clock::time_point deadline) = 0;
  /// Commits go on. Harmless when nothing is held.
  virtual void release() = 0;
  /// Writes the noted state as one new file, checked to be whole, not yet synced. Gives the length
  /// the file is to have when it is put to use: its own, or more, with holes.
  virtual Result<std::uint64_t> copy_to(const std::filesystem::path& file) = 0;
};

}  // namespace baedal::store
