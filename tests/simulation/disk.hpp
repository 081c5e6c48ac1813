#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/store/memory/memory_table.hpp"
#include "platform/store/store.hpp"

namespace baedal::simulation {

/// What one store keeps: it outlives the processes that write it. There are two images of it: what
/// is synced, which readers see and a crash leaves; and what is written, which only the writer
/// sees.
class Disk {
 public:
  explicit Disk(std::string uid) : uid_(std::move(uid)) {}

  struct KeptAnswer {
    std::uint64_t fingerprint = 0;
    std::string answer;
    Timestamp created_at{};
  };
  struct Image {
    std::map<std::string, store::MemoryTable, std::less<>> tables;
    std::map<std::string, KeptAnswer> answers;
    std::deque<store::OutboxRow> outbox;
    std::int64_t last_seq = 0;

    store::MemoryTable& table(const store::Table& table);
  };
  /// What a group of commits has written and not yet synced.
  struct Group {
    struct Change {
      const store::Table* table;
      std::int64_t id;
      std::optional<store::Row> after;  ///< none: erased
    };
    std::vector<Change> changes;
    std::vector<std::pair<std::string, std::optional<KeptAnswer>>> answers;  ///< none: swept
    std::vector<store::OutboxRow> outbox;
  };

  [[nodiscard]] const std::string& uid() const { return uid_; }
  [[nodiscard]] const Image& synced() const { return synced_; }
  /// Grows with each sync.
  [[nodiscard]] std::uint64_t version() const { return version_; }
  /// Once-keys that are gone for good.
  [[nodiscard]] std::uint64_t keys_swept() const { return keys_swept_; }
  /// Every outbox row that was ever synced, by seq.
  [[nodiscard]] const std::map<std::int64_t, store::OutboxEvent>& told() const { return told_; }
  /// Rows of that table, in id order.
  [[nodiscard]] std::vector<store::Row> rows(const store::Table& table) const;
  [[nodiscard]] const store::Row* find(const store::Table& table, std::int64_t id) const;

  // For the one store that is open on it.

  [[nodiscard]] Image& written() { return written_; }
  [[nodiscard]] Group& unsynced() { return unsynced_; }
  /// What is written is durable from now on.
  void sync();
  /// What is not synced was never written.
  void lose_unsynced();
  /// Outbox rows up to `seq` go with the next sync.
  void drop_relayed(std::int64_t seq);
  /// The store that has a group under way, of those that share this disk; null: none.
  const void* writer = nullptr;
  /// The right to relay, as the database keeps it.
  struct Lease {
    const void* holder = nullptr;
    std::int64_t token = 0;
    std::chrono::steady_clock::time_point until{};
  } lease{};
  /// For a planted bug: numbers begin again at what the table holds.
  void forget_last_seq();

 private:
  std::string uid_;
  Image synced_;
  Image written_;
  Group unsynced_;
  std::uint64_t version_ = 0;
  std::uint64_t keys_swept_ = 0;
  std::map<std::int64_t, store::OutboxEvent> told_;
};

}  // namespace baedal::simulation
