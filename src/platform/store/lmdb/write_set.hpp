#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace baedal::store::lmdb {

/// The writes of one group, kept in memory until its commit: what a key will hold, or that it will
/// be gone. A body that fails is undone here, without the cost of a nested transaction, and the
/// whole can be written a second time after the map had to grow. Belongs to the writer thread.
class WriteSet {
 public:
  /// Which database a key belongs to; see Layout.
  using Space = std::uint8_t;
  /// The bytes to be written; none: to be erased.
  using Change = std::optional<std::string>;
  /// A space (first byte) and key together, with its change.
  using Entry = std::pair<const std::string, Change>;

  /// What this set says about a key; nullptr when it says nothing.
  [[nodiscard]] const Change* find(Space space, std::string_view key);
  void put(Space space, std::string_view key, std::string value) {
    change(space, key, std::move(value));
  }
  void erase(Space space, std::string_view key) { change(space, key, std::nullopt); }

  /// What follows belongs to a new body, until undo_body() or the next begin_body().
  void begin_body() { undo_.clear(); }
  void undo_body();

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  void clear();

  /// All entries by space, then key: pages are then written in their own order.
  [[nodiscard]] std::vector<const Entry*> sorted() const;
  [[nodiscard]] static Space space_of(const Entry& entry) {
    return static_cast<Space>(entry.first.front());
  }
  [[nodiscard]] static std::string_view key_of(const Entry& entry) {
    return std::string_view(entry.first).substr(1);
  }

 private:
  struct Undo {
    Entry* entry;
    bool was_there;
    Change before;
  };

  void change(Space space, std::string_view key, Change to);
  const std::string& full_key(Space space, std::string_view key);

  std::unordered_map<std::string, Change> entries_;
  std::vector<Undo> undo_;
  std::string scratch_;
};

}  // namespace baedal::store::lmdb
