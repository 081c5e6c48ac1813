#include "platform/http/hal/patch.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "kernel/text.hpp"

namespace baedal::http::hal {
namespace {

using json::Array;
using json::Object;
using json::Value;
using Pointer = std::vector<std::string>;

constexpr std::size_t kOperationsMax = 100;
/// Of what "copy" makes in one patch: copies of copies double with each operation.
constexpr std::size_t kCopiedBytesMax = 1024 * 1024;
constexpr std::size_t kValueBytes = 32;  ///< about what a value takes beside its text

std::unexpected<Error> malformed(std::string detail) {
  return fail(ErrorKind::kInvalid, "malformed-patch", std::move(detail));
}

std::unexpected<Error> no_such_path() {
  return fail(ErrorKind::kConflict, "patch-path-missing", "A path of the patch does not exist.");
}

/// RFC 6901: "" is the whole document; "~1" is '/', "~0" is '~'.
std::optional<Pointer> parse_pointer(std::string_view text) {
  Pointer pointer;
  if (text.empty()) return pointer;
  if (text.front() != '/') return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/') {
      pointer.emplace_back();
    } else if (text[i] == '~') {
      if (++i == text.size() || (text[i] != '0' && text[i] != '1')) return std::nullopt;
      pointer.back() += text[i] == '0' ? '~' : '/';
    } else {
      pointer.back() += text[i];
    }
  }
  return pointer;
}

/// An array index without leading zeros; `end` is what "-" means.
std::optional<std::size_t> array_index(const std::string& token, std::size_t end) {
  if (token == "-") return end;
  if (token.size() > 1 && token.front() == '0') return std::nullopt;
  const auto index = parse_int64(token);
  if (!index || *index < 0) return std::nullopt;
  return static_cast<std::size_t>(*index);
}

/// Equal as RFC 6902 section 4.6 has it: 1 and 1.0 are one number.
bool same(const Value& a, const Value& b) {
  if (const auto* x = a.get<Array>(), *y = b.get<Array>(); x != nullptr && y != nullptr) {
    return std::ranges::equal(*x, *y, same);
  }
  if (const auto* x = a.get<Object>(), *y = b.get<Object>(); x != nullptr && y != nullptr) {
    return x->size() == y->size() && std::ranges::all_of(*x, [&](const Object::Member& member) {
             const Value* other = y->find(member.first);
             return other != nullptr && same(member.second, *other);
           });
  }
  const auto *integer = a.get<std::int64_t>(), *other_integer = b.get<std::int64_t>();
  const auto *real = a.get<double>(), *other_real = b.get<double>();
  if (integer != nullptr && other_real != nullptr)
    return static_cast<double>(*integer) == *other_real;
  if (real != nullptr && other_integer != nullptr)
    return *real == static_cast<double>(*other_integer);
  return a == b;
}

Value* step(Value& at, const std::string& token) {
  if (Object* object = at.get<Object>()) return object->find(token);
  if (Array* array = at.get<Array>()) {
    const auto index = array_index(token, array->size());
    return index && *index < array->size() ? &(*array)[*index] : nullptr;
  }
  return nullptr;
}

Value* resolve(Value& root, const Pointer& pointer, std::size_t tokens) {
  Value* at = &root;
  for (std::size_t i = 0; i < tokens && at != nullptr; ++i) at = step(*at, pointer[i]);
  return at;
}

Result<void> add(Value& root, const Pointer& path, Value value) {
  if (path.empty()) {
    root = std::move(value);
    return {};
  }
  Value* parent = resolve(root, path, path.size() - 1);
  if (parent == nullptr) return no_such_path();
  if (Object* object = parent->get<Object>()) {
    object->set(path.back(), std::move(value));
    return {};
  }
  Array* array = parent->get<Array>();
  const auto index = array == nullptr ? std::nullopt : array_index(path.back(), array->size());
  if (!index || *index > array->size()) return no_such_path();
  array->insert(array->begin() + static_cast<std::ptrdiff_t>(*index), std::move(value));
  return {};
}

Result<Value> remove(Value& root, const Pointer& path) {
  Value* found = resolve(root, path, path.size());
  if (found == nullptr || path.empty()) return no_such_path();
  Value removed = *found;
  Value* parent = resolve(root, path, path.size() - 1);
  if (Object* object = parent->get<Object>()) {
    object->erase(path.back());
  } else {
    Array* array = parent->get<Array>();
    array->erase(array->begin() + static_cast<std::ptrdiff_t>(*array_index(path.back(), 0)));
  }
  return removed;
}

/// About what `value` takes; once beyond `max` it no longer looks.
std::size_t size_of(const Value& value, std::size_t max) {
  std::size_t size = kValueBytes;
  if (const auto* text = value.get<std::string>()) size += text->size();
  if (const auto* array = value.get<Array>()) {
    for (auto at = array->begin(); at != array->end() && size <= max; ++at) {
      size += size_of(*at, max - size);
    }
  }
  if (const auto* object = value.get<Object>()) {
    for (auto at = object->begin(); at != object->end() && size <= max; ++at) {
      size += at->first.size();
      if (size <= max) size += size_of(at->second, max - size);
    }
  }
  return size;
}

struct Operation {
  std::string name;
  Pointer path;
  Pointer from;
  Value value;
};

std::optional<Pointer> pointer_member(const Object& object, std::string_view name) {
  const Value* member = object.find(name);
  const auto* text = member == nullptr ? nullptr : member->get<std::string>();
  return text == nullptr ? std::nullopt : parse_pointer(*text);
}

Result<Operation> read_operation(const Value& entry) {
  const Object* object = entry.get<Object>();
  if (object == nullptr) return malformed("Each operation of a JSON Patch must be an object.");
  const Value* op = object->find("op");
  const auto* name = op == nullptr ? nullptr : op->get<std::string>();
  auto path = pointer_member(*object, "path");
  if (name == nullptr || !path)
    return malformed("Each operation needs a valid \"op\" and \"path\".");
  Operation operation{*name, std::move(*path), {}, {}};
  if (*name == "move" || *name == "copy") {
    auto from = pointer_member(*object, "from");
    if (!from) return malformed("\"" + *name + "\" needs a valid \"from\".");
    operation.from = std::move(*from);
  } else if (*name == "add" || *name == "replace" || *name == "test") {
    const Value* value = object->find("value");
    if (value == nullptr) return malformed("\"" + *name + "\" needs a \"value\".");
    operation.value = *value;
  } else if (*name != "remove") {
    return malformed("An operation of the patch has an unknown \"op\".");
  }
  return operation;
}

/// `copyable`: how much "copy" may still make.
Result<void> apply(Value& root, const Operation& operation, std::size_t& copyable) {
  if (operation.name == "add") return add(root, operation.path, operation.value);
  if (operation.name == "move" || operation.name == "copy") {
    const Value* from = resolve(root, operation.from, operation.from.size());
    if (from == nullptr) return no_such_path();
    if (operation.name == "copy") {
      const std::size_t size = size_of(*from, copyable);
      if (size > copyable) return malformed("The JSON Patch copies too much.");
      copyable -= size;
    }
    Value value = *from;
    if (operation.name == "move") {
      if (auto removed = remove(root, operation.from); !removed) return pass_on(removed);
    }
    return add(root, operation.path, std::move(value));
  }
  Value* at = resolve(root, operation.path, operation.path.size());
  if (at == nullptr) return no_such_path();
  if (operation.name == "replace") {
    *at = operation.value;
  } else if (operation.name == "remove") {
    if (auto removed = remove(root, operation.path); !removed) return pass_on(removed);
  } else if (!same(*at, operation.value)) {
    return fail(ErrorKind::kConflict, "patch-test-failed", "A \"test\" of the patch failed.");
  }
  return {};
}

}  // namespace

Result<Value> apply_json_patch(const Value& target, const Value& patch) {
  const Array* operations = patch.get<Array>();
  if (operations == nullptr) return malformed("A JSON Patch must be an array of operations.");
  if (operations->size() > kOperationsMax)
    return malformed("The JSON Patch has too many operations.");
  Value root = target;
  std::size_t copyable = kCopiedBytesMax;
  for (const Value& entry : *operations) {
    auto operation = read_operation(entry);
    if (!operation) return pass_on(operation);
    if (auto applied = apply(root, *operation, copyable); !applied) return pass_on(applied);
  }
  return root;
}

Object changed_members(const Object& before, const Object& after) {
  Object changes;
  for (const auto& [name, value] : after) {
    const Value* old = before.find(name);
    if (old == nullptr || *old != value) changes.set(name, value);
  }
  for (const auto& [name, value] : before) {
    if (after.find(name) == nullptr && !value.is_null()) changes.set(name, nullptr);
  }
  return changes;
}

Object asked_members(const Object& before, const Object& after, const Value& patch) {
  Object asked = changed_members(before, after);
  const Array* operations = patch.get<Array>();
  if (operations == nullptr) return asked;
  for (const Value& entry : *operations) {
    const auto operation = read_operation(entry);
    if (!operation || (operation->name != "add" && operation->name != "replace")) continue;
    if (operation->path.size() != 1) continue;
    const std::string& name = operation->path.front();
    const Value* value = after.find(name);
    if (value != nullptr && asked.find(name) == nullptr) asked.set(name, *value);
  }
  return asked;
}

}  // namespace baedal::http::hal
