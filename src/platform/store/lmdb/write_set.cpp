#include "platform/store/lmdb/write_set.hpp"

#include <algorithm>

namespace baedal::store::lmdb {

const WriteSet::Change* WriteSet::find(Space space, std::string_view key) {
  if (entries_.empty()) return nullptr;
  const auto found = entries_.find(full_key(space, key));
  return found == entries_.end() ? nullptr : &found->second;
}

void WriteSet::undo_body() {
  // Backwards: an entry is removed last, when nothing else refers to it.
  while (!undo_.empty()) {
    Undo& last = undo_.back();
    if (last.was_there) {
      last.entry->second = std::move(last.before);
    } else {
      entries_.erase(entries_.find(last.entry->first));
    }
    undo_.pop_back();
  }
}

void WriteSet::clear() {
  entries_.clear();
  undo_.clear();
}

std::vector<const WriteSet::Entry*> WriteSet::sorted() const {
  std::vector<const Entry*> all;
  all.reserve(entries_.size());
  for (const Entry& entry : entries_) all.push_back(&entry);
  std::ranges::sort(all, [](const Entry* a, const Entry* b) { return a->first < b->first; });
  return all;
}

void WriteSet::change(Space space, std::string_view key, Change to) {
  const auto [place, added] = entries_.try_emplace(full_key(space, key), std::nullopt);
  undo_.push_back({&*place, !added, std::move(place->second)});
  place->second = std::move(to);
}

const std::string& WriteSet::full_key(Space space, std::string_view key) {
  scratch_.assign(1, static_cast<char>(space));
  scratch_.append(key);
  return scratch_;
}

}  // namespace baedal::store::lmdb
