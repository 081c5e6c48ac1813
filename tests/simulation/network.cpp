#include "simulation/network.hpp"

#include <algorithm>
#include <memory>

#include "simulation/reply.hpp"

namespace baedal::simulation {
namespace {

using namespace std::chrono_literals;
using http::UpstreamAnswer;
using http::UpstreamFailure;

std::unexpected<UpstreamFailure> failed(UpstreamFailure why) { return std::unexpected(why); }

}  // namespace

void Network::listen(const std::string& name, Station* station) { stations_[name] = station; }

Task<UpstreamAnswer> Network::send(std::string from, std::string to, Packet packet,
                                   std::chrono::nanoseconds limit) {
  const auto reply = std::make_shared<Reply<UpstreamAnswer>>();
  const Answer answer = [reply](UpstreamAnswer response) { reply->answer(std::move(response)); };
  auto arriving = [this, from = std::move(from), to = std::move(to), packet = std::move(packet),
                   answer] { arrive(from, to, packet, answer); };
  outside_.post_after(weather_.delay(Fault::kNetSlow, kWayMax), std::move(arriving));
  auto waiting = Reply<UpstreamAnswer>::wait(reply, limit);
  auto response = co_await waiting;
  if (!response) co_return failed(UpstreamFailure::kTimedOut);
  co_return std::move(*response);
}

void Network::part(const std::string& a, const std::string& b, std::chrono::nanoseconds duration) {
  const auto until = outside_.now() + duration;
  parted_until_[{a, b}] = until;
  parted_until_[{b, a}] = until;
}

bool Network::is_parted(const std::string& a, const std::string& b) const {
  const auto parted = parted_until_.find({a, b});
  return parted != parted_until_.end() && parted->second > outside_.now() && !weather_.is_calm();
}

/// The answer passes the way back in turn, if the way is still there.
void Network::arrive(const std::string& from, const std::string& to, Packet packet,
                     const Answer& answer) {
  if (is_parted(from, to) || weather_.strikes(Fault::kNetCuts, 60)) {
    if (story_.on()) story_.tell("network", from + " cannot reach " + to);
    return answer(failed(UpstreamFailure::kNotConnected));
  }
  const bool cut = weather_.strikes(Fault::kNetCuts, 60);
  const Answer back = [this, from, to, answer, cut](UpstreamAnswer response) {
    if (cut || is_parted(to, from)) {
      if (story_.on()) story_.tell("network", "the answer of " + to + " to " + from + " is lost");
      response = failed(UpstreamFailure::kBroken);
    }
    return_late(answer, std::move(response));
  };
  const auto station = stations_.find(to);
  const bool listens = station != stations_.end() && station->second != nullptr;
  if (!listens || !station->second->serve(std::move(packet), back)) {
    answer(failed(UpstreamFailure::kNotConnected));
  }
}

void Network::return_late(const Answer& answer, UpstreamAnswer response) {
  const auto carried = std::make_shared<UpstreamAnswer>(std::move(response));
  outside_.post_after(weather_.delay(Fault::kNetSlow, kWayMax),
                      [answer, carried] { answer(std::move(*carried)); });
}

Task<UpstreamAnswer> NetworkSender::send(const http::Origin& origin,
                                         const http::UpstreamRequest& request) {
  auto limit = request.time_limit.count() > 0 ? request.time_limit : request.response_timeout;
  if (limit.count() == 0) limit = 30s;
  return network_.send(from_, origin.host, to_packet(request), limit);
}

}  // namespace baedal::simulation
