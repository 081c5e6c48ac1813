#include "platform/http/upstream/upstream_client.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include "kernel/assert.hpp"
#include "kernel/text.hpp"
#include "platform/http/answer_writer.hpp"
#include "platform/http/hop_by_hop.hpp"
#include "platform/http/target.hpp"
#include "platform/http/upstream/answer_body.hpp"
#include "platform/http/upstream/outgoing_trace.hpp"
#include "platform/http/upstream/pool.hpp"
#include "platform/http/upstream/request_pump.hpp"
#include "platform/http/upstream/resolver.hpp"
#include "platform/http/upstream/upstream_tunnel.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/tracing/tracer.hpp"

namespace baedal::http {
namespace {

/// Larger bodies are not copied behind the head.
constexpr std::size_t kBodyJoinedBytesMax = 4 * 1024;

/// Headers the client writes itself.
bool is_ours(std::string_view name) {
  switch (name.size()) {
    case 4:
      return iequals(name, "Host");
    case 6:
      return iequals(name, "Expect");  // answered already by who read the body
    case 14:
      return iequals(name, "Content-Length");
    default:
      return false;
  }
}

bool has_body_by_nature(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

void write_request(std::string& out, const Origin& origin, const UpstreamRequest& request,
                   const OutgoingTrace& trace) {
  out.clear();
  const std::string_view host = request.host.empty() ? origin.authority : request.host;
  append_all(out, {request.method, " ", request.target, " HTTP/1.1\r\nHost: ", host, "\r\n"});
  const auto connection_names = [&](std::string_view name) {
    return std::ranges::any_of(request.headers, [&](const HeaderView& header) {
      return iequals(header.name, "Connection") && is_named_in(header.value, name);
    });
  };
  const bool named = std::ranges::any_of(request.headers, [](const HeaderView& header) {
    return iequals(header.name, "Connection") && names_headers(header.value);
  });
  const bool traced = trace.context.valid();
  for (const HeaderView& header : request.headers) {
    if (is_hop_by_hop(header.name) || is_ours(header.name)) continue;
    if (named && connection_names(header.name)) continue;
    if (traced && trace.replaces(header.name)) continue;
    if (request.added != nullptr && request.added->replaces(header.name)) continue;
    append_header(out, header.name, header.value);
  }
  if (request.added != nullptr) request.added->append_to(out);
  trace.append_to(out);
  if (!request.upgrade.empty()) {
    out += "Connection: Upgrade\r\n";
    append_header(out, "Upgrade", request.upgrade);
  }
  const std::uint64_t length =
      request.stream ? request.stream_length.value_or(0) : request.body.size();
  if (request.stream && !request.stream_length) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (length > 0 || request.stream || has_body_by_nature(request.method)) {
    out += "Content-Length: ";
    append_int(out, static_cast<std::int64_t>(length));
    out += "\r\n";
  }
  out += "\r\n";
  if (request.body.size() <= kBodyJoinedBytesMax) out += request.body;
}

/// The parts of an answer's head that are passed on. Date and lengths are written anew.
Response make_response(const AnswerHead& head) {
  Response response;
  response.status = head.status;
  response.headers.reserve(head.headers.size());
  const bool named = names_headers(head.connection);
  for (const HeaderView& header : head.headers) {
    const bool upgrade = head.status == 101 && iequals(header.name, "Upgrade");
    if (!upgrade && (is_hop_by_hop(header.name) || is_ours(header.name))) continue;
    if (!upgrade && named && is_named_in(head.connection, header.name)) continue;
    if (iequals(header.name, "Date")) continue;
    if (response.content_type.empty() && iequals(header.name, "Content-Type")) {
      response.content_type = header.value;
    } else {
      response.headers.push_back({std::string{header.name}, std::string{header.value}});
    }
  }
  return response;
}

/// `timeout` (0: none), but no longer than what is left of the request's time limit.
std::chrono::milliseconds within(std::chrono::milliseconds timeout, const UpstreamRequest& request,
                                 std::int64_t begun_ms) {
  if (request.time_limit.count() == 0) return timeout;
  const std::chrono::milliseconds spent{UpstreamPool::now_ms() - begun_ms};
  const auto left = std::max(request.time_limit - spent, std::chrono::milliseconds{1});
  return timeout.count() == 0 ? left : std::min(timeout, left);
}

/// Why a connection gave no answer; nullopt: the request may be sent again on a new one, since it
/// was sent on a used connection, which the other side may close in just that moment, and either
/// does no harm twice or surely has not arrived.
std::optional<UpstreamFailure> why_silent(const UpstreamConnection& connection,
                                          const UpstreamRequest& request, std::uint64_t sent_before,
                                          bool silent) {
  if (connection.pump && connection.pump->state() == RequestPump::State::kSourceBroke) {
    return UpstreamFailure::kRequestBroken;
  }
  if (connection.expired) return UpstreamFailure::kTimedOut;
  // A stream has been read from, and cannot be sent again. The SYN counts as one byte.
  const bool arrived =
      !silent || request.stream || connection.socket.acknowledged() > sent_before + 1;
  if (connection.used && silent && (request.repeatable || !arrived)) return std::nullopt;
  return arrived ? UpstreamFailure::kBroken : UpstreamFailure::kNotConnected;
}

void settle(UpstreamLease& lease) {
  if (lease->is_reusable()) lease.give_back();
}

/// Takes what is there of a chunked body; whether it is the whole body.
bool take_chunks(UpstreamConnection& connection, ChunkedBody& decoder, std::string& body,
                 bool& bad) {
  while (true) {
    const ChunkedBody::Step step = decoder.next(connection.unread());
    body.append(step.data);
    connection.take(step.taken);
    bad = step.kind == ChunkedBody::Step::Kind::kBad;
    if (step.kind != ChunkedBody::Step::Kind::kData) {
      return step.kind == ChunkedBody::Step::Kind::kEnd;
    }
  }
}

/// Takes what is there of a body of known length.
void take_bytes(UpstreamConnection& connection, std::uint64_t length, std::string& body) {
  const std::string_view unread = connection.unread();
  const auto here = std::min<std::uint64_t>(unread.size(), length - body.size());
  body.append(unread.substr(0, static_cast<std::size_t>(here)));
  connection.take(static_cast<std::size_t>(here));
}

/// Whether nothing of the answer needs to be waited for, as with most: it has no body, or its body
/// has come with the head, or will come as a stream or through a tunnel.
bool take_whole(UpstreamLease& lease, Response& response, std::string_view method) {
  UpstreamConnection& connection = *lease;
  const AnswerHead& head = connection.head;
  if (head.status == 101) {
    connection.deadline_ms = 0;
    response.tunnel = std::make_shared<UpstreamTunnel>(std::move(lease));
    return true;
  }
  if (method == "HEAD" || !may_have_body(head.status)) {
    if (method == "HEAD") response.length = head.content_length;
    settle(lease);
    return true;
  }
  if (!head.content_length) return false;
  const std::uint64_t length = *head.content_length;
  if (length > lease.pool().limits().whole_body_bytes_max) {
    connection.deadline_ms = 0;
    response.length = length;
    response.stream =
        std::make_shared<AnswerBody>(std::move(lease), length, std::nullopt, std::string{});
    return true;
  }
  take_bytes(connection, length, response.body);
  if (response.body.size() < length) return false;
  settle(lease);
  return true;
}

}  // namespace

Result<Origin> Origin::parse(std::string_view url) {
  const auto target = parse_target(url);
  if (!target || target->authority.empty() || !iequals(url.substr(0, 7), "http://")) {
    return fail(ErrorKind::kInvalid, "bad-url", "'" + std::string{url} + "' is no http:// URL.");
  }
  Origin origin;
  std::string_view host = target->authority;
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const auto port = parse_int64(host.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) {
      return fail(ErrorKind::kInvalid, "bad-url", "'" + std::string{url} + "' has no such port.");
    }
    origin.port = static_cast<std::uint16_t>(*port);
    host = host.substr(0, colon);
  }
  origin.authority = std::string{host} + ":" + std::to_string(origin.port);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  origin.host = host;
  return origin;
}

std::string_view to_string(UpstreamFailure failure) {
  switch (failure) {
    case UpstreamFailure::kNoAddress:
      return "no address";
    case UpstreamFailure::kNotConnected:
      return "not connected";
    case UpstreamFailure::kTooManyConnections:
      return "too many connections";
    case UpstreamFailure::kTimedOut:
      return "timed out";
    case UpstreamFailure::kBroken:
      return "broken off";
    case UpstreamFailure::kRequestBroken:
      return "request broken off";
    case UpstreamFailure::kBadAnswer:
      return "bad answer";
  }
  return "";
}

struct UpstreamClient::Impl {
  Impl(runtime::Runtime& loops, const Clock& clock, const UpstreamLimits& limits)
      : runtime(loops), resolver(clock, {}) {
    for (std::size_t i = 0; i < loops.size(); ++i) {
      pools.push_back(
          std::make_shared<UpstreamPool>(loops.context(i), loops.executor(i), resolver, limits));
    }
  }

  [[nodiscard]] const std::shared_ptr<UpstreamPool>& pool_of_this_thread() const {
    for (std::size_t i = 0; i < pools.size(); ++i) {
      if (&runtime.executor(i) == &Executor::current()) return pools[i];
    }
    BAEDAL_ASSERT(false && "not on an I/O thread of the runtime");
    return pools.front();
  }

  Task<UpstreamAnswer> exchange(const Origin& origin, const UpstreamRequest& request,
                                OutgoingTrace trace);
  Task<UpstreamAnswer> recorded(const Origin& origin, const UpstreamRequest& request,
                                OutgoingTrace outgoing, tracing::ActiveSpan span);
  Task<UpstreamAnswer> read_body(UpstreamLease lease, Response response);

  runtime::Runtime& runtime;
  Resolver resolver;
  std::vector<std::shared_ptr<UpstreamPool>> pools;
};

UpstreamClient::UpstreamClient(runtime::Runtime& runtime, const Clock& clock, UpstreamLimits limits)
    : impl_(std::make_unique<Impl>(runtime, clock, limits)) {}

UpstreamClient::~UpstreamClient() {
  for (std::size_t i = 0; i < impl_->pools.size(); ++i) {
    // Sockets end on their own thread, or when none runs.
    auto close = [pool = std::move(impl_->pools[i])] { pool->close(); };
    if (impl_->runtime.running()) impl_->runtime.executor(i).post(std::move(close));
  }
}

Task<UpstreamAnswer> UpstreamClient::send(const Origin& origin, const UpstreamRequest& request) {
  const tracing::Trace* trace = tracing::current_trace();
  if (trace == nullptr) return impl_->exchange(origin, request, {});
  OutgoingTrace outgoing{trace->context, trace->tracestate};
  if (!trace->tracer.records(trace->context)) {
    return impl_->exchange(origin, request, std::move(outgoing));
  }
  outgoing.context = trace->child();
  tracing::ActiveSpan span =
      trace->start_child(outgoing.context, tracing::SpanKind::kClient, std::string{request.method});
  describe(span, origin, request);
  return impl_->recorded(origin, request, std::move(outgoing), std::move(span));
}

/// With a span of its own, which the upstream is told of.
Task<UpstreamAnswer> UpstreamClient::Impl::recorded(const Origin& origin,
                                                    const UpstreamRequest& request,
                                                    OutgoingTrace outgoing,
                                                    tracing::ActiveSpan span) {
  auto exchanging = exchange(origin, request, std::move(outgoing));
  UpstreamAnswer answer = co_await exchanging;
  describe(span, answer);
  co_return answer;
}

Task<UpstreamAnswer> UpstreamClient::Impl::exchange(const Origin& origin,
                                                    const UpstreamRequest& request,
                                                    OutgoingTrace trace) {
  const std::shared_ptr<UpstreamPool>& pool = pool_of_this_thread();
  // A stream cannot be sent again: it gets no connection that may turn out to be dead.
  // What may be sent once more bears that a connection turns out to be dead.
  UpstreamLease lease =
      request.stream ? UpstreamLease{} : pool->reuse(origin.authority, !request.repeatable);
  const std::int64_t begun = UpstreamPool::now_ms();
  while (true) {
    if (!lease) {
      auto dialling = pool->dial(origin, within(request.connect_timeout, request, begun));
      auto dialled = co_await dialling;
      if (!dialled) co_return std::unexpected(dialled.error());
      lease = std::move(*dialled);
    }
    UpstreamConnection& connection = *lease;
    const std::uint64_t sent_before = connection.sent;
    write_request(connection.out, origin, request, trace);
    connection.set_deadline(within(request.response_timeout, request, begun));
    const std::string_view body_apart =
        request.body.size() > kBodyJoinedBytesMax ? request.body : std::string_view{};
    bool good = co_await connection.socket.write_all(connection.out, body_apart);
    connection.sent += connection.out.size() + body_apart.size();
    if (good && request.stream) {
      connection.deadline_ms = 0;
      RequestPump::start(connection, request.stream, !request.stream_length,
                         pool->limits().stream_idle_timeout, request.response_timeout);
    }
    bool silent = true;
    HeadStep step = HeadStep::kNeedMore;
    while (good && step == HeadStep::kNeedMore) {
      const std::size_t got = co_await connection.socket.read_some(connection.room());
      good = got > 0;
      silent = silent && !good;
      connection.commit(got);
      if (good) step = connection.read_head(pool->limits().head_bytes_max);
    }
    const bool unasked = connection.head.status == 101 && request.upgrade.empty();
    if (step == HeadStep::kBad || (step == HeadStep::kDone && unasked)) {
      co_return std::unexpected(UpstreamFailure::kBadAnswer);
    }
    if (step == HeadStep::kDone) break;
    const auto failure = why_silent(connection, request, sent_before, silent);
    if (failure) co_return std::unexpected(*failure);
    lease = {};
  }
  if (lease->pump) lease->pump->answered();
  Response response = make_response(lease->head);
  if (take_whole(lease, response, request.method)) co_return response;
  auto finishing = read_body(std::move(lease), std::move(response));
  co_return co_await finishing;
}

/// The rest of an answer whose body has not come with its head.
Task<UpstreamAnswer> UpstreamClient::Impl::read_body(UpstreamLease lease, Response response) {
  UpstreamConnection& connection = *lease;
  const AnswerHead& head = connection.head;
  if (head.content_length) {
    const std::uint64_t length = *head.content_length;
    while (response.body.size() < length) {
      const std::size_t got = co_await connection.socket.read_some(connection.room());
      if (got == 0) {
        co_return std::unexpected(connection.expired ? UpstreamFailure::kTimedOut
                                                     : UpstreamFailure::kBroken);
      }
      connection.commit(got);
      take_bytes(connection, length, response.body);
    }
    settle(lease);
    co_return response;
  }
  std::optional<ChunkedBody> decoder;
  if (head.chunked) {
    bool bad = false;
    if (take_chunks(connection, decoder.emplace(), response.body, bad)) {
      settle(lease);
      co_return response;
    }
    if (bad) co_return std::unexpected(UpstreamFailure::kBadAnswer);
  }
  connection.deadline_ms = 0;
  response.stream = std::make_shared<AnswerBody>(std::move(lease), std::nullopt, decoder,
                                                 std::exchange(response.body, {}));
  co_return response;
}

}  // namespace baedal::http
