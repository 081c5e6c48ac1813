#include "main/edge.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <string_view>

#include "platform/auth/principal.hpp"
#include "platform/log/log.hpp"

namespace baedal {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// How soon a stop is noticed.
constexpr std::chrono::milliseconds kStep{200};

/// Nobody in a process that is open.
std::string_view caller_of(const http::Request& request) {
  return request.principal ? std::string_view{request.principal->subject} : std::string_view{};
}

Headers security_headers(const config::Settings& settings, bool with_transport) {
  Headers headers;
  const auto add = [&](const char* name, const char* setting) {
    const std::string& value = settings.text(setting);
    if (!value.empty()) headers.emplace_back(name, value);
  };
  add("X-Content-Type-Options", "security-headers.content-type-options");
  add("Referrer-Policy", "security-headers.referrer-policy");
  add("Content-Security-Policy", "security-headers.content-security-policy");
  add("Permissions-Policy", "security-headers.permissions-policy");
  if (with_transport) {
    add("Strict-Transport-Security", "security-headers.strict-transport-security");
  }
  return headers;
}

}  // namespace

Result<std::unique_ptr<Edge>> Edge::open(const config::Settings& settings, const Clock& clock,
                                         metrics::Registry& registry) {
  std::unique_ptr<Edge> edge(new Edge(settings, clock));
  if (auto opened = edge->open_tls(registry); !opened) return pass_on(opened);
  if (auto opened = edge->open_audit(registry); !opened) return pass_on(opened);
  return edge;
}

Result<void> Edge::open_tls(metrics::Registry& registry) {
  http::TlsOptions options;
  options.certificate_file = settings_.text("tls.certificate-file");
  options.key_file = settings_.text("tls.key-file");
  options.only_1_3 = settings_.choice("tls.minimum-version") == "1.3";
  options.server_names = settings_.list("tls.server-names");
  if (options.certificate_file.empty() && options.key_file.empty()) return {};
  if (options.certificate_file.empty() || options.key_file.empty()) {
    return fail(ErrorKind::kInvalid, "bad-configuration",
                "tls.certificate-file and tls.key-file belong together: one of them is missing.");
  }
  auto loaded = http::TlsContext::load(std::move(options));
  if (!loaded) return pass_on(loaded);
  tls_ = std::move(*loaded);
  meters_.push_back(registry.gauge(
      {"baedal.tls.certificate.left", "seconds", "How long the certificate is still valid"},
      [this] {
        return static_cast<double>(tls_->expires_at()) -
               static_cast<double>(clock_.now().micros) / 1e6;
      }));
  return {};
}

Result<void> Edge::open_audit(metrics::Registry& registry) {
  const std::string& path = settings_.text("audit.file");
  if (path.empty()) return {};
  auto file = audit::AppendOnlyFile::open(path);
  if (!file) return pass_on(file);
  audit_.emplace(std::move(*file), clock_, caller_of);
  meters_.push_back(registry.counter({"baedal.audit.lines", "", "Lines of the audit log"},
                                     [this] { return static_cast<double>(audit_->written()); }));
  meters_.push_back(registry.counter(
      {"baedal.audit.lost", "", "Lines of the audit log that could not be written"},
      [this] { return static_cast<double>(audit_->lost()); }));
  return {};
}

void Edge::dress(http::Server& server) const {
  const std::string_view when = settings_.choice("security-headers.when");
  if (when == "never") return;
  const bool always = when == "always";
  server.add_headers(always ? security_headers(settings_, true) : Headers{},
                     security_headers(settings_, true));
}

Result<void> Edge::listen(http::Server& server) const {
  if (!tls_) return {};
  return server.listen_tls(settings_.text("tls.address"),
                           static_cast<std::uint16_t>(settings_.integer("tls.port")), tls_);
}

void Edge::start() {
  if (!tls_) return;
  watching_ = true;
  spawn(watch_files());
}

Task<void> Edge::stop() {
  stopping_ = true;
  if (watching_) co_await ended_.wait();
}

/// New files that cannot be used are told about once, not at each look.
Task<void> Edge::watch_files() {
  const auto interval = settings_.duration("tls.reload-interval");
  const auto step = std::min<std::chrono::milliseconds>(interval, kStep);
  std::string last_complaint;
  for (auto waited = step; !stopping_; waited += step) {
    co_await sleep_for(step);
    if (waited < interval) continue;
    waited = {};
    const auto reloaded = tls_->reload_if_changed();
    const std::string complaint = reloaded ? std::string{} : reloaded.error().detail;
    if (reloaded && *reloaded) log::info("tls", "new certificate in use");
    if (!complaint.empty() && complaint != last_complaint) {
      log::warn("tls", "the new certificate cannot be used", {{"reason", complaint}});
    }
    last_complaint = complaint;
  }
  ended_.set();
}

void guard_memory(const config::Settings& settings) {
  if (settings.boolean("process.core-dumps")) return;
  // The limit alone does not keep a core away from a program that the system hands it to.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace baedal
