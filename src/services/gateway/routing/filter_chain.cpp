#include "services/gateway/routing/filter.hpp"

namespace baedal::gateway {

void Exchange::set_path(std::string path) {
  set_target(std::move(path), std::string{request.query});
}

void Exchange::set_query(std::string query) {
  set_target(std::string{request.path}, std::move(query));
}

void Exchange::set_target(std::string path, std::string query) {
  if (!path.starts_with('/')) path.insert(0, 1, '/');
  const std::size_t path_size = path.size();
  if (!query.empty()) path.append("?").append(query);
  request.target = keep(std::move(path));
  request.path = request.target.substr(0, path_size);
  request.query =
      path_size < request.target.size() ? request.target.substr(path_size + 1) : std::string_view{};
}

std::string Exchange::expand(const std::string& text) const {
  if (text.find('{') == std::string::npos) return text;
  std::string out = text;
  for (const PathPattern& pattern : route.paths) {
    if (!pattern.matches(matched_path)) continue;
    for (const auto& [name, value] : pattern.variables(matched_path)) {
      const std::string hole = "{" + std::string{name} + "}";
      for (std::size_t at = 0; (at = out.find(hole, at)) != std::string::npos; at += value.size()) {
        out.replace(at, hole.size(), value);
      }
    }
  }
  return out;
}

Task<http::Response> Filter::apply(Exchange& exchange, const FilterChain& rest, std::size_t at,
                                   Upstream& upstream) const {
  return rest.run(exchange, upstream, at);
}

Task<http::Response> FilterChain::run(Exchange& exchange, Upstream& upstream,
                                      std::size_t at) const {
  std::size_t passed = at;
  http::Response response;
  while (true) {
    if (passed == filters_.size()) {
      auto forwarding = upstream.forward(exchange.route, exchange.request, exchange.options);
      response = co_await forwarding;
      break;
    }
    const Filter& filter = *filters_[passed++];
    if (filter.wraps()) {
      auto applying = filter.apply(exchange, *this, passed, upstream);
      response = co_await applying;
      break;
    }
    if (auto answer = filter.before(exchange)) {
      response = std::move(*answer);
      break;
    }
  }
  while (passed > at) filters_[--passed]->after(exchange, response);
  co_return response;
}

}  // namespace baedal::gateway
