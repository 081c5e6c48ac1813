#include "services/gateway/inbound/fleet.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"
#include "platform/http/body_stream.hpp"
#include "platform/http/percent_encode.hpp"
#include "platform/http/problem.hpp"

namespace baedal::gateway {
namespace {

using http::Method;
using http::Request;
using http::Response;
using std::chrono::milliseconds;

/// What this process is called in the list.
constexpr std::string_view kSelf = "self";
/// The service that knows which orders wait.
constexpr std::string_view kViewOfOrders = "mypage";
/// What of a request an instance gets: cookies, for one, go no further than the gateway.
constexpr std::array<std::string_view, 3> kPassedOn{"Authorization", "Accept", "X-Request-Id"};

/// A body that ends in an error when it is longer than it may be.
class BoundedStream final : public http::BodyStream {
 public:
  BoundedStream(std::shared_ptr<http::BodyStream> inner, std::size_t bytes_max)
      : inner_(std::move(inner)), left_(bytes_max) {}
  Task<Result<std::string_view>> read() override {
    auto piece = co_await inner_->read();
    if (!piece) co_return piece;
    if (piece->size() > left_) {
      inner_->cancel();
      co_return fail(ErrorKind::kUnavailable, "answer-too-large", "The answer is too long.");
    }
    left_ -= piece->size();
    co_return piece;
  }
  void cancel() override { inner_->cancel(); }

 private:
  const std::shared_ptr<http::BodyStream> inner_;
  std::size_t left_;
};

std::vector<http::HeaderView> passed_on(const Request& request) {
  std::vector<http::HeaderView> headers;
  for (const http::HeaderView& header : request.headers) {
    const auto same = [&](std::string_view name) { return iequals(header.name, name); };
    if (std::ranges::any_of(kPassedOn, same)) headers.push_back(header);
  }
  return headers;
}

Response answer_for(http::UpstreamFailure failure, const Request& request) {
  switch (failure) {
    case http::UpstreamFailure::kTimedOut:
      return http::problem(504, "instance-timeout", "The instance did not answer in time.",
                           request);
    case http::UpstreamFailure::kBroken:
    case http::UpstreamFailure::kRequestBroken:
    case http::UpstreamFailure::kBadAnswer:
      return http::problem(502, "bad-instance-answer", "The instance broke off its answer.",
                           request);
    case http::UpstreamFailure::kNoAddress:
    case http::UpstreamFailure::kNotConnected:
    case http::UpstreamFailure::kTooManyConnections:
      break;
  }
  Response response =
      http::problem(503, "instance-unreachable", "The instance cannot be reached now.", request);
  return response.with("Retry-After", "1");
}

void write_link(json::Writer& out, std::string_view rel, const std::string& href, bool templated) {
  out.name(rel).begin_object().name("href").string(href);
  out.name("templated").boolean(templated).end_object();
}

}  // namespace

/// One process, and what runs in it.
struct Fleet::Member {
  std::string name;  ///< "self", or its address
  std::vector<std::string> services;
  bool available = true;

  void write(json::Writer& out, const std::string& fleet) const {
    const std::string base = fleet + "/" + http::percent_encode(name);
    out.begin_object().name("instance").string(name).name("services").begin_array();
    for (const std::string& service : services) out.string(service);
    out.end_array().name("available").boolean(available).name("_links").begin_object();
    write_link(out, "health", base + "/health", false);
    write_link(out, "prometheus", base + "/prometheus", false);
    write_link(out, "outbox", base + "/outbox", false);
    write_link(out, "retry", base + "/outbox/{service}/retry", true);
    if (std::ranges::find(services, kViewOfOrders) != services.end()) {
      write_link(out, "waiting-orders", base + "/waiting-orders", false);
    }
    out.end_object().end_object();
  }
};

Fleet::Fleet(const GatewayHandler& gateway, http::UpstreamSender& sender, http::HttpHandler& own,
             FleetOptions options)
    : gateway_(gateway), sender_(sender), own_(own), options_(std::move(options)) {}

void Fleet::add_routes(http::Router& router) {
  const auto look = [this](const char* path) {
    return [this, path](Request& request) { return ask(request, path, options_.time_limit); };
  };
  router.add(Method::kGet, "/actuator/fleet", [this](Request& request) { return list(request); });
  router.add(Method::kGet, "/actuator/fleet/{instance}/health", look("/actuator/health"));
  router.add(Method::kGet, "/actuator/fleet/{instance}/prometheus", look("/actuator/prometheus"));
  router.add(Method::kGet, "/actuator/fleet/{instance}/outbox", look("/actuator/outbox"));
  router.add(Method::kGet, "/actuator/fleet/{instance}/waiting-orders",
             look("/actuator/waiting-orders"));
  router.add(Method::kPost, "/actuator/fleet/{instance}/outbox/{service}/retry",
             [this](Request& request) { return replay(request); });
}

std::string_view Fleet::service_of(const Route& route) const {
  for (const std::string& name : {route.host, route.id}) {
    const auto same = [&](const std::string& service) { return iequals(service, name); };
    const auto found = std::ranges::find_if(options_.services, same);
    if (found != options_.services.end()) return *found;
  }
  return {};
}

std::vector<Fleet::Member> Fleet::members() const {
  std::vector<Member> members{{std::string{kSelf}, options_.own_services}};
  const auto table = gateway_.routes();
  for (const Route& route : table->routes()) {
    const std::string_view service = service_of(route);
    if (service.empty() || !route.upstream) continue;
    for (const InstanceState& state : route.upstream->instances()) {
      auto member = std::ranges::find(members, state.authority, &Member::name);
      if (member == members.end()) {
        member = members.insert(members.end(), Member{state.authority, {}, true});
      }
      member->available = member->available && state.available;
      if (std::ranges::find(member->services, service) == member->services.end()) {
        member->services.emplace_back(service);
      }
    }
  }
  return members;
}

Task<Response> Fleet::list(Request& request) {
  const std::string base = request.link_base + "/actuator/fleet";
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_object().name("_embedded").begin_object().name("instances").begin_array();
  for (const Member& member : members()) member.write(out, base);
  out.end_array().end_object().name("_links").begin_object();
  write_link(out, "self", base, false);
  out.end_object().end_object();
  co_return Response{.content_type = "application/hal+json", .body = out.take()};
}

Task<Response> Fleet::ask(Request& request, std::string path, Limit limit) {
  const std::string instance = request.path_values.at(0);
  const auto all = members();
  if (std::ranges::find(all, instance, &Member::name) == all.end()) {
    co_return http::problem(404, "not-found", "There is no such instance.", request);
  }
  if (!request.query.empty()) path += "?" + std::string{request.query};
  auto asking = instance == kSelf ? ask_own(request, std::move(path))
                                  : ask_other(request, instance, std::move(path), limit);
  co_return co_await asking;
}

Task<Response> Fleet::ask_own(Request& request, std::string target) {
  // Whoever looks at the request afterwards (access log, audit, metrics) sees it as it came.
  const RequestViews as_sent{request};
  const std::string_view route = request.route;
  request.target = target;
  request.path = request.target.substr(0, request.target.find('?'));
  auto answering = own_.handle(request);
  Response response = co_await answering;
  as_sent.restore(request);
  request.route = route;
  co_return response;
}

Task<Response> Fleet::ask_other(Request& request, std::string authority, std::string target,
                                Limit limit) {
  const auto origin = http::Origin::parse("http://" + authority);
  if (!origin) co_return http::problem(origin.error(), request);
  const std::vector<http::HeaderView> headers = passed_on(request);
  http::UpstreamRequest out{.method = request.method_text, .target = target};
  out.headers = headers;
  out.connect_timeout = options_.time_limit;
  out.time_limit = limit;
  out.repeatable = request.method == Method::kGet;
  auto asking = sender_.send(*origin, out);
  auto answer = co_await asking;
  if (!answer) co_return answer_for(answer.error(), request);
  if (answer->length.value_or(answer->body.size()) > options_.answer_bytes_max) {
    co_return answer_for(http::UpstreamFailure::kBadAnswer, request);
  }
  if (answer->stream) {
    answer->stream =
        std::make_shared<BoundedStream>(std::move(answer->stream), options_.answer_bytes_max);
  }
  co_return std::move(*answer);
}

Task<Response> Fleet::replay(Request& request) {
  const std::string service = request.path_values.at(1);
  if (std::ranges::find(options_.services, service) == options_.services.end()) {
    co_return http::problem(404, "not-found", "There is no such service.", request);
  }
  auto asking = ask(request, "/actuator/outbox/" + service + "/retry", options_.act_time_limit);
  co_return co_await asking;
}

}  // namespace baedal::gateway
