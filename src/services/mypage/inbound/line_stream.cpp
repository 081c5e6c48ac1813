#include "services/mypage/inbound/line_stream.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "kernel/async/executor.hpp"
#include "kernel/text.hpp"
#include "platform/http/body_stream.hpp"
#include "platform/http/client_network.hpp"
#include "platform/http/hal/render.hpp"
#include "platform/http/problem.hpp"

namespace baedal::mypage {
namespace {

/// Tells browsers how long to wait before they come back, in milliseconds.
constexpr std::string_view kOpening = "retry: 2000\n\n";
constexpr std::string_view kBeat = ":\n\n";
/// When so many look at once that the store cannot take them, or it is away.
constexpr std::chrono::milliseconds kLookAgain{500};

bool will_pass(const Error& error) {
  return error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kOverloaded;
}

/// One event. A line of its data for each line of the document.
std::string to_event(std::int64_t version, std::string_view document) {
  std::string event = "id: ";
  append_int(event, version);
  event += "\ndata: ";
  for (const char character : document) {
    event += character;
    if (character == '\n') event += "data: ";
  }
  return event + "\n\n";
}

/// The events of one line, each made when it is asked for: what a slow reader missed is never kept,
/// it gets the latest.
class LineStream final : public http::BodyStream {
 public:
  LineStream(const Projection& projection, std::unique_ptr<LineWatchers::Watch> watch,
             std::string base, const http::hal::Presentation& presentation, std::int64_t told)
      : projection_(projection),
        watch_(std::move(watch)),
        base_(std::move(base)),
        presentation_(presentation),
        told_(told) {}

  Task<Result<std::string_view>> read() override {
    if (!opened_) {
      opened_ = true;
      co_return kOpening;
    }
    // What the line is at first counts as a change, too.
    while (true) {
      if (look_) {
        look_ = false;
        auto looking = newer();
        const auto event = co_await looking;
        if (event && *event) co_return std::string_view{piece_};
        if (!event && !will_pass(event.error())) co_return std::unexpected(event.error());
        if (!event && !watch_->is_over()) {
          co_await sleep_for(kLookAgain);
          look_ = true;
          continue;
        }
      }
      auto waiting = watch_->next();
      const News news = co_await waiting;
      if (news.over) co_return std::string_view{};
      look_ = news.changed;
      if (news.beat && !look_) co_return kBeat;
    }
  }

  void cancel() override { watch_->cancel(); }

 private:
  /// Makes the event of the line if it is newer than what was told; whether it is.
  Task<Result<bool>> newer() {
    const auto view = projection_.live();
    auto line = co_await view->find(watch_->order());
    if (!line) co_return pass_on(line);
    if (!*line) co_return false;
    const http::hal::Resource resource = to_resource(**line);
    if (resource.version <= told_) co_return false;
    told_ = resource.version;
    piece_ = to_event(told_,
                      http::hal::render_item(kMypageResourceType, resource, presentation_, base_));
    co_return true;
  }

  const Projection& projection_;
  std::unique_ptr<LineWatchers::Watch> watch_;
  std::string base_;
  const http::hal::Presentation& presentation_;
  std::int64_t told_;  ///< the version the reader has
  bool opened_ = false;
  bool look_ = true;
  std::string piece_;
};

/// Who is counted as one: whom a token names, else the network the request comes from. Neither can
/// be taken for the other.
std::string counted_as(const http::Request& request) {
  if (request.principal && !request.principal->anonymous()) {
    return "of " + request.principal->subject;
  }
  return http::client_network(request.client());
}

http::Response refused(WatchRefusal why, const http::Request& request) {
  const bool of_client = why == WatchRefusal::kFullOfClient;
  auto full = http::problem(
      of_client ? 429 : 503, of_client ? "too-many-streams-of-client" : "too-many-streams",
      of_client ? "You follow as many streams as one client may; end one, or ask again instead."
                : "There are as many streams as there may be; ask again instead.",
      request);
  full.with("Retry-After", "10");
  return full;
}

http::Response unknown(const http::Request& request) {
  return http::problem(404, "not-found", "There is no such thing.", request);
}

Task<http::Response> open(MypageResources& resources, const Projection& projection,
                          LineWatchers& watchers, const http::hal::Presentation& presentation,
                          http::Request& request) {
  const auto id = parse_int64(request.path_values.at(0));
  if (!id) co_return unknown(request);
  if (request.principal) {
    auto admitting = resources.admit(*request.principal, *id);
    const auto admitted = co_await admitting;
    if (!admitted) co_return http::problem(admitted.error(), request);
  }
  // Watched before it is looked at: no change falls between.
  std::string client = counted_as(request);
  auto watch = watchers.watch(OrderId{*id}, std::move(client));
  if (!watch) co_return refused(watch.error(), request);
  const auto view = projection.live();
  auto line = co_await view->find(OrderId{*id});
  if (!line) co_return http::problem(line.error(), request);
  if (!*line) co_return unknown(request);
  const auto known = request.header("Last-Event-ID").and_then(parse_int64);
  http::Response response{.content_type = "text/event-stream"};
  response.with("Cache-Control", "no-store");
  response.with("X-Accel-Buffering", "no");
  response.stream = std::make_shared<LineStream>(projection, std::move(*watch),
                                                 presentation.base(kMypageResourceType, request),
                                                 presentation, known.value_or(-1));
  co_return response;
}

}  // namespace

void add_stream_route(http::Router& router, MypageResources& resources,
                      const Projection& projection, LineWatchers& watchers,
                      const http::hal::Presentation& presentation) {
  router.add(http::Method::kGet, "/mypages/{id}/stream", [&](http::Request& request) {
    return open(resources, projection, watchers, presentation, request);
  });
}

}  // namespace baedal::mypage
