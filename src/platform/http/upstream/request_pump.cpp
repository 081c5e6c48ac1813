#include "platform/http/upstream/request_pump.hpp"

#include <utility>

#include "kernel/async/executor.hpp"
#include "platform/http/answer_writer.hpp"

namespace baedal::http {

void RequestPump::start(UpstreamConnection& connection, std::shared_ptr<BodyStream> source,
                        bool chunked, std::chrono::milliseconds idle_timeout,
                        std::chrono::milliseconds answer_timeout) {
  auto pump = std::make_shared<RequestPump>();
  pump->connection_ = &connection;
  pump->source_ = std::move(source);
  pump->chunked_ = chunked;
  pump->idle_timeout_ = idle_timeout;
  pump->answer_timeout_ = answer_timeout;
  connection.pump = pump;
  spawn(run(std::move(pump)));
}

Task<void> RequestPump::run(std::shared_ptr<RequestPump> self) {
  auto carrying = self->carry();
  self->state_ = co_await carrying;
  if (self->kept_) {
    self->kept_ = {};
  } else if (self->state_ == State::kDone) {
    if (!self->answered_) self->connection_->set_deadline(self->answer_timeout_);
  } else if (self->state_ == State::kSourceBroke) {
    // Half a request: whoever waits for its answer shall not.
    self->connection_->socket.close();
  }
  self->source_.reset();
}

Task<RequestPump::State> RequestPump::carry() {
  while (true) {
    auto reading = source_->read();
    const auto piece = co_await reading;
    if (!piece) co_return State::kSourceBroke;
    if (piece->empty() && !chunked_) co_return State::kDone;
    auto writing = write(*piece);
    if (!co_await writing) co_return State::kTargetBroke;
    if (piece->empty()) co_return State::kDone;
  }
}

Task<bool> RequestPump::write(std::string_view piece) {
  if (kept_) co_return false;
  connection_->set_deadline(idle_timeout_);
  if (chunked_) {
    connection_->out.clear();
    if (piece.empty()) {
      connection_->out = kLastChunk;
    } else {
      append_chunk_size(connection_->out, piece.size());
      connection_->out.append(piece).append(kChunkEnd);
    }
    piece = connection_->out;
  }
  const bool written = co_await connection_->socket.write_all(piece);
  if (!connection_->expired) connection_->deadline_ms = 0;
  co_return written;
}

void RequestPump::end_with(UpstreamLease lease) {
  kept_ = std::move(lease);
  kept_->socket.close();
}

}  // namespace baedal::http
