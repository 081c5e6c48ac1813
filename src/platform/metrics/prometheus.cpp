#include "platform/metrics/prometheus.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "kernel/text.hpp"

namespace baedal::metrics {
namespace {

constexpr std::string_view kTotal = "_total";

void append_escaped(std::string& out, std::string_view text, bool quote) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quote) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

void append_number(std::string& out, double value) {
  constexpr double kIntegersExact = 1e15;
  if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else if (std::trunc(value) == value && std::abs(value) < kIntegersExact) {
    append_int(out, static_cast<std::int64_t>(value));
  } else {
    std::array<char, 32> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out.append(digits.data(), end);
  }
}

/// OpenMetrics wants bounds as canonical floats: "1.0", not "1".
std::string bound_text(double bound, TextFormat format) {
  std::string text;
  append_number(text, bound);
  if (format == TextFormat::kOpenMetrics && text.find_first_of(".eI") == std::string::npos) {
    text += ".0";
  }
  return text;
}

/// Writes families one after the other, leaving out what was not asked for.
class Exposition {
 public:
  Exposition(TextFormat format, std::span<const std::string> included)
      : format_(format), included_(included) {}

  void family(const Family& family) {
    const std::string name = prometheus_name(family);
    switch (family.kind) {
      case Kind::kCounter:
        return counter(family, name);
      case Kind::kGauge:
        return gauge(family, name);
      case Kind::kTimer:
        return timer(family, name);
      case Kind::kActiveTasks:
        return active_tasks(family, name);
    }
  }

  std::string take() {
    if (format_ == TextFormat::kOpenMetrics) out_ += "# EOF\n";
    return std::move(out_);
  }

 private:
  void counter(const Family& family, const std::string& name) {
    const bool open_metrics = format_ == TextFormat::kOpenMetrics;
    begin(family, open_metrics ? name.substr(0, name.size() - kTotal.size()) : name, "counter");
    for (const Sample& sample : family.samples) line(name, sample.tags, sample.value);
  }

  void gauge(const Family& family, const std::string& name) {
    begin(family, name, "gauge");
    for (const Sample& sample : family.samples) line(name, sample.tags, sample.value);
  }

  void timer(const Family& family, const std::string& name) {
    const bool histogram = std::ranges::any_of(
        family.samples, [](const Sample& sample) { return !sample.buckets.empty(); });
    begin(family, name, histogram ? "histogram" : "summary");
    for (const Sample& sample : family.samples) {
      if (histogram) buckets(name, sample);
      line(name + "_count", sample.tags, static_cast<double>(sample.count));
      line(name + "_sum", sample.tags, sample.total_seconds);
    }
    begin(family, name + "_max", "gauge");
    for (const Sample& sample : family.samples)
      line(name + "_max", sample.tags, sample.max_seconds);
  }

  void active_tasks(const Family& family, const std::string& name) {
    begin(family, name, "summary");
    for (const Sample& sample : family.samples) {
      line(name + "_count", sample.tags, sample.value);
      line(name + "_sum", sample.tags, sample.total_seconds);
    }
  }

  void buckets(const std::string& name, const Sample& sample) {
    for (const auto& [bound, count] : sample.buckets) {
      line(name + "_bucket", sample.tags, static_cast<double>(count), bound_text(bound, format_));
    }
    line(name + "_bucket", sample.tags, static_cast<double>(sample.count), "+Inf");
  }

  /// HELP and TYPE, written only once a sample follows.
  void begin(const Family& family, const std::string& name, std::string_view type) {
    family_ = name;
    head_ = "# HELP " + name + " ";
    append_escaped(head_, family.description, format_ == TextFormat::kOpenMetrics);
    head_ += "\n# TYPE " + name + " ";
    head_ += type;
    head_ += '\n';
  }

  void line(const std::string& name, const Tags& tags, double value, const std::string& le = {}) {
    if (!wanted(name)) return;
    out_ += std::exchange(head_, {});
    out_ += name;
    char separator = '{';
    const auto label = [&](std::string_view key, std::string_view text) {
      out_ += separator;
      append_label_name(key);
      out_ += "=\"";
      append_escaped(out_, text, true);
      out_ += '"';
      separator = ',';
    };
    for (const auto& [key, text] : tags) label(key, text);
    if (!le.empty()) label("le", le);
    if (separator == ',') out_ += '}';
    out_ += ' ';
    append_number(out_, value);
    out_ += '\n';
  }

  void append_label_name(std::string_view key) {
    for (const char c : key) out_ += c == '.' || c == '-' ? '_' : c;
  }

  [[nodiscard]] bool wanted(const std::string& name) const {
    return included_.empty() || std::ranges::any_of(included_, [&](const std::string& asked) {
             return asked == name || asked == family_;
           });
  }

  TextFormat format_;
  std::span<const std::string> included_;
  std::string family_;
  std::string head_;
  std::string out_;
};

}  // namespace

std::string_view content_type(TextFormat format) {
  return format == TextFormat::kOpenMetrics
             ? "application/openmetrics-text;version=1.0.0;charset=utf-8"
             : "text/plain;version=0.0.4;charset=utf-8";
}

std::string prometheus_name(const Family& family) {
  std::string name = family.name;
  std::ranges::replace_if(
      name, [](char c) { return c == '.' || c == '-'; }, '_');
  if (!family.unit.empty() && !name.ends_with("_" + family.unit)) name += "_" + family.unit;
  if (family.kind == Kind::kCounter && !name.ends_with(kTotal)) name += kTotal;
  return name;
}

std::string prometheus_text(std::span<const Family> families, TextFormat format,
                            std::span<const std::string> included) {
  Exposition exposition{format, included};
  for (const Family& family : families) exposition.family(family);
  return exposition.take();
}

}  // namespace baedal::metrics
