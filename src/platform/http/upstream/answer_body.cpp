#include "platform/http/upstream/answer_body.hpp"

#include <algorithm>
#include <utility>

namespace baedal::http {
namespace {

std::unexpected<Error> broken() { return unavailable("answer-cut-short", "The answer broke off."); }

}  // namespace

AnswerBody::AnswerBody(UpstreamLease lease, std::optional<std::uint64_t> left,
                       std::optional<ChunkedBody> decoder, std::string first)
    : lease_(std::move(lease)), left_(left), decoder_(decoder), first_(std::move(first)) {}

Task<Result<std::string_view>> AnswerBody::read() {
  if (!std::exchange(first_given_, true) && !first_.empty()) {
    co_return std::string_view{first_};
  }
  while (true) {
    if (broken_) co_return broken();
    if (over_) co_return std::string_view{};
    std::string_view piece;
    if (next_piece(piece)) co_return piece;
    if (over_ || broken_) continue;
    lease_->set_deadline(lease_.pool().limits().stream_idle_timeout);
    const std::size_t got = co_await lease_->socket.read_some(lease_->room());
    lease_->deadline_ms = 0;
    lease_->commit(got);
    if (got > 0) continue;
    // Only a body without any length ends with its connection.
    const bool whole = !left_ && !decoder_ && !lease_->expired && !broken_;
    (whole ? over_ : broken_) = true;
  }
}

/// Takes the next piece out of what has been read; false when there is none, or at the end.
bool AnswerBody::next_piece(std::string_view& piece) {
  const std::string_view unread = lease_->unread();
  if (decoder_) {
    const ChunkedBody::Step step = decoder_->next(unread);
    lease_->take(step.taken);
    piece = step.data;
    if (step.kind == ChunkedBody::Step::Kind::kBad) broken_ = true;
    if (step.kind == ChunkedBody::Step::Kind::kEnd) finish();
    return step.kind == ChunkedBody::Step::Kind::kData;
  }
  if (left_ && *left_ == 0) {
    finish();
    return false;
  }
  if (unread.empty()) return false;
  piece = unread.substr(
      0, left_ ? static_cast<std::size_t>(std::min<std::uint64_t>(*left_, unread.size()))
               : unread.size());
  if (left_) *left_ -= piece.size();
  lease_->take(piece.size());
  return true;
}

void AnswerBody::finish() {
  over_ = true;
  if (lease_->is_reusable()) {
    lease_.give_back();
  } else {
    lease_ = {};
  }
}

void AnswerBody::cancel() {
  broken_ = true;
  if (lease_) lease_->socket.cancel();
}

}  // namespace baedal::http
