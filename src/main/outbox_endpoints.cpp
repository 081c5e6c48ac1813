#include "main/outbox_endpoints.hpp"

#include <algorithm>

#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"
#include "platform/http/problem.hpp"

namespace baedal {
namespace {

constexpr std::size_t kListMax = 1'000;
/// The group of events that were put aside before they went out.
constexpr std::string_view kOutboxGroup = "outbox";

void write_unsent(json::Writer& out, const store::OutboxRow& row) {
  out.begin_object().name("seq").integer(row.seq).name("type").string(row.event.type);
  out.name("key").string(row.event.key).name("time").string(row.event.time.iso8601()).end_object();
}

void write_parked(json::Writer& out, const messaging::ParkedEvent& event) {
  out.begin_object().name("id").integer(event.id).name("group").string(event.group);
  out.name("type").string(event.envelope.type).name("key").string(event.envelope.key);
  out.name("eventId").string(event.envelope.id).name("attempts").integer(event.attempts);
  out.name("reason").string(event.reason).name("parkedAt").string(event.parked_at.iso8601());
  out.end_object();
}

/// Who relays, how old the oldest unsent row is, and how far the group is behind.
void write_state(json::Writer& out, const ServiceHost& host, const messaging::Bus& bus) {
  if (host.relay) {
    const messaging::RelayStats stats = host.relay->stats();
    const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(stats.oldest_unsent_age);
    out.name("relaying").boolean(stats.has_lease);
    out.name("oldestUnsentMillis").integer(std::max<std::int64_t>(age.count(), 0));
  }
  if (!host.subscriber) return;
  const std::string& group = host.subscriber->group();
  for (const messaging::GroupStatus& status : bus.groups()) {
    if (status.group != group) continue;
    const bool bytes = status.lag_unit == messaging::LagUnit::kBytes;
    out.name("group").string(group).name("lag").integer(status.lag);
    out.name("lagUnit").string(bytes ? "bytes" : "events");
  }
}

http::Response count_response(std::string_view name, std::int64_t count) {
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_object().name(name).integer(count).end_object();
  return {.content_type = "application/json", .body = out.take()};
}

http::Response no_such(const http::Request& request) {
  return http::problem(404, "not-found",
                       "There is no such service, or no such event in its outbox.", request);
}

}  // namespace

void OutboxEndpoints::add_routes(http::Router& router) {
  router.add(http::Method::kGet, "/actuator/outbox", [this](http::Request& r) { return list(r); });
  router.add(http::Method::kPost, "/actuator/outbox/{service}/retry",
             [this](http::Request& r) { return retry(r); });
  router.add(http::Method::kPost, "/actuator/outbox/{service}/park/{seq}",
             [this](http::Request& r) { return park(r); });
}

ServiceHost* OutboxEndpoints::find_host(const http::Request& request) {
  const auto found = std::ranges::find(hosts_, request.path_values.at(0), &ServiceHost::name);
  return found == hosts_.end() ? nullptr : &*found;
}

Task<http::Response> OutboxEndpoints::list(http::Request& request) {
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_object().name("services").begin_array();
  for (ServiceHost& host : hosts_) {
    const auto store = host.current_store();
    const auto unsent = co_await store->read_outbox(0, kListMax);
    if (!unsent) co_return http::problem(unsent.error(), request);
    const auto parked = co_await host.parking->list(kListMax);
    if (!parked) co_return http::problem(parked.error(), request);
    out.begin_object().name("service").string(host.name);
    write_state(out, host, bus_);
    out.name("unsent").begin_array();
    for (const auto& row : *unsent) write_unsent(out, row);
    out.end_array().name("parked").begin_array();
    for (const auto& event : *parked) write_parked(out, event);
    out.end_array().end_object();
  }
  out.end_array().end_object();
  co_return http::Response{.content_type = "application/json", .body = out.take()};
}

Task<http::Response> OutboxEndpoints::retry(http::Request& request) {
  ServiceHost* host = find_host(request);
  if (host == nullptr) co_return no_such(request);
  auto done = co_await republish(*host);
  if (!done) co_return http::problem(done.error(), request);
  std::int64_t count = *done;
  if (host->subscriber) {
    auto replayed = co_await host->subscriber->replay_parked();
    if (!replayed) co_return http::problem(replayed.error(), request);
    count += *replayed;
  }
  co_return count_response("retried", count);
}

/// Events parked before they went out keep their id: one that went out after all is deduplicated.
Task<Result<std::int64_t>> OutboxEndpoints::republish(ServiceHost& host) {
  std::int64_t count = 0;
  std::int64_t last_seen = 0;
  while (true) {
    auto parked = co_await host.parking->list(kListMax, last_seen);
    if (!parked) co_return pass_on(parked);
    for (const messaging::ParkedEvent& event : *parked) {
      last_seen = event.id;
      if (event.group != kOutboxGroup) continue;
      auto published = co_await bus_.publish({&event.envelope, 1});
      if (!published) co_return pass_on(published);
      auto removed = co_await host.parking->remove(event.id);
      if (!removed) co_return pass_on(removed);
      ++count;
    }
    if (parked->size() < kListMax) co_return count;
  }
}

Task<http::Response> OutboxEndpoints::park(http::Request& request) {
  ServiceHost* host = find_host(request);
  const auto seq = parse_int64(request.path_values.at(1));
  if (host == nullptr || !host->relay || !seq || *seq < 1) co_return no_such(request);
  const auto store = host->current_store();
  // Only the relay that publishes can leave it out.
  if (store->is_shared() && !host->relay->stats().has_lease) {
    co_return http::problem(409, "not-relaying",
                            "Another process relays this service's events: ask that one.", request);
  }
  auto rows = co_await store->read_outbox(*seq - 1, 1);
  if (!rows) co_return http::problem(rows.error(), request);
  if (rows->empty() || rows->front().seq != *seq) co_return no_such(request);
  messaging::ParkedEvent event{.group = std::string{kOutboxGroup},
                               .envelope = host->relay->envelope_of(rows->front()),
                               .reason = "parked by an operator before it went out",
                               .parked_at = clock_.now()};
  auto parked = co_await host->parking->park(std::move(event));
  if (!parked) co_return http::problem(parked.error(), request);
  host->relay->pass_over(*seq);
  co_return count_response("parked", 1);
}

}  // namespace baedal
