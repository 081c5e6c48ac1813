#include <yaml-cpp/yaml.h>

#include <fstream>
#include <iterator>
#include <map>

#include "platform/config/given.hpp"

namespace baedal::config {
namespace {

constexpr int kDepthMax = 16;

/// Walks the document and keeps what it finds, key by key.
class Walk {
 public:
  Walk(const Registry& registry, const std::string& file) : registry_(registry), file_(file) {}

  void map(const YAML::Node& node, const std::string& prefix, int depth) {
    if (depth > kDepthMax) return complain(prefix, node, "is nested too deeply");
    for (const auto& member : node) {
      if (!member.first.IsScalar()) {
        complain(prefix.empty() ? file_ : prefix, member.first, "has a key that is no text");
        continue;
      }
      const std::string& key = member.first.Scalar();
      value(prefix.empty() ? key : prefix + "." + key, member.first, member.second, depth);
    }
  }

  Reading take() { return std::move(reading_); }

 private:
  void value(const std::string& name, const YAML::Node& key, const YAML::Node& node, int depth) {
    const Setting* setting = registry_.find(name);
    const bool known = setting != nullptr || registry_.find_secret_of_file(name) != nullptr;
    if (setting != nullptr && setting->type == Type::kDocument) {
      return keep(name, key, node.IsScalar() ? node.Scalar() : YAML::Dump(node));
    }
    if (!known && node.IsMap()) return map(node, name, depth + 1);
    if (!known && node.IsNull() && is_section(name)) return;
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        return keep(name, key, node.Scalar());
      case YAML::NodeType::Sequence:
        return sequence(name, key, node);
      case YAML::NodeType::Map:
        return complain(name, key, "is a value, not a section");
      case YAML::NodeType::Null:
      case YAML::NodeType::Undefined:
        break;
    }
    if (known) return complain(name, key, "has no value");
    keep(name, key, "");
  }

  void sequence(const std::string& name, const YAML::Node& key, const YAML::Node& node) {
    const Setting* setting = registry_.find(name);
    if (setting != nullptr && setting->type != Type::kList) {
      return complain(name, key, "takes one value, not a list");
    }
    std::string joined;
    for (const YAML::Node& item : node) {
      if (!item.IsScalar() || item.Scalar().find(',') != std::string::npos) {
        return complain(name, key, "has an item that is no plain text without commas");
      }
      if (!joined.empty()) joined += ',';
      joined += item.Scalar();
    }
    keep(name, key, std::move(joined));
  }

  void keep(const std::string& name, const YAML::Node& key, std::string text) {
    const std::string where = place(key);
    const auto [first, fresh] = seen_.emplace(name, where);
    if (!fresh) return complain(name, key, "is given twice, first at " + first->second);
    reading_.given.push_back({name, std::move(text), {Source::kFile, where}});
  }

  void complain(const std::string& name, const YAML::Node& node, std::string message) {
    reading_.problems.push_back({name, place(node), std::move(message)});
  }

  [[nodiscard]] bool is_section(const std::string& name) const {
    const auto after = registry_.settings().lower_bound(name + ".");
    return after != registry_.settings().end() && after->first.starts_with(name + ".");
  }

  [[nodiscard]] std::string place(const YAML::Node& node) const {
    return file_ + ":" + std::to_string(node.Mark().line + 1);
  }

  const Registry& registry_;
  const std::string& file_;
  Reading reading_;
  std::map<std::string, std::string> seen_;
};

}  // namespace

Reading read_yaml(const Registry& registry, const std::string& text, const std::string& name) {
  Walk walk{registry, name};
  try {
    const YAML::Node root = YAML::Load(text);
    if (root.IsMap()) {
      walk.map(root, "", 0);
    } else if (!root.IsNull()) {
      return {{}, {{name, name + ":1", "is not a mapping of settings"}}};
    }
  } catch (const YAML::Exception& error) {
    return {{},
            {{name, name + ":" + std::to_string(error.mark.line + 1), "is no YAML: " + error.msg}}};
  }
  return walk.take();
}

std::expected<std::string, std::string> read_file(const std::string& path, std::size_t bytes_max) {
  std::ifstream in{path, std::ios::binary};
  if (!in) return std::unexpected("cannot be opened");
  std::string content;
  content.resize(bytes_max + 1);
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (in.bad()) return std::unexpected("cannot be read");
  content.resize(static_cast<std::size_t>(in.gcount()));
  if (content.size() > bytes_max) {
    return std::unexpected("is larger than " + std::to_string(bytes_max) + " bytes");
  }
  return content;
}

}  // namespace baedal::config
