#include "platform/http/connection.hpp"

#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "platform/http/body_stream.hpp"
#include "platform/http/problem.hpp"
#include "platform/http/request_body.hpp"
#include "platform/http/shard.hpp"

namespace baedal::http {
namespace {

constexpr std::string_view kContinueLine = "HTTP/1.1 100 Continue\r\n\r\n";
/// Larger bodies are not copied behind the head.
constexpr std::size_t kBodyJoinedBytesMax = 4 * 1024;
/// After a refusal the rest of what the client sends is read and dropped, this long and this much:
/// closing at once would reset the connection and could destroy the answer on its way.
constexpr std::chrono::milliseconds kLingerTime{2'000};
constexpr std::size_t kLingerBytesMax = 16 * 1024 * 1024;
constexpr std::size_t kLingerReadBytes = 16 * 1024;

using SteadyClock = std::chrono::steady_clock;

bool changes_something(Method method) {
  return method != Method::kGet && method != Method::kHead && method != Method::kOptions;
}

}  // namespace

Connection::Connection(Shard& shard, Socket socket)
    : shard_(shard),
      socket_(std::move(socket)),
      peer_(socket_.peer_address()),
      reader_(shard.state().limits) {}

Connection::~Connection() = default;

Task<void> Connection::run() {
  if (socket_.is_secure()) {
    Task<bool> shaking = shake_hands();
    const bool shook = co_await shaking;
    if (!shook) co_return;
  }
  Task<void> serving = serve();
  co_await serving;
  if (!body_) co_return;
  // Somebody may still read it.
  Task<void> detaching = body_->detach();
  co_await detaching;
}

/// Within the time there is for a request's headers.
Task<bool> Connection::shake_hands() {
  ServerState& state = shard_.state();
  await_with_deadline(Waiting::kHeaders, state.limits.header_timeout);
  const bool shook = co_await socket_.shake_hands();
  waiting_ = Waiting::kNothing;
  expired_ = false;
  if (!shook) state.failed_handshakes.fetch_add(1, std::memory_order_relaxed);
  co_return shook;
}

Task<void> Connection::serve() {
  ServerState& state = shard_.state();
  bool keep_alive = true;
  while (keep_alive) {
    Step step = reader_.step();
    while (step == Step::kNeedMore || step == Step::kContinue) {
      if (step == Step::kContinue) {
        await_with_deadline(Waiting::kWrite, state.limits.write_timeout);
        co_await socket_.write_all(kContinueLine);  // that it failed shows when reading
      }
      if (!wait_for_bytes()) co_return;
      const std::size_t got = co_await socket_.read_some(reader_.room());
      if (got == 0 && reader_.idle()) co_return;
      step = got > 0 ? received(got) : cut_short();
    }
    if (must_shed(step)) {
      // As cheap as can be: this is for when there is too much to do.
      if (step == Step::kDone && stays_open(step) && !reader_.http_1_0()) {
        out_ = shard_.shed_answer();
        await_with_deadline(Waiting::kWrite, state.limits.write_timeout);
        const bool told = co_await socket_.write_all(out_);
        waiting_ = Waiting::kNothing;
        if (!told) co_return;
        reader_.next();
        continue;
      }
      cut_short_ = kOverloaded;
      step = Step::kRefused;
    }
    begin_request(step);
    const auto start = state.observer ? SteadyClock::now() : SteadyClock::time_point{};
    if (step == Step::kDone || step == Step::kStream) {
      try {
        Task<Response> answer = state.handler.handle(request_);
        response_ = co_await answer;
      } catch (const std::exception& error) {
        fail(error.what());
      }
      // What the client itself spoiled is not for the handler to explain.
      if (body_ && body_->refusal()) refuse(*body_->refusal());
    }
    keep_alive = stays_open(step);
    compose(keep_alive, step != Step::kRefused && state.observer ? SteadyClock::now() - start
                                                                 : std::chrono::nanoseconds{0});
    await_with_deadline(Waiting::kWrite, state.limits.write_timeout);
    const bool written = co_await socket_.write_all(out_, body_apart_);
    waiting_ = Waiting::kNothing;
    if (!written) co_return;
    if (response_.tunnel || response_.stream || body_) {
      Task<bool> rest = finish_exchange();
      keep_alive = co_await rest && keep_alive;
      if (!socket_.is_open()) co_return;
    }
    reader_.next();
  }
  if (linger_ || body_ || !reader_.idle()) {
    Task<void> farewell = linger();
    co_await farewell;
  }
}

/// What there is to do once the head of an answer is written; false when nothing can follow. A
/// connection whose answer is not whole is closed.
Task<bool> Connection::finish_exchange() {
  if (response_.tunnel) {
    Task<void> tunnel = response_.tunnel->run(socket_, reader_.unread());
    co_await tunnel;
    socket_.close();
    co_return false;
  }
  bool whole = true;
  if (response_.stream) {
    Task<bool> sending = send_stream();
    whole = co_await sending;
  }
  if (body_) {
    Task<void> detaching = body_->detach();
    co_await detaching;
  }
  if (!whole) socket_.close();
  if (!whole || (body_ && !body_->complete())) co_return false;
  body_.reset();
  co_return true;
}

/// Whether the connection may be asked again after the present answer.
bool Connection::stays_open(Step step) const {
  if (step == Step::kRefused || linger_ || !reader_.keep_alive()) return false;
  if (shard_.state().seeing_off || shard_.state().draining) return false;
  if (body_ && !body_->complete()) return false;
  return !response_.stream || response_.length || !reader_.http_1_0();
}

Task<void> Connection::turn_away(Refusal why) {
  request_.peer = peer_;
  refuse(why);
  compose(false, std::chrono::nanoseconds{0});
  await_with_deadline(Waiting::kWrite, shard_.state().limits.write_timeout);
  const bool written = co_await socket_.write_all(out_, body_apart_);
  if (!written) co_return;
  Task<void> farewell = linger();
  co_await farewell;
}

void Connection::await_with_deadline(Waiting what, std::chrono::milliseconds timeout) {
  waiting_ = what;
  deadline_ms_ = Shard::now_ms() + timeout.count();
}

/// False when there is nothing to wait for: the server drains and no request is in hand.
bool Connection::wait_for_bytes() {
  const ServerLimits& limits = shard_.state().limits;
  if (reader_.idle()) {
    // While draining, only a request that is on its way already is waited for.
    if (shard_.state().draining && socket_.is_quiet()) return false;
    await_with_deadline(Waiting::kIdle, limits.idle_timeout);
  } else if (reader_.in_body()) {
    // A deadline is for all of the body, and for all of the headers: bytes do not move it.
    if (waiting_ != Waiting::kBody) await_with_deadline(Waiting::kBody, limits.body_timeout);
  } else if (waiting_ != Waiting::kHeaders) {
    await_with_deadline(Waiting::kHeaders, limits.header_timeout);
  }
  return true;
}

Connection::Step Connection::received(std::size_t bytes) {
  expired_ = false;
  reader_.commit(bytes);
  return reader_.step();
}

Connection::Step Connection::cut_short() {
  cut_short_ = expired_ ? Refusal{408, "request-timeout", "The request took too long to arrive."}
                        : Refusal{400, "request-cut-short", "The request ended too early."};
  return Step::kRefused;
}

/// Counts the request; whether it has to be refused for there being so many.
bool Connection::must_shed(Step step) {
  ServerState& state = shard_.state();
  waiting_ = Waiting::kNothing;
  state.requests.fetch_add(1, std::memory_order_relaxed);
  if (step == Step::kRefused || shard_.takes_one_more()) return false;
  if (!changes_something(reader_.method()) || state.spared(reader_.path())) return false;
  state.shed.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void Connection::begin_request(Step step) {
  ServerState& state = shard_.state();
  reader_.fill(request_);
  request_.peer = peer_;
  // Only HTTP/1.0 may leave Host out.
  if (request_.link_base == "http://") request_.link_base += socket_.local_authority();
  if (socket_.is_secure()) request_.link_base.insert(4, 1, 's');
  if (step == Step::kStream) open_body();
  if (step != Step::kRefused) return;
  const Refusal& why = cut_short_ ? *cut_short_ : reader_.refusal();
  if (why.status != 503) state.bad_requests.fetch_add(1, std::memory_order_relaxed);
  refuse(why);
}

void Connection::open_body() {
  const ServerLimits& limits = shard_.state().limits;
  body_ = std::make_shared<RequestBody>(reader_, socket_,
                                        BodyPatience{limits.body_timeout, limits.body_rate_min});
  request_.stream = body_;
  request_.stream_length = reader_.body_length();
}

void Connection::refuse(const Refusal& refusal) {
  response_ = problem(refusal.status, refusal.code, refusal.detail, request_);
  if (refusal.status == 503 || refusal.status == 429) response_.with("Retry-After", "1");
  linger_ = true;
}

void Connection::fail(std::string_view what) {
  std::string message = "http: a handler failed: ";
  message.append(request_.method_text).append(" ").append(request_.path).append(": ").append(what);
  shard_.state().report(message);
  response_ = problem(500, "internal", "The request could not be handled.", request_);
}

void Connection::compose(bool keep_alive, std::chrono::nanoseconds took) {
  const ServerState& state = shard_.state();
  if (state.observer) state.observer(request_, response_, took);
  AnswerFraming framing;
  framing.to_head = request_.method == Method::kHead;
  framing.close = !keep_alive;
  framing.say_keep_alive = keep_alive && reader_.http_1_0();
  chunked_ = response_.stream && !response_.length && !reader_.http_1_0();
  framing.chunked = chunked_;
  framing.extra = socket_.is_secure() ? &state.over_tls : &state.always;
  out_.clear();
  append_head(out_, response_, framing, shard_.date().now());
  body_apart_ = {};
  if (framing.to_head || !may_have_body(response_.status)) return;
  if (response_.body.size() <= kBodyJoinedBytesMax) {
    out_ += response_.body;
  } else {
    body_apart_ = response_.body;
  }
}

/// Passes the body on, piece by piece: the next is read when the last has gone. False when it, or
/// the client, broke off: then the connection cannot be used again.
Task<bool> Connection::send_stream() {
  const std::shared_ptr<BodyStream> stream = std::exchange(response_.stream, nullptr);
  if (request_.method == Method::kHead || !may_have_body(response_.status)) co_return true;
  stream_ = stream.get();
  bool whole = false;
  while (true) {
    Task<Result<std::string_view>> reading = stream->read();
    const Result<std::string_view> piece = co_await reading;
    if (!piece) break;
    out_.clear();
    whole = piece->empty();
    if (chunked_) {
      if (whole) {
        out_ = kLastChunk;
      } else {
        append_chunk_size(out_, piece->size());
        out_.append(*piece).append(kChunkEnd);
      }
    }
    await_with_deadline(Waiting::kWrite, shard_.state().limits.write_timeout);
    const bool written = co_await socket_.write_all(chunked_ ? std::string_view{out_} : *piece);
    waiting_ = Waiting::kNothing;
    if (!written) whole = false;
    if (!written || piece->empty()) break;
  }
  stream_ = nullptr;
  co_return whole;
}

Task<void> Connection::linger() {
  socket_.shutdown_send();
  await_with_deadline(Waiting::kFarewell, kLingerTime);
  std::vector<char> dropped(kLingerReadBytes);
  for (std::size_t total = 0; total < kLingerBytesMax;) {
    const std::size_t got = co_await socket_.read_some(dropped);
    if (got == 0) break;
    total += got;
  }
  waiting_ = Waiting::kNothing;
}

void Connection::expire(std::int64_t now_ms) {
  if (body_) body_->expire(now_ms);
  if (waiting_ == Waiting::kNothing || now_ms < deadline_ms_) return;
  expired_ = true;
  waiting_ == Waiting::kIdle ? close_if_idle() : socket_.cancel();
}

void Connection::close_if_idle() {
  // Not one whose next request has just come: that one is answered, with Connection: close. And at
  // once, not when the cancelled read is next heard of: what comes in between would be lost.
  if (waiting_ == Waiting::kIdle && socket_.is_quiet()) socket_.close();
}

void Connection::cut() {
  socket_.close();
  if (stream_ != nullptr) stream_->cancel();
  if (response_.tunnel) response_.tunnel->cancel();
}

}  // namespace baedal::http
