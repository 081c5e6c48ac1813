#include "platform/http/router.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>

#include "kernel/assert.hpp"
#include "platform/http/problem.hpp"

namespace baedal::http {
namespace {

constexpr std::array kMethods = {Method::kDelete, Method::kGet,  Method::kHead, Method::kOptions,
                                 Method::kPatch,  Method::kPost, Method::kPut,  Method::kOther};

/// A path never has more segments than this: bounds the search.
constexpr std::size_t kSegmentsMax = 32;

struct Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> any;  ///< the {name} segment
  std::string pattern;        ///< set where a pattern ends
  std::array<Router::Handle, kMethods.size()> handles;
  std::vector<Header> options_headers;

  Router::Handle& of(Method method) { return handles[static_cast<std::size_t>(method)]; }
};

Task<Response> ready(Response response) { co_return response; }

/// Segments of a path without its leading slash; one trailing slash is ignored. No allocation.
class Segments {
 public:
  explicit Segments(std::string_view path) {
    if (path.ends_with('/')) path.remove_suffix(1);
    while (!path.empty() && size_ < parts_.size()) {
      path.remove_prefix(1);
      parts_[size_] = path.substr(0, path.find('/'));
      path.remove_prefix(parts_[size_++].size());
    }
  }

  /// Decodes in place, with `storage` holding what changed; false on a broken escape.
  bool decode(std::vector<std::string>& storage) {
    storage.reserve(size_);
    for (std::string_view& part : std::span{parts_.data(), size_}) {
      if (part.find('%') == std::string_view::npos) continue;
      auto decoded = percent_decode(part, false);
      if (!decoded) return false;
      part = storage.emplace_back(std::move(*decoded));
    }
    return true;
  }

  [[nodiscard]] std::span<const std::string_view> view() const { return {parts_.data(), size_}; }

 private:
  std::array<std::string_view, kSegmentsMax + 1>
      parts_;  ///< one more: a path that long matches none
  std::size_t size_ = 0;
};

bool is_variable(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::string allowed_methods(const Node& node) {
  std::string allow;
  for (const Method method : kMethods) {
    const bool has = static_cast<bool>(node.handles[static_cast<std::size_t>(method)]);
    if (method == Method::kOther || (!has && method != Method::kOptions)) continue;
    if (!allow.empty()) allow += ',';
    allow += to_string(method);
  }
  return allow;
}

/// Finds the node for decoded `segments`, trying literals first; the values of {name} segments on
/// the way are pushed to `values`.
Node* find(Node& node, std::span<const std::string_view> segments,
           std::vector<std::string>& values) {
  if (segments.empty()) return node.pattern.empty() ? nullptr : &node;
  if (const auto literal = node.literals.find(segments.front()); literal != node.literals.end()) {
    if (Node* found = find(*literal->second, segments.subspan(1), values)) return found;
  }
  if (!node.any || segments.front().empty()) return nullptr;
  values.emplace_back(segments.front());
  if (Node* found = find(*node.any, segments.subspan(1), values)) return found;
  values.pop_back();
  return nullptr;
}

void collect(const Node& node, std::vector<std::pair<std::string, std::string>>& routes) {
  for (const Method method : kMethods) {
    if (node.handles[static_cast<std::size_t>(method)]) {
      routes.emplace_back(to_string(method), node.pattern);
    }
  }
  for (const auto& [segment, child] : node.literals) collect(*child, routes);
  if (node.any) collect(*node.any, routes);
}

}  // namespace

struct Router::Impl {
  Node& at(std::string_view pattern) {
    BAEDAL_ASSERT(pattern.starts_with('/'));
    Node* node = &root;
    const Segments segments(pattern);
    for (const std::string_view segment : segments.view()) {
      auto& child = is_variable(segment) ? node->any : node->literals[std::string{segment}];
      if (!child) child = std::make_unique<Node>();
      node = child.get();
    }
    BAEDAL_ASSERT(node->pattern.empty() || node->pattern == pattern);
    node->pattern = pattern;
    return *node;
  }

  Node root;
};

Router::Router() : impl_(std::make_unique<Impl>()) {}
Router::~Router() = default;

void Router::add(Method method, std::string_view pattern, Handle handle) {
  Handle& slot = impl_->at(pattern).of(method);
  BAEDAL_ASSERT(!slot && method != Method::kOther);
  slot = std::move(handle);
}

void Router::add_options_header(std::string_view pattern, std::string name, std::string value) {
  impl_->at(pattern).options_headers.push_back({std::move(name), std::move(value)});
}

Task<Response> Router::handle(Request& request) {
  request.path_values.clear();
  if (request.path == "*") {
    return ready(Response{}.with("Allow", "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"));
  }
  Segments segments(request.path);
  std::vector<std::string> decoded;
  if (request.path.find('%') != std::string_view::npos && !segments.decode(decoded)) {
    return ready(problem(400, "bad-path", "The path has a broken percent escape.", request));
  }
  Node* node = find(impl_->root, segments.view(), request.path_values);
  if (node == nullptr) {
    return ready(problem(404, "no-such-path", "Nothing is served at this path.", request));
  }
  request.route = node->pattern;
  if (const Handle& handle = node->of(request.method)) return handle(request);
  const std::string allow = allowed_methods(*node);
  if (request.method == Method::kOptions) {
    Response response = Response{}.with("Allow", allow);
    for (const Header& header : node->options_headers) response.with(header.name, header.value);
    return ready(std::move(response));
  }
  return ready(problem(405, "method-not-allowed", "This path allows " + allow + ".", request)
                   .with("Allow", allow));
}

std::optional<std::string_view> Router::pattern_of(std::string_view path) const {
  Segments segments(path);
  std::vector<std::string> decoded;
  if (path.find('%') != std::string_view::npos && !segments.decode(decoded)) return std::nullopt;
  std::vector<std::string> values;
  const Node* node = find(impl_->root, segments.view(), values);
  return node == nullptr ? std::nullopt : std::optional<std::string_view>{node->pattern};
}

std::vector<std::pair<std::string, std::string>> Router::routes() const {
  std::vector<std::pair<std::string, std::string>> routes;
  collect(impl_->root, routes);
  std::ranges::sort(routes);
  return routes;
}

}  // namespace baedal::http
