#pragma once

#include "kernel/error.hpp"
#include "kernel/json/value.hpp"

namespace baedal::http::hal {

/// Applies a JSON Patch (RFC 6902: add, copy, move, remove, replace, test; pointers of RFC 6901) to
/// `target`. All or nothing. A malformed patch is kInvalid, a failed `test` or a path that does not
/// exist kConflict.
[[nodiscard]] Result<json::Value> apply_json_patch(const json::Value& target,
                                                   const json::Value& patch);

/// The members of `after` that differ from `before`; a removed member is null. Turns any patch
/// format into "these members shall change".
[[nodiscard]] json::Object changed_members(const json::Object& before, const json::Object& after);

/// What a JSON Patch that made `after` of `before` asks for: the members that differ, and those it
/// sets to what they are already. So asking twice asks the same.
[[nodiscard]] json::Object asked_members(const json::Object& before, const json::Object& after,
                                         const json::Value& patch);

}  // namespace baedal::http::hal
