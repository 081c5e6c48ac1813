#include "platform/auth/principal.hpp"

#include <algorithm>

namespace baedal::auth {

void Roles::add(std::string_view word) {
  if (word.empty() || word.size() > kWordBytesMax || words_.size() >= kCountMax) return;
  const auto at = std::ranges::lower_bound(words_, word);
  if (at == words_.end() || *at != word) words_.emplace(at, word);
}

void Roles::remove(std::string_view word) { std::erase(words_, word); }

bool Roles::has(std::string_view word) const {
  return std::ranges::find(words_, word) != words_.end();
}

bool Roles::meets(const Roles& others) const {
  return std::ranges::any_of(words_, [&](const std::string& word) { return others.has(word); });
}

}  // namespace baedal::auth
