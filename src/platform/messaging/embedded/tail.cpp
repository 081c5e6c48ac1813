#include "platform/messaging/embedded/tail.hpp"

#include <algorithm>

namespace baedal::messaging {
namespace {

std::size_t memory_of(const Envelope& envelope) {
  return sizeof(Delivery) + envelope.id.size() + envelope.type.size() + envelope.source.size() +
         envelope.key.size() + envelope.traceparent.size() + envelope.data.size();
}

}  // namespace

void Tail::add(Offset offset, Envelope envelope, Offset end) {
  const std::size_t bytes = memory_of(envelope);
  const std::lock_guard lock(mutex_);
  if (chunks_.empty() || chunks_.back()->deliveries.size() == kChunkEvents) {
    chunks_.push_back(std::make_shared<Chunk>());
  }
  Chunk& chunk = *chunks_.back();
  chunk.deliveries.push_back({offset, std::move(envelope)});
  chunk.end = end;
  chunk.bytes += bytes;
  bytes_ += bytes;
  while (bytes_ > bytes_max_ && chunks_.size() > 1) {
    bytes_ -= chunks_.front()->bytes;
    chunks_.pop_front();
  }
}

std::optional<Tail::View> Tail::read(Offset offset) const {
  const std::lock_guard lock(mutex_);
  const auto chunk = std::ranges::upper_bound(chunks_, offset, {}, &Chunk::end);
  if (chunk == chunks_.end()) return std::nullopt;
  const std::vector<Delivery>& all = (*chunk)->deliveries;
  const auto first = std::ranges::lower_bound(all, offset, {}, &Delivery::offset);
  if (first == all.end() || first->offset != offset) return std::nullopt;
  const auto index = static_cast<std::size_t>(first - all.begin());
  return View{*chunk, std::span(all).subspan(index), (*chunk)->end};
}

}  // namespace baedal::messaging
