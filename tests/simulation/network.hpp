#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "platform/http/upstream/upstream_client.hpp"
#include "simulation/packet.hpp"
#include "simulation/story.hpp"
#include "simulation/timeline.hpp"
#include "simulation/weather.hpp"

namespace baedal::simulation {

/// Who can be called over the network.
class Station {
 public:
  virtual ~Station() = default;
  /// Answers now or later, always; false: nobody listens there.
  virtual bool serve(Packet packet, Answer answer) = 0;
};

/// Carries requests between processes, and from the people outside: late, not at all, or with the
/// answer lost. Runs on the executor of the world outside.
class Network {
 public:
  Network(VirtualExecutor& outside, Weather& weather, Story& story)
      : outside_(outside), weather_(weather), story_(story) {}

  /// The station that listens under that name; null: none any more.
  void listen(const std::string& name, Station* station);
  /// From the caller's executor, where it resumes, after `limit` at the latest.
  Task<http::UpstreamAnswer> send(std::string from, std::string to, Packet packet,
                                  std::chrono::nanoseconds limit);
  /// Nothing passes between the two for a while.
  void part(const std::string& a, const std::string& b, std::chrono::nanoseconds duration);

 private:
  [[nodiscard]] bool is_parted(const std::string& a, const std::string& b) const;
  void arrive(const std::string& from, const std::string& to, Packet packet, const Answer& answer);
  void return_late(const Answer& answer, http::UpstreamAnswer response);

  VirtualExecutor& outside_;
  Weather& weather_;
  Story& story_;
  std::map<std::string, Station*> stations_;
  std::map<std::pair<std::string, std::string>, std::chrono::nanoseconds> parted_until_;
};

/// What a process calls its neighbours with.
class NetworkSender final : public http::UpstreamSender {
 public:
  NetworkSender(std::string from, Network& network) : from_(std::move(from)), network_(network) {}
  Task<http::UpstreamAnswer> send(const http::Origin& origin,
                                  const http::UpstreamRequest& request) override;

 private:
  const std::string from_;
  Network& network_;
};

}  // namespace baedal::simulation
