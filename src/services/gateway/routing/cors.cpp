#include "services/gateway/routing/cors.hpp"

#include <algorithm>
#include <cctype>

#include "kernel/text.hpp"
#include "platform/http/problem.hpp"
#include "services/gateway/routing/arguments.hpp"

namespace baedal::gateway {
namespace {

constexpr std::string_view kVaryOfPreflights =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_any(std::string_view word) { return word == "*"; }

std::string join(const std::vector<std::string>& words, std::string_view separator) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += separator;
    out += word;
  }
  return out;
}

/// "http://shop:80" → "http://shop": browsers leave out the port everyone knows.
std::string_view without_known_port(std::string_view origin) {
  for (const auto& [scheme, port] :
       {std::pair<std::string_view, std::string_view>{"http://", ":80"}, {"https://", ":443"}}) {
    if (iequals(origin.substr(0, scheme.size()), scheme) && origin.ends_with(port)) {
      return origin.substr(0, origin.size() - port.size());
    }
  }
  return origin;
}

bool is_named(const CorsRule& rule, std::string_view origin) {
  const auto same = [&](const std::string& named) { return iequals(named, origin); };
  if (std::ranges::any_of(rule.origins, same)) return true;
  // Longer than any scheme, host name and port together; expressions take their time.
  constexpr std::size_t kOriginBytesMax = 300;
  if (rule.origin_patterns.empty() || origin.size() > kOriginBytesMax) return false;
  const std::string text = lower(origin);
  return std::ranges::any_of(rule.origin_patterns,
                             [&](const Regex& pattern) { return pattern.matches(text); });
}

bool allows_method(const CorsRule& rule, std::string_view method) {
  return std::ranges::any_of(rule.methods, [&](const std::string& allowed) {
    return is_any(allowed) || allowed == method;
  });
}

bool allows_header(const CorsRule& rule, std::string_view name) {
  return std::ranges::any_of(rule.headers, [&](const std::string& allowed) {
    return is_any(allowed) || iequals(allowed, name);
  });
}

CorsVerdict refuse(std::string_view why, std::string_view vary, const http::Request& request) {
  http::Response answer = http::problem(403, "cross-origin-refused", why, request);
  answer.with("Vary", std::string{vary});
  return {.answer = std::move(answer)};
}

/// What is said of the origin itself, whatever it asks for.
std::vector<http::Header> origin_headers(const CorsRule& rule, std::string_view origin,
                                         bool named) {
  std::vector<http::Header> headers;
  headers.push_back({"Access-Control-Allow-Origin", named ? std::string{origin} : "*"});
  if (named && rule.credentials) headers.push_back({"Access-Control-Allow-Credentials", "true"});
  return headers;
}

CorsVerdict answer_preflight(const CorsRule& rule, const http::Request& request,
                             std::string_view method, std::vector<http::Header> headers) {
  if (!allows_method(rule, method)) {
    return refuse("This origin may not use that method here.", kVaryOfPreflights, request);
  }
  std::vector<std::string> wanted =
      split_list(request.header_list("Access-Control-Request-Headers").value_or(""));
  std::erase(wanted, "");
  if (!std::ranges::all_of(wanted, [&](const auto& name) { return allows_header(rule, name); })) {
    return refuse("This origin may not send those headers here.", kVaryOfPreflights, request);
  }
  http::Response answer{.status = 200};
  answer.headers = std::move(headers);
  const bool any = std::ranges::any_of(rule.methods, is_any);
  answer.with("Access-Control-Allow-Methods", any ? std::string{method} : join(rule.methods, ","));
  if (!wanted.empty()) answer.with("Access-Control-Allow-Headers", join(wanted, ", "));
  if (rule.max_age) answer.with("Access-Control-Max-Age", std::to_string(*rule.max_age));
  answer.with("Vary", std::string{kVaryOfPreflights});
  return {.answer = std::move(answer)};
}

/// Whether caches are told already that the answer is another one for another origin.
bool varies_by_origin(const http::Response& response) {
  return std::ranges::any_of(response.headers, [](const http::Header& header) {
    if (!iequals(header.name, "Vary")) return false;
    const auto names = split_list(header.value);
    return std::ranges::any_of(
        names, [](const auto& name) { return is_any(name) || iequals(name, "Origin"); });
  });
}

}  // namespace

Result<Regex> compile_origin_pattern(std::string_view pattern) {
  std::string_view ports;
  if (const auto bracket = pattern.rfind(":["); bracket != pattern.npos && pattern.ends_with(']')) {
    ports = pattern.substr(bracket + 2, pattern.size() - bracket - 3);
    pattern = pattern.substr(0, bracket);
    if (ports.empty() || (!is_any(ports) && ports.find_first_not_of("0123456789,") != ports.npos)) {
      return fail(ErrorKind::kInvalid, "bad-routes", "ports are [*] or [8080,8443].");
    }
  }
  std::string expression;
  for (const char c : lower(pattern)) {
    if (c == '*') {
      expression += ".*";
      continue;
    }
    if (std::string_view{".[]{}()\\+?|^$"}.find(c) != std::string_view::npos) expression += '\\';
    expression += c;
  }
  if (is_any(ports)) {
    expression += "(:[0-9]+)?";
  } else if (!ports.empty()) {
    std::string either{ports};
    std::ranges::replace(either, ',', '|');
    expression += ":(" + either + ")";
  }
  return Regex::compile(expression);
}

void CorsVerdict::apply(http::Response& response) const {
  constexpr std::string_view kOurs = "Access-Control-";
  std::erase_if(response.headers, [&](const http::Header& header) {
    return iequals(std::string_view{header.name}.substr(0, kOurs.size()), kOurs);
  });
  response.headers.insert(response.headers.end(), headers.begin(), headers.end());
  if (!varies_by_origin(response)) response.with("Vary", "Origin");
}

std::optional<CorsVerdict> Cors::judge(const http::Request& request) const {
  const auto origin = request.header("Origin");
  if (!origin || iequals(*origin, without_known_port(request.link_base))) return std::nullopt;
  const auto rule = std::ranges::find_if(
      rules_, [&](const CorsRule& each) { return each.paths.matches(request.path); });
  if (rule == rules_.end()) return std::nullopt;

  std::string_view method =
      request.method == http::Method::kOther ? request.method_text : to_string(request.method);
  const auto asked_method = request.header("Access-Control-Request-Method");
  const bool preflight = request.method == http::Method::kOptions && asked_method;
  const std::string_view vary = preflight ? kVaryOfPreflights : "Origin";
  const bool named = is_named(*rule, *origin);
  if (!named && !rule->everyone) return refuse("This origin may not come here.", vary, request);
  auto headers = origin_headers(*rule, *origin, named);
  if (preflight) return answer_preflight(*rule, request, *asked_method, std::move(headers));
  if (!allows_method(*rule, method)) {
    return refuse("This origin may not use this method here.", vary, request);
  }
  if (!rule->exposed_headers.empty()) {
    headers.push_back({"Access-Control-Expose-Headers", rule->exposed_headers});
  }
  return CorsVerdict{.headers = std::move(headers)};
}

}  // namespace baedal::gateway
