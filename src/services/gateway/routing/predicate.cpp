#include "services/gateway/routing/predicate.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "kernel/text.hpp"
#include "platform/http/trusted_proxies.hpp"
#include "services/gateway/routing/regex.hpp"

namespace baedal::gateway {
namespace {

/// A predicate that is one function and its description.
class FunctionPredicate final : public Predicate {
 public:
  using Test = std::function<bool(const http::Request&)>;
  FunctionPredicate(Test test, std::string text) : test_(std::move(test)), text_(std::move(text)) {}
  [[nodiscard]] bool matches(const http::Request& request) const override { return test_(request); }
  [[nodiscard]] std::string describe() const override { return text_; }

 private:
  Test test_;
  std::string text_;
};

using Made = Result<std::shared_ptr<const Predicate>>;

Made make(FunctionPredicate::Test test, std::string text) {
  return std::make_shared<const FunctionPredicate>(std::move(test), std::move(text));
}

/// An optional regular expression among the arguments; one that is none is rejected.
std::optional<Regex> regex_of(Arguments& arguments, std::string_view name) {
  const auto text = arguments.find(name);
  if (!text) return std::nullopt;
  auto regex = Regex::compile(*text);
  if (!regex) {
    arguments.reject(regex.error().detail);
    return std::nullopt;
  }
  return std::move(*regex);
}

/// "2017-01-20T17:42:47.789-07:00[America/Denver]": the zone's name repeats the offset.
Timestamp time_of(Arguments& arguments, std::string_view name) {
  const std::string text = arguments.text(name);
  const auto time = Timestamp::parse_iso8601(std::string_view{text}.substr(0, text.find('[')));
  if (!time) arguments.reject("needs a time such as 2026-01-20T17:42:47Z");
  return time.value_or(Timestamp{});
}

Made make_time(const std::string& name, Arguments& arguments, const Clock& clock) {
  if (name == "Between") {
    arguments.order({"datetime1", "datetime2"});
    const Timestamp from = time_of(arguments, "datetime1");
    const Timestamp to = time_of(arguments, "datetime2");
    return make(
        [=, &clock](const http::Request&) { return from < clock.now() && clock.now() < to; },
        "Between: " + from.iso8601() + " and " + to.iso8601());
  }
  arguments.order({"datetime"});
  const Timestamp time = time_of(arguments, "datetime");
  if (name == "After") {
    return make([=, &clock](const http::Request&) { return time < clock.now(); },
                "After: " + time.iso8601());
  }
  return make([=, &clock](const http::Request&) { return clock.now() < time; },
              "Before: " + time.iso8601());
}

Made make_header(Arguments& arguments) {
  arguments.order({"header", "regexp"}, true);
  const std::string name = arguments.text("header");
  const auto regex = regex_of(arguments, "regexp");
  auto test = [=](const http::Request& request) {
    return std::ranges::any_of(request.headers, [&](const http::HeaderView& header) {
      return iequals(header.name, name) && (!regex || regex->matches(header.value));
    });
  };
  return make(test, "Header: " + name + " regexp=" + (regex ? regex->text() : "null"));
}

Made make_cookie(Arguments& arguments) {
  arguments.order({"name", "regexp"}, true);
  const std::string name = arguments.text("name");
  const auto regex = regex_of(arguments, "regexp");
  auto test = [=](const http::Request& request) {
    for (const http::HeaderView& header : request.headers) {
      if (!iequals(header.name, "Cookie")) continue;
      std::string_view cookies = header.value;
      while (!cookies.empty()) {
        const std::size_t end = std::min(cookies.find(';'), cookies.size());
        const std::string_view cookie = trim(cookies.substr(0, end));
        cookies.remove_prefix(std::min(end + 1, cookies.size()));
        const std::size_t equals = cookie.find('=');
        if (equals == std::string_view::npos || cookie.substr(0, equals) != name) continue;
        if (!regex || regex->matches(cookie.substr(equals + 1))) return true;
      }
    }
    return false;
  };
  return make(test, "Cookie: name=" + name + " regexp=" + (regex ? regex->text() : "null"));
}

Made make_query(Arguments& arguments) {
  arguments.order({"param", "regexp"}, true);
  const std::string name = arguments.text("param");
  const auto regex = regex_of(arguments, "regexp");
  auto test = [=](const http::Request& request) {
    return std::ranges::any_of(http::parse_query(request.query), [&](const auto& parameter) {
      return parameter.first == name && (!regex || regex->matches(parameter.second));
    });
  };
  return make(test, "Query: param=" + name + " regexp=" + (regex ? regex->text() : "null"));
}

/// "*.example.com", "**.example.com", "{sub}.example.com": Ant patterns with '.' between parts.
Result<Regex> host_pattern(std::string_view pattern) {
  std::string regex;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '*' && i + 1 < pattern.size() && pattern[i + 1] == '*') {
      regex += ".*";
      ++i;
    } else if (c == '*') {
      regex += "[^.]*";
    } else if (c == '{') {
      regex += "[^.]+";
      i = std::min(pattern.find('}', i), pattern.size());
    } else if (c == '.') {
      regex += "\\.";
    } else {
      regex += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
  }
  return Regex::compile(regex);
}

Made make_host(Arguments& arguments) {
  arguments.order({"patterns"}, true);
  const std::vector<std::string> patterns = arguments.list("patterns");
  std::vector<Regex> hosts;
  for (const std::string& pattern : patterns) {
    auto regex = host_pattern(pattern);
    if (!regex) return pass_on(regex);
    hosts.push_back(std::move(*regex));
  }
  const bool with_port = std::ranges::any_of(
      patterns, [](const std::string& pattern) { return pattern.find(':') != std::string::npos; });
  auto test = [=](const http::Request& request) {
    std::string host{request.header("Host").value_or("")};
    std::ranges::transform(host, host.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    if (!with_port) host = host.substr(0, host.rfind(':'));
    return std::ranges::any_of(hosts, [&](const Regex& regex) { return regex.matches(host); });
  };
  std::string text;
  for (const std::string& pattern : patterns) text += (text.empty() ? "" : ", ") + pattern;
  return make(test, "Hosts: [" + text + "]");
}

/// The address `depth` proxies before the last one wrote X-Forwarded-For; the peer without one.
std::string_view forwarded_address(const http::Request& request, std::string_view list,
                                   std::size_t depth) {
  for (; depth > 1 && !list.empty(); --depth) {
    const std::size_t comma = list.rfind(',');
    if (comma == std::string_view::npos) break;
    list = list.substr(0, comma);
  }
  const std::size_t comma = list.rfind(',');
  const std::string_view last =
      trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
  return last.empty() ? request.peer : last;
}

Made make_remote_address(bool forwarded, Arguments& arguments) {
  arguments.order({"sources"}, true);
  const std::vector<std::string> sources = arguments.list("sources");
  for (const std::string& source : sources) {
    if (!http::TrustedProxies::is_network(source)) {
      arguments.reject("needs networks such as 10.0.0.0/8, not " + source);
      return make([](const http::Request&) { return false; }, "");
    }
  }
  const http::TrustedProxies networks{sources};
  const auto depth =
      static_cast<std::size_t>(forwarded ? arguments.integer("maxTrustedIndex", 1, 1, 100) : 1);
  auto test = [=](const http::Request& request) {
    if (!forwarded) return networks.trusts(request.peer);
    const std::string list = request.header_list("X-Forwarded-For").value_or("");
    return networks.trusts(forwarded_address(request, list, depth));
  };
  std::string text;
  for (const std::string& source : sources) text += (text.empty() ? "" : ", ") + source;
  return make(test, (forwarded ? "XForwardedRemoteAddrs: [" : "RemoteAddrs: [") + text + "]");
}

constexpr std::array<std::string_view, 12> kNames{
    "After",  "Before", "Between", "Cookie",     "Header", "Host",
    "Method", "Path",   "Query",   "RemoteAddr", "Weight", "XForwardedRemoteAddr"};

}  // namespace

Result<std::shared_ptr<const Predicate>> make_predicate(const std::string& name,
                                                        Arguments arguments, const Clock& clock) {
  const auto made = [&]() -> Made {
    if (name == "After" || name == "Before" || name == "Between") {
      return make_time(name, arguments, clock);
    }
    if (name == "Header") return make_header(arguments);
    if (name == "Cookie") return make_cookie(arguments);
    if (name == "Query") return make_query(arguments);
    if (name == "Host") return make_host(arguments);
    if (name == "RemoteAddr") return make_remote_address(false, arguments);
    if (name == "XForwardedRemoteAddr") return make_remote_address(true, arguments);
    return fail(ErrorKind::kInvalid, "bad-routes", "unknown predicate \"" + name + "\".");
  }();
  if (!made) return made;
  if (auto ok = arguments.finish(); !ok) {
    return fail(ErrorKind::kInvalid, "bad-routes",
                "the predicate " + name + " " + ok.error().detail + ".");
  }
  return made;
}

std::span<const std::string_view> predicate_names() { return kNames; }

}  // namespace baedal::gateway
