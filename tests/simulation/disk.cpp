#include "simulation/disk.hpp"

#include <limits>
#include <utility>

namespace baedal::simulation {

using store::MemoryTable;

MemoryTable& Disk::Image::table(const store::Table& table) {
  const auto found = tables.find(table.name);
  return found != tables.end() ? found->second : tables[std::string(table.name)];
}

std::vector<store::Row> Disk::rows(const store::Table& table) const {
  const auto found = synced_.tables.find(table.name);
  if (found == synced_.tables.end()) return {};
  return found->second.list(store::complete_order({}), 0, std::numeric_limits<std::int64_t>::max());
}

const store::Row* Disk::find(const store::Table& table, std::int64_t id) const {
  const auto found = synced_.tables.find(table.name);
  return found == synced_.tables.end() ? nullptr : found->second.find(id);
}

void Disk::sync() {
  for (Group::Change& change : unsynced_.changes) {
    MemoryTable& rows = synced_.table(*change.table);
    if (change.after) {
      rows.put(*change.table, std::move(*change.after));
    } else {
      rows.erase(*change.table, change.id);
    }
  }
  for (auto& [key, answer] : unsynced_.answers) {
    if (answer) {
      synced_.answers[key] = std::move(*answer);
    } else {
      keys_swept_ += synced_.answers.erase(key);
    }
  }
  for (store::OutboxRow& row : unsynced_.outbox) {
    told_.insert_or_assign(row.seq, row.event);
    synced_.outbox.push_back(std::move(row));
  }
  synced_.last_seq = written_.last_seq;
  unsynced_ = {};
  ++version_;
}

void Disk::lose_unsynced() {
  unsynced_ = {};
  written_ = synced_;
}

void Disk::drop_relayed(std::int64_t seq) {
  for (Image* image : {&synced_, &written_}) {
    while (!image->outbox.empty() && image->outbox.front().seq <= seq) image->outbox.pop_front();
  }
}

void Disk::forget_last_seq() {
  const std::int64_t last = synced_.outbox.empty() ? 0 : synced_.outbox.back().seq;
  synced_.last_seq = written_.last_seq = last;
}

}  // namespace baedal::simulation
