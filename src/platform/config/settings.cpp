#include "platform/config/settings.hpp"

#include "kernel/assert.hpp"

namespace baedal::config {

const Settings::Entry& Settings::entry(std::string_view name) const {
  const auto at = entries_.find(name);
  BAEDAL_ASSERT(at != entries_.end());
  return at->second;
}

const Value& Settings::value(std::string_view name, Type type) const {
  const Entry& found = entry(name);
  BAEDAL_ASSERT(found.setting.type == type && !found.setting.secret);
  return found.value;
}

std::int64_t Settings::integer(std::string_view name) const {
  return value(name, Type::kInteger).number;
}

std::chrono::milliseconds Settings::duration(std::string_view name) const {
  return std::chrono::milliseconds{value(name, Type::kDuration).number};
}

std::size_t Settings::size(std::string_view name) const {
  return static_cast<std::size_t>(value(name, Type::kSize).number);
}

bool Settings::boolean(std::string_view name) const {
  return value(name, Type::kBoolean).number != 0;
}

const std::string& Settings::text(std::string_view name) const {
  return value(name, Type::kText).text;
}

const std::string& Settings::choice(std::string_view name) const {
  return value(name, Type::kChoice).text;
}

const std::string& Settings::document(std::string_view name) const {
  return value(name, Type::kDocument).text;
}

const std::vector<std::string>& Settings::list(std::string_view name) const {
  return value(name, Type::kList).items;
}

Secret<std::string> Settings::secret(std::string_view name) const {
  const Entry& found = entry(name);
  BAEDAL_ASSERT(found.setting.secret);
  return Secret{found.value.text};
}

const Origin& Settings::origin(std::string_view name) const { return entry(name).origin; }

}  // namespace baedal::config
