#include <algorithm>
#include <array>

#include "kernel/text.hpp"
#include "services/gateway/routing/header_filters.hpp"

namespace baedal::gateway {
namespace {

using Change = FunctionFilter::After;

FilterPointer changes(Change change, const std::string& name, const Arguments& arguments) {
  return std::make_shared<const FunctionFilter>(nullptr, std::move(change),
                                                name + " " + arguments.shown());
}

void remove_header(http::Response& response, std::string_view name) {
  if (iequals(name, "Content-Type")) response.content_type.clear();
  std::erase_if(response.headers,
                [&](const http::Header& header) { return iequals(header.name, name); });
}

/// The server writes Content-Length, Date and Connection.
bool may_be_set(std::string_view name) {
  return !iequals(name, "Content-Length") && !iequals(name, "Date") &&
         !iequals(name, "Connection") && !iequals(name, "Transfer-Encoding");
}

FilterPointer make_header(const std::string& name, Arguments& arguments) {
  if (name == "RemoveResponseHeader") {
    arguments.order({"name"});
    const std::string header = arguments.text("name");
    return changes([=](Exchange&, http::Response& r) { remove_header(r, header); }, name,
                   arguments);
  }
  arguments.order({"name", "value"}, true);
  const std::string header = arguments.text("name");
  const std::string value = arguments.text("value");
  const bool replaces = name == "SetResponseHeader";
  if (!may_be_set(header)) arguments.reject("cannot set " + header);
  auto change = [=](Exchange& exchange, http::Response& response) {
    const std::string text = exchange.expand(value);
    if (replaces) remove_header(response, header);
    if (iequals(header, "Content-Type")) {
      response.content_type = text;
    } else {
      response.with(header, text);
    }
  };
  return changes(change, name, arguments);
}

/// RETAIN_FIRST, RETAIN_LAST or RETAIN_UNIQUE of the values of one header.
void dedupe(http::Response& response, std::string_view name, std::string_view strategy) {
  std::vector<std::string> kept;
  for (const http::Header& header : response.headers) {
    if (!iequals(header.name, name)) continue;
    const bool known = std::ranges::find(kept, header.value) != kept.end();
    if (strategy == "RETAIN_UNIQUE" ? !known : kept.empty()) kept.push_back(header.value);
    if (strategy == "RETAIN_LAST") kept.assign(1, header.value);
  }
  if (kept.empty()) return;
  std::erase_if(response.headers,
                [&](const http::Header& header) { return iequals(header.name, name); });
  for (std::string& value : kept) response.with(std::string{name}, std::move(value));
}

FilterPointer make_dedupe(const std::string& name, Arguments& arguments) {
  arguments.order({"name", "strategy"});
  const std::string names = arguments.text("name");
  const std::string strategy = arguments.find("strategy").value_or("RETAIN_FIRST");
  if (strategy != "RETAIN_FIRST" && strategy != "RETAIN_LAST" && strategy != "RETAIN_UNIQUE") {
    arguments.reject("has no strategy " + strategy);
  }
  auto change = [=](Exchange&, http::Response& response) {
    std::string_view left = names;
    while (!left.empty()) {
      const std::size_t blank = std::min(left.find(' '), left.size());
      if (blank > 0) dedupe(response, left.substr(0, blank), strategy);
      left.remove_prefix(std::min(blank + 1, left.size()));
    }
  };
  return changes(change, name, arguments);
}

/// "http://order:8080/orders/4" → "http://gateway/orders/4": the host the client knows.
FilterPointer make_location(const std::string& name, Arguments& arguments) {
  arguments.order({"stripVersionMode", "locationHeaderName", "hostValue", "protocols"});
  for (const char* ignored : {"stripVersionMode", "protocols"}) (void)arguments.find(ignored);
  const std::string header = arguments.find("locationHeaderName").value_or("Location");
  const std::string host = arguments.find("hostValue").value_or("");
  auto change = [=](Exchange& exchange, http::Response& response) {
    for (http::Header& each : response.headers) {
      if (!iequals(each.name, header)) continue;
      const std::size_t scheme = each.value.find("://");
      if (scheme == std::string::npos) continue;
      const std::size_t path = std::min(each.value.find('/', scheme + 3), each.value.size());
      const std::string base = host.empty() ? exchange.request.link_base : "http://" + host;
      each.value = base + each.value.substr(path);
    }
  };
  return changes(change, name, arguments);
}

FilterPointer make_secure_headers(const std::string& name, Arguments& arguments) {
  struct Secure {
    const char* name;
    const char* value;
  };
  static constexpr std::array<Secure, 8> kHeaders{{
      {"X-Xss-Protection", "1 ; mode=block"},
      {"Strict-Transport-Security", "max-age=631138519"},
      {"X-Frame-Options", "DENY"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Content-Security-Policy",
       "default-src 'self' https:; font-src 'self' https: data:; img-src 'self' https: data:; "
       "object-src 'none'; script-src https:; style-src 'self' https: 'unsafe-inline'"},
      {"X-Download-Options", "noopen"},
      {"X-Permitted-Cross-Domain-Policies", "none"},
  }};
  auto change = [](Exchange&, http::Response& response) {
    for (const Secure& secure : kHeaders) {
      const bool there = std::ranges::any_of(response.headers, [&](const http::Header& header) {
        return iequals(header.name, secure.name);
      });
      if (!there) response.with(secure.name, secure.value);
    }
  };
  return changes(change, name, arguments);
}

/// The argument `status`, a number or a name, within these.
int status_of(Arguments& arguments, int min, int max) {
  const int status = parse_status(arguments.text("status"));
  if (status >= min && status <= max) return status;
  arguments.reject("needs a status from " + std::to_string(min) + " to " + std::to_string(max));
  return min;
}

FilterPointer make_redirect(const std::string& name, Arguments& arguments) {
  arguments.order({"status", "url"});
  const int status = status_of(arguments, 300, 308);
  const std::string url = arguments.text("url");
  auto before = [=](Exchange& exchange) -> std::optional<http::Response> {
    http::Response response{.status = status};
    response.with("Location", exchange.expand(url));
    return response;
  };
  return std::make_shared<const FunctionFilter>(before, nullptr, name + " " + arguments.shown());
}

}  // namespace

int parse_status(std::string_view text) {
  if (const auto number = parse_int64(text); number && *number >= 100 && *number <= 599) {
    return static_cast<int>(*number);
  }
  for (int status = 100; status < 600; ++status) {
    std::string name{http::reason_phrase(status)};
    std::ranges::transform(name, name.begin(), [](char c) {
      if (c == ' ') return '_';
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
    if (name == text) return status;
  }
  return 0;
}

FilterPointer make_response_filter(const std::string& name, Arguments& arguments) {
  if (name == "AddResponseHeader" || name == "SetResponseHeader" ||
      name == "RemoveResponseHeader") {
    return make_header(name, arguments);
  }
  if (name == "DedupeResponseHeader") return make_dedupe(name, arguments);
  if (name == "RewriteLocationResponseHeader") return make_location(name, arguments);
  if (name == "SecureHeaders") return make_secure_headers(name, arguments);
  if (name == "RedirectTo") return make_redirect(name, arguments);
  if (name == "SetStatus") {
    arguments.order({"status"});
    const int status = status_of(arguments, 200, 599);
    return changes([=](Exchange&, http::Response& response) { response.status = status; }, name,
                   arguments);
  }
  return nullptr;
}

}  // namespace baedal::gateway
