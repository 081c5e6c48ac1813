#include "simulation/packet.hpp"

#include <algorithm>

namespace baedal::simulation {
namespace {

using http::Method;

Method method_of(std::string_view word) {
  for (const Method method : {Method::kGet, Method::kHead, Method::kPost, Method::kPut,
                              Method::kPatch, Method::kDelete, Method::kOptions}) {
    if (http::to_string(method) == word) return method;
  }
  return Method::kOther;
}

/// "Name: value\r\n", any number of times.
void add_lines(std::vector<http::Header>& headers, std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find("\r\n"), lines.size());
    const std::string_view line = lines.substr(0, end);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) {
      headers.push_back({std::string{line.substr(0, colon)}, std::string{line.substr(colon + 2)}});
    }
    lines.remove_prefix(std::min(end + 2, lines.size()));
  }
}

}  // namespace

http::Request Packet::to_request() const {
  http::Request request;
  request.method = method;
  request.method_text = http::to_string(method);
  request.target = target;
  request.path = request.target.substr(0, request.target.find('?'));
  if (request.path.size() < request.target.size()) {
    request.query = request.target.substr(request.path.size() + 1);
  }
  for (const http::Header& header : headers) request.headers.push_back({header.name, header.value});
  request.body = body;
  request.link_base = "http://localhost:8080";
  return request;
}

Packet to_packet(const http::UpstreamRequest& request) {
  Packet packet{.method = method_of(request.method),
                .target = std::string{request.target},
                .headers = {},
                .body = std::string{request.body}};
  for (const http::HeaderView& header : request.headers) {
    packet.headers.push_back({std::string{header.name}, std::string{header.value}});
  }
  if (request.added != nullptr) {
    std::string lines;
    request.added->append_to(lines);
    add_lines(packet.headers, lines);
  }
  return packet;
}

}  // namespace baedal::simulation
