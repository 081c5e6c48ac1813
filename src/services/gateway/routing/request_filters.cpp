#include <algorithm>

#include "kernel/text.hpp"
#include "platform/http/problem.hpp"
#include "services/gateway/routing/header_filters.hpp"
#include "services/gateway/routing/regex.hpp"

namespace baedal::gateway {
namespace {

using Change = std::function<void(Exchange&)>;

/// A longer path is not searched with regular expressions.
constexpr std::size_t kRewrittenPathBytesMax = 4096;

FilterPointer changes(Change change, const std::string& name, const Arguments& arguments) {
  auto before = [change = std::move(change)](Exchange& exchange) -> std::optional<http::Response> {
    change(exchange);
    return std::nullopt;
  };
  return std::make_shared<const FunctionFilter>(before, nullptr, name + " " + arguments.shown());
}

void remove_header(Exchange& exchange, std::string_view name) {
  std::erase_if(exchange.request.headers,
                [&](const http::HeaderView& header) { return iequals(header.name, name); });
}

std::string without_parameter(std::string_view query, std::string_view name) {
  std::string kept;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto decoded = http::percent_decode(part.substr(0, part.find('=')), true);
    if (decoded && *decoded == name) continue;
    if (!kept.empty()) kept += '&';
    kept += part;
  }
  return kept;
}

/// Whether it may stand in a query: no filter can make a broken request line.
bool is_query(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F && c != '#'; });
}

FilterPointer make_header(const std::string& name, Arguments& arguments) {
  if (name == "RemoveRequestHeader") {
    arguments.order({"name"});
    const std::string header = arguments.text("name");
    return changes([=](Exchange& e) { remove_header(e, header); }, name, arguments);
  }
  arguments.order({"name", "value"}, true);
  const std::string header = arguments.text("name");
  const std::string value = arguments.text("value");
  const bool replaces = name == "SetRequestHeader";
  auto change = [=](Exchange& exchange) {
    const std::string_view text = exchange.keep(exchange.expand(value));
    if (replaces) remove_header(exchange, header);
    // Of a route, which lives as long as the request does.
    exchange.request.headers.push_back({exchange.keep(header), text});
  };
  return changes(change, name, arguments);
}

FilterPointer make_parameter(const std::string& name, Arguments& arguments) {
  if (name == "RemoveRequestParameter") {
    arguments.order({"name"});
    const std::string parameter = arguments.text("name");
    auto change = [=](Exchange& e) { e.set_query(without_parameter(e.request.query, parameter)); };
    return changes(change, name, arguments);
  }
  arguments.order({"name", "value"}, true);
  const std::string text = arguments.text("name") + "=" + arguments.text("value");
  if (!is_query(text)) arguments.reject("needs a value that is percent-encoded");
  auto change = [=](Exchange& exchange) {
    const std::string added = exchange.expand(text);
    std::string query{exchange.request.query};
    if (!query.empty()) query += '&';
    exchange.set_query(query + added);
  };
  return changes(change, name, arguments);
}

FilterPointer make_rewrite_path(const std::string& name, Arguments& arguments) {
  arguments.order({"regexp", "replacement"}, true);
  const std::string replacement = arguments.text("replacement");
  auto regex = Regex::compile(arguments.text("regexp"));
  if (!regex) {
    arguments.reject(regex.error().detail);
    return changes([](Exchange&) {}, name, arguments);
  }
  auto before = [=, expression =
                        std::move(*regex)](Exchange& exchange) -> std::optional<http::Response> {
    if (exchange.request.path.size() > kRewrittenPathBytesMax) {
      return http::problem(414, "target-too-long", "The path is too long.", exchange.request);
    }
    std::string path = expression.replace(exchange.request.path, replacement);
    if (!is_query(path)) {
      return http::problem(400, "bad-target", "The path cannot be passed on.", exchange.request);
    }
    exchange.set_path(std::move(path));
    return std::nullopt;
  };
  return std::make_shared<const FunctionFilter>(before, nullptr, name + " " + arguments.shown());
}

std::string strip_prefix(std::string_view path, std::int64_t parts) {
  for (; parts > 0 && path.size() > 1; --parts) {
    const std::size_t next = path.find('/', 1);
    path = next == std::string_view::npos ? std::string_view{"/"} : path.substr(next);
  }
  return std::string{path};
}

FilterPointer make_path(const std::string& name, Arguments& arguments) {
  if (name == "StripPrefix") {
    arguments.order({"parts"});
    const std::int64_t parts = arguments.integer("parts", 1, 0, 100);
    auto change = [=](Exchange& exchange) {
      const std::string_view whole = exchange.request.path;
      std::string rest = strip_prefix(whole, parts);
      // The upstream's links need what was cut off.
      if (whole.ends_with(rest)) {
        exchange.options.prefix =
            exchange.keep(std::string{whole.substr(0, whole.size() - rest.size())});
      }
      exchange.set_path(std::move(rest));
    };
    return changes(change, name, arguments);
  }
  const bool prefix = name == "PrefixPath";
  arguments.order({prefix ? "prefix" : "template"}, true);
  const std::string text = arguments.text(prefix ? "prefix" : "template");
  if (!text.starts_with('/') || !is_query(text)) arguments.reject("needs a path");
  auto change = [=](Exchange& exchange) {
    std::string path = exchange.expand(text);
    if (prefix) path += exchange.request.path;
    exchange.set_path(std::move(path));
  };
  return changes(change, name, arguments);
}

FilterPointer make_header_size(const std::string& name, Arguments& arguments) {
  constexpr std::uint64_t kHeaderBytes = 16 * 1024;
  arguments.order({"maxSize"});
  const std::uint64_t max = arguments.size("maxSize", kHeaderBytes);
  auto before = [=](Exchange& exchange) -> std::optional<http::Response> {
    const http::Request& request = exchange.request;
    const bool fits = std::ranges::all_of(request.headers, [&](const http::HeaderView& header) {
      return header.name.size() + header.value.size() <= max;
    });
    if (fits) return std::nullopt;
    return http::problem(431, "headers-too-large", "A header is too large.", request);
  };
  return std::make_shared<const FunctionFilter>(before, nullptr, name + " " + arguments.shown());
}

}  // namespace

FilterPointer make_request_filter(const std::string& name, Arguments& arguments) {
  if (name == "AddRequestHeader" || name == "SetRequestHeader" || name == "RemoveRequestHeader") {
    return make_header(name, arguments);
  }
  if (name == "AddRequestParameter" || name == "RemoveRequestParameter") {
    return make_parameter(name, arguments);
  }
  if (name == "RewritePath") return make_rewrite_path(name, arguments);
  if (name == "StripPrefix" || name == "PrefixPath" || name == "SetPath") {
    return make_path(name, arguments);
  }
  if (name == "RequestSize") return make_request_size_filter(arguments);
  if (name == "RequestHeaderSize") return make_header_size(name, arguments);
  if (name == "PreserveHostHeader") {
    return changes([](Exchange& exchange) { exchange.options.preserve_host = true; }, name,
                   arguments);
  }
  return nullptr;
}

}  // namespace baedal::gateway
