#include "platform/http/request_body.hpp"

#include <algorithm>
#include <utility>

#include "platform/http/shard.hpp"
#include "platform/http/socket.hpp"

namespace baedal::http {
namespace {

constexpr std::string_view kContinueLine = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::uint64_t kEarnedSecondsMax = 100'000'000;  // far from overflowing as milliseconds

std::unexpected<Error> broken() {
  return fail(ErrorKind::kInvalid, "request-cut-short", "The body of the request broke off.");
}

}  // namespace

Task<Result<std::string_view>> RequestBody::read() {
  if (detached_ || refusal_) co_return broken();
  if (std::exchange(begun_, true)) reader_.drop_body_piece();
  while (reader_.body_piece().empty() && !whole_) {
    auto reading = read_more();
    if (!co_await reading) co_return broken();
  }
  complete_ = reader_.body_piece().empty();
  co_return reader_.body_piece();
}

/// How long the client may take for the next piece. What it has brought so far earns it time; what
/// the handler takes between two reads costs it none.
std::int64_t RequestBody::patience_ms() const {
  const std::int64_t each = patience_.each.count();
  if (patience_.rate_min == 0) return each;
  const auto earned = static_cast<std::int64_t>(
      std::min<std::uint64_t>(received_ / patience_.rate_min, kEarnedSecondsMax) * 1000);
  return std::clamp<std::int64_t>(each + earned - waited_ms_, 0, each);
}

/// False when nothing more comes.
Task<bool> RequestBody::read_more() {
  reading_ = true;
  expired_ = false;
  const std::int64_t begun_ms = Shard::now_ms();
  deadline_ms_ = begun_ms + patience_ms();
  std::size_t got = 0;
  const bool waits = reader_.wants_continue() && !std::exchange(continued_, true);
  const bool goes_on = !waits || co_await client_.write_all(kContinueLine);
  if (goes_on && !detached_) got = co_await client_.read_some(reader_.room());
  deadline_ms_ = 0;
  waited_ms_ += Shard::now_ms() - begun_ms;
  received_ += got;
  reading_ = false;
  if (detached_) {
    idle_.set();
    co_return false;
  }
  if (got == 0) {
    refusal_ = expired_ ? Refusal{408, "request-timeout", "The request took too long to arrive."}
                        : Refusal{400, "request-cut-short", "The request ended too early."};
    co_return false;
  }
  reader_.commit(got);
  const RequestReader::Step step = reader_.step();
  if (step == RequestReader::Step::kRefused) refusal_ = reader_.refusal();
  whole_ = step == RequestReader::Step::kDone;
  co_return !refusal_;
}

Task<void> RequestBody::detach() {
  detached_ = true;
  if (!reading_) co_return;
  client_.cancel();
  co_await idle_.wait();
}

void RequestBody::expire(std::int64_t now_ms) {
  if (deadline_ms_ == 0 || now_ms < deadline_ms_) return;
  deadline_ms_ = 0;
  expired_ = true;
  client_.cancel();
}

}  // namespace baedal::http
