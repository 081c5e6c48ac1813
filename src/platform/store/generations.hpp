#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "kernel/error.hpp"
#include "platform/store/store.hpp"

namespace baedal::store {

/// Several generations of one store beside each other, of which one is current: how a projection is
/// rebuilt without stopping. `<folder>/CURRENT` names the current one; it is replaced by a rename,
/// so that a crash leaves the old or the new, never neither. One thread at a time.
class Generations {
 public:
  /// Opens (making it when absent) the store of one generation at that path.
  using Opener = std::function<Result<std::unique_ptr<Store>>(const std::filesystem::path&)>;

  /// How a generation is removed, where it is more than the files of its folder.
  struct Removal {
    std::function<void(const std::filesystem::path&)> remove = nullptr;  ///< before its files
    bool while_open = true;  ///< false: the one before stays until open_current()
  };

  Generations(std::filesystem::path folder, Opener opener);
  Generations(std::filesystem::path folder, Opener opener, Removal removal);

  /// The current generation, made when there is none. Removes what a rebuild left unfinished.
  Result<std::unique_ptr<Store>> open_current();
  /// The current generation as another process may be serving it: changes no file. kNotFound when
  /// there is none yet.
  Result<std::unique_ptr<Store>> inspect_current();
  /// Where the current generation lies; kNotFound when there is none yet. Changes no file.
  [[nodiscard]] Result<std::filesystem::path> current_path() const;
  /// An empty one beside it.
  Result<std::unique_ptr<Store>> begin_fresh();
  /// The fresh one becomes current, durably. The files of the one before are removed, which its
  /// open readers do not notice.
  Result<void> promote();
  /// Removes the fresh one; close it before.
  void discard();

 private:
  [[nodiscard]] std::filesystem::path path_of(std::int64_t number) const;
  [[nodiscard]] Result<std::int64_t> read_current() const;
  Result<void> write_current(std::int64_t number);
  void remove_all_but(std::int64_t number);
  void remove(const std::filesystem::path& generation);

  std::filesystem::path folder_;
  Opener opener_;
  Removal removal_;
  std::int64_t current_ = 0;
  std::int64_t fresh_ = 0;
};

}  // namespace baedal::store
