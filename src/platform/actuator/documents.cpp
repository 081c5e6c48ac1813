#include "platform/actuator/documents.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "kernel/json/writer.hpp"

namespace baedal::actuator {
namespace {

json::Writer compact() { return json::Writer{json::Writer::Layout::kCompact}; }

void write_component(json::Writer& out, const health::Component& component) {
  out.begin_object().name("status").string(to_string(component.status));
  if (!component.details.empty()) out.name("details").value(component.details);
  out.end_object();
}

void write_logger(json::Writer& out, const log::LoggerState& logger) {
  out.begin_object();
  if (logger.configured) out.name("configuredLevel").string(log::to_string(*logger.configured));
  out.name("effectiveLevel").string(log::to_string(logger.effective)).end_object();
}

}  // namespace

std::string report_json(const health::Report& report, bool show_details, bool with_groups) {
  json::Writer out = compact();
  out.begin_object().name("status").string(to_string(report.status));
  if (show_details) {
    out.name("components").begin_object();
    for (const health::Component& component : report.components) {
      out.name(component.name);
      write_component(out, component);
    }
    out.end_object();
    if (with_groups) {
      out.name("groups").begin_array().string("liveness").string("readiness").end_array();
    }
  }
  out.end_object();
  return out.take();
}

std::string component_json(const health::Component& component) {
  json::Writer out = compact();
  write_component(out, component);
  return out.take();
}

std::string loggers_json(std::span<const log::LoggerState> loggers) {
  using enum log::Level;
  constexpr std::array kLevels{kOff, kError, kWarn, kInfo, kDebug, kTrace};
  json::Writer out = compact();
  out.begin_object().name("levels").begin_array();
  for (const log::Level level : kLevels) out.string(log::to_string(level));
  out.end_array().name("loggers").begin_object();
  for (const log::LoggerState& logger : loggers) {
    out.name(logger.name);
    write_logger(out, logger);
  }
  out.end_object().name("groups").begin_object().end_object().end_object();
  return out.take();
}

std::string logger_json(const log::LoggerState& logger) {
  json::Writer out = compact();
  write_logger(out, logger);
  return out.take();
}

std::string info_json(std::string_view name, std::string_view version,
                      std::string_view git_commit) {
  json::Writer out = compact();
  out.begin_object().name("build").begin_object();
  out.name("artifact").string(name).name("name").string(name);
  out.name("version").string(version).end_object();
  if (!git_commit.empty()) {
    out.name("git").begin_object().name("commit").begin_object();
    out.name("id").string(git_commit).end_object().end_object();
  }
  utsname system{};
  if (::uname(&system) == 0) {
    out.name("os").begin_object().name("name").string(system.sysname);
    out.name("version").string(system.release).name("arch").string(system.machine).end_object();
  }
  out.name("process").begin_object().name("pid").integer(::getpid());
  out.name("parentPid").integer(::getppid());
  out.name("cpus").integer(std::thread::hardware_concurrency()).end_object();
  out.end_object();
  return out.take();
}

std::string links_json(std::string_view base, std::span<const Link> links) {
  json::Writer out = compact();
  out.begin_object().name("_links").begin_object();
  for (const Link& link : links) {
    std::string href{base};
    href += link.path;
    out.name(link.rel).begin_object().name("href").string(href);
    out.name("templated").boolean(link.path.find('{') != std::string_view::npos).end_object();
  }
  out.end_object().end_object();
  return out.take();
}

}  // namespace baedal::actuator
