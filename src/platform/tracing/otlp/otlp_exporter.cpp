#include "platform/tracing/otlp/otlp_exporter.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "kernel/text.hpp"
#include "platform/http/client.hpp"
#include "platform/log/log.hpp"

namespace baedal::tracing {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

enum class Outcome { kTaken, kTryAgain, kRefused };

struct Sent {
  Outcome outcome = Outcome::kTryAgain;
  std::uint64_t rejected = 0;   ///< of those taken
  milliseconds retry_after{0};  ///< 0: the collector does not say
  std::string why{};            ///< when it was not taken
};

/// Only in seconds: a date would need the collector's clock to agree with ours.
milliseconds retry_after(const http::ClientResponse& answer) {
  const auto header = answer.header("Retry-After");
  const auto seconds = header ? parse_int64(trim(*header)) : std::nullopt;
  return std::chrono::seconds{std::clamp<std::int64_t>(seconds.value_or(0), 0, 3'600)};
}

Sent judge(const http::ClientResponse& answer) {
  const int status = answer.status;
  if (status >= 200 && status < 300) return {Outcome::kTaken, rejected_spans(answer.body)};
  const std::string why = "status " + std::to_string(status);
  const bool passing = status == 429 || status == 502 || status == 503 || status == 504;
  return {passing ? Outcome::kTryAgain : Outcome::kRefused, 0, retry_after(answer), why};
}

}  // namespace

/// Shared with the thread, which may be left behind in a request that hangs.
struct OtlpExporter::State {
  State(OtlpOptions its_options, SpanCounts& its_counts)
      : options(std::move(its_options)), counts(&its_counts) {}

  void run();
  bool take_batch(std::vector<Span>& batch);
  void deliver(const std::vector<Span>& batch);
  [[nodiscard]] Sent send(const std::string& body) const;
  bool pause(milliseconds pause);
  void settle(const Sent& sent, std::size_t size);
  void tell(const Sent& sent);
  [[nodiscard]] milliseconds time_for_a_request() const;

  const OtlpOptions options;
  bool reachable = true;  ///< as last told; of the thread alone
  std::minstd_rand jitter{std::random_device{}()};

  mutable std::mutex mutex;  ///< guards what follows
  std::condition_variable changed;
  std::deque<Span> queue;
  bool stopping = false;
  bool ended = false;
  SteadyClock::time_point stop_deadline{};
  SpanCounts* counts;  ///< null once the exporter is gone
};

OtlpExporter::OtlpExporter(OtlpOptions options, SpanCounts& counts)
    : state_(std::make_shared<State>(std::move(options), counts)) {
  std::thread thread([state = state_] {
    pthread_setname_np(pthread_self(), "baedal-otlp");
    state->run();
  });
  thread.detach();  // ended is waited for, as long as that makes sense
}

OtlpExporter::~OtlpExporter() {
  std::unique_lock lock(state_->mutex);
  state_->stopping = true;
  state_->stop_deadline = SteadyClock::now() + state_->options.stop_within;
  state_->changed.notify_all();
  state_->changed.wait_until(lock, state_->stop_deadline, [this] { return state_->ended; });
  state_->counts->failed += state_->queue.size();
  state_->queue.clear();
  state_->counts = nullptr;
}

void OtlpExporter::add(Span span) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  if (state.queue.size() >= state.options.queue_max) {
    state.counts->dropped.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  state.queue.push_back(std::move(span));
  if (state.queue.size() == state.options.batch_max) state.changed.notify_all();
}

void OtlpExporter::State::run() {
  std::vector<Span> batch;
  while (take_batch(batch)) deliver(batch);
  const std::lock_guard lock(mutex);
  ended = true;
  changed.notify_all();
}

/// Waits for a full batch, but no longer than the interval; false when all is over.
bool OtlpExporter::State::take_batch(std::vector<Span>& batch) {
  batch.clear();
  std::unique_lock lock(mutex);
  do {
    changed.wait_for(lock, options.interval,
                     [this] { return stopping || queue.size() >= options.batch_max; });
  } while (queue.empty() && !stopping);
  if (queue.empty() || (stopping && SteadyClock::now() >= stop_deadline)) return false;
  const std::size_t size = std::min(queue.size(), options.batch_max);
  const auto end = queue.begin() + static_cast<std::ptrdiff_t>(size);
  std::move(queue.begin(), end, std::back_inserter(batch));
  queue.erase(queue.begin(), end);
  return true;
}

void OtlpExporter::State::deliver(const std::vector<Span>& batch) {
  const std::string body = otlp_json(options.resource, batch);
  milliseconds wait = options.pause_first;
  for (int attempt = 1;; ++attempt) {
    const Sent sent = send(body);
    const bool again = sent.outcome == Outcome::kTryAgain && attempt < options.attempts_max;
    tell(sent);
    if (!again) return settle(sent, batch.size());
    const milliseconds random{
        std::uniform_int_distribution<std::int64_t>{0, wait.count() / 2}(jitter)};
    if (!pause(std::max(sent.retry_after, wait + random))) return settle(sent, batch.size());
    wait = std::min(wait * 2, options.pause_max);
  }
}

Sent OtlpExporter::State::send(const std::string& body) const {
  std::vector<http::Header> headers = options.headers;
  headers.push_back({"Content-Type", "application/json"});
  const auto answer = http::request("POST", options.endpoint, headers, body, time_for_a_request());
  return answer ? judge(*answer) : Sent{.why = "no answer"};
}

milliseconds OtlpExporter::State::time_for_a_request() const {
  const std::lock_guard lock(mutex);
  if (!stopping) return options.timeout;
  const auto left = std::chrono::ceil<milliseconds>(stop_deadline - SteadyClock::now());
  return std::clamp(left, milliseconds{1}, options.timeout);
}

/// False when there is no time left for another try: at the end only pauses shorter than what is
/// left are made.
bool OtlpExporter::State::pause(milliseconds pause) {
  const auto until = SteadyClock::now() + pause;
  std::unique_lock lock(mutex);
  changed.wait_until(lock, until, [this] { return stopping; });
  if (!stopping) return true;
  if (until >= stop_deadline) return false;
  changed.wait_until(lock, until, [] { return false; });
  return true;
}

void OtlpExporter::State::settle(const Sent& sent, std::size_t size) {
  const std::lock_guard lock(mutex);
  if (counts == nullptr) return;
  const bool taken = sent.outcome == Outcome::kTaken;
  const std::uint64_t rejected = taken ? std::min<std::uint64_t>(sent.rejected, size) : size;
  counts->exported += size - rejected;
  counts->failed += rejected;
}

/// Once for each change, not for each batch.
void OtlpExporter::State::tell(const Sent& sent) {
  const bool taken = sent.outcome == Outcome::kTaken;
  if (taken == std::exchange(reachable, taken)) return;
  if (taken) {
    log::info("tracing", "the collector takes spans again");
  } else {
    log::warn("tracing", "the collector does not take spans", {{"why", sent.why}});
  }
}

}  // namespace baedal::tracing
