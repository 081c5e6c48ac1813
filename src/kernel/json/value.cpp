#include "kernel/json/value.hpp"

#include <algorithm>

namespace baedal::json {

const Value* Object::find(std::string_view name) const {
  const auto at = std::ranges::find(members_, name, &Member::first);
  return at == members_.end() ? nullptr : &at->second;
}

Value* Object::find(std::string_view name) {
  return const_cast<Value*>(std::as_const(*this).find(name));
}

void Object::set(std::string_view name, Value value) {
  if (Value* present = find(name)) {
    *present = std::move(value);
  } else {
    members_.emplace_back(std::string{name}, std::move(value));
  }
}

void Object::append(std::string name, Value value) {
  members_.emplace_back(std::move(name), std::move(value));
}

bool Object::erase(std::string_view name) {
  return std::erase_if(members_, [&](const Member& member) { return member.first == name; }) > 0;
}

bool operator==(const Object& a, const Object& b) {
  return a.size() == b.size() && std::ranges::all_of(a, [&](const Object::Member& member) {
           const Value* other = b.find(member.first);
           return other != nullptr && *other == member.second;
         });
}

}  // namespace baedal::json
